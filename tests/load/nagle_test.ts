import { assert, assertStrictEquals } from "@std/assert";
import { Histogram } from "../../load/histogram.ts";
import { delayedAckShare } from "../../load/nagle.ts";

/** A histogram of `count` values at each of some latencies, in milliseconds. */
function histogramOf(...latencies: (readonly [ms: number, count: number])[]): Histogram {
  const values = new Histogram();
  for (const [ms, count] of latencies) {
    for (let i = 0; i < count; i++) values.record(ms * 1000 + i);
  }
  return values;
}

Deno.test("delayedAckShare() is the share of a cluster about 40 ms (K10)", () => {
  assertStrictEquals(delayedAckShare(histogramOf([1, 300], [44, 100])), 0.25);
  assertStrictEquals(delayedAckShare(histogramOf([41, 200])), 1);
  assertStrictEquals(delayedAckShare(histogramOf([0.3, 900], [48, 100], [88, 20])) > 0.09, true);
});

Deno.test("delayedAckShare() is 0 for queues, slow servers, quick ones and few values", () => {
  const queue: [number, number][] = Array.from({ length: 60 }, (_, ms) => [ms + 1, 20]);
  assertStrictEquals(delayedAckShare(histogramOf(...queue)), 0);
  assertStrictEquals(delayedAckShare(histogramOf([0.2, 1_000], [3, 20])), 0);
  assertStrictEquals(delayedAckShare(histogramOf([0.2, 1_000], [44, 3])), 0);
  assertStrictEquals(delayedAckShare(histogramOf([100, 500])), 0);
  assertStrictEquals(delayedAckShare(histogramOf([44, 20])), 0);
  assertStrictEquals(delayedAckShare(new Histogram()), 0);
  assert(delayedAckShare(histogramOf([20, 100], [30, 100], [44, 300])) === 0);
});
