import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { Histogram } from "../../load/histogram.ts";
import { barsOf, latencyReport } from "../../load/load_report.ts";

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

const micros = fc.integer({ min: 0, max: 2 ** 31 - 1 });

Deno.test("Histogram.quantile() is the exact one to four per cent", () => {
  fc.assert(fc.property(
    fc.array(micros, { minLength: 1, maxLength: 200 }),
    fc.constantFrom(0.01, 0.5, 0.9, 0.99, 1),
    (values, q) => {
      const sorted = values.toSorted((a, b) => a - b);
      const exact = sorted[Math.max(1, Math.ceil(q * values.length)) - 1] ?? 0;
      const found = histogramOf(values).quantile(q);
      assert(found >= exact && found <= exact * 1.04, `${found} for ${exact}`);
    },
  ));
});

Deno.test("Histogram keeps count, mean, smallest and largest exactly", () => {
  const histogram = histogramOf([5, 1_000_003, 250]);
  assertEquals(
    [histogram.count, histogram.min, histogram.max, histogram.mean],
    [3, 5, 1_000_003, 1_000_258 / 3],
  );
  assertEquals(latencyReport(histogramOf([1500, 2500])), {
    count: 2,
    min: 1.5,
    mean: 2,
    p50: 1.503,
    p90: 2.5,
    p99: 2.5,
    max: 2.5,
  });
});

Deno.test("Histogram is all zeros without a value, and takes values beyond its ends", () => {
  const empty = new Histogram();
  assertEquals([empty.count, empty.min, empty.max, empty.mean, empty.quantile(0.5)], [
    0,
    0,
    0,
    0,
    0,
  ]);
  assertEquals(barsOf(empty), []);
  const wild = histogramOf([-3, 1e12]);
  assertEquals([wild.min, wild.max], [0, 2 ** 31 - 1]);
});

Deno.test("barsOf() has every value in one of at most 16 bars that follow one another", () => {
  fc.assert(fc.property(fc.array(micros, { minLength: 1, maxLength: 100 }), (values) => {
    const bars = barsOf(histogramOf(values));
    assert(bars.length >= 1 && bars.length <= 16);
    assertStrictEquals(bars.reduce((sum, { count }) => sum + count, 0), values.length);
    bars.slice(1).forEach((bar, at) => {
      assertStrictEquals(bar.from, bars[at]?.to);
      assert(bar.to > bar.from);
    });
  }));
});

Deno.test("H1: barsOf() loses no value where bars end at fractions of a microsecond", () => {
  // All edges of 1.2, 1.5, 2.2 ... up to 8.2 are used if the values are below 10.
  for (let low = 0; low < 12; low++) {
    for (let high = low; high < 40; high++) {
      const values = Array.from({ length: high - low + 1 }, (_, at) => low + at);
      const counted = barsOf(histogramOf(values)).reduce((sum, { count }) => sum + count, 0);
      assertStrictEquals(counted, values.length, `${low} to ${high}`);
    }
  }
});

Deno.test("Histogram.between() takes fractions, which lie between two values", () => {
  const histogram = histogramOf([1, 2, 3, 40]);
  const counts = [[0, 1.5], [1.5, 2.7], [2, 2.5], [2.5, 40.5], [40.5, 100]] as const;
  assertEquals(counts.map(([from, to]) => histogram.between(from, to)), [1, 1, 1, 2, 0]);
});
