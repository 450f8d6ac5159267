import { assert, assertStrictEquals } from "@std/assert";
import fc from "../../fast_check.ts";
import { RateLimit } from "../../../server/net/rate_limit.ts";

const SETTINGS = { burst: 10, perSecond: 5 };

/** Spends 1 at a time until the limit says to wait; returns how often. */
function spendAll(limit: RateLimit, now: number): number {
  let count = 0;
  while (limit.waitMs(now, SETTINGS) === 0) {
    limit.spend(1, now, SETTINGS);
    count++;
  }
  return count;
}

Deno.test("RateLimit allows a burst, then a rate per second", () => {
  const limit = new RateLimit();
  assertStrictEquals(spendAll(limit, 1_000), 10);
  assertStrictEquals(limit.waitMs(1_000, SETTINGS), 200);
  assertStrictEquals(limit.waitMs(1_199, SETTINGS), 1);
  assertStrictEquals(spendAll(limit, 1_200), 1);
  assertStrictEquals(spendAll(limit, 2_200), 5);
});

Deno.test("RateLimit is full again after a pause, and holds no more than its burst", () => {
  const limit = new RateLimit();
  spendAll(limit, 0);
  assertStrictEquals(limit.isFull(1_999), false);
  assertStrictEquals(limit.isFull(2_000), true);
  assertStrictEquals(spendAll(limit, 1_000_000), 10);
});

Deno.test("RateLimit lets what is expensive overdraw, and wait the longer", () => {
  const limit = new RateLimit();
  limit.spend(30, 0, SETTINGS);
  assertStrictEquals(limit.waitMs(0, SETTINGS), (30 - 9) * 200);
});

Deno.test("RateLimit allows a burst of at least a second's rate", () => {
  const settings = { burst: 1, perSecond: 100 };
  const limit = new RateLimit();
  for (let count = 0; count < 100; count++) {
    assertStrictEquals(limit.waitMs(0, settings), 0);
    limit.spend(1, 0, settings);
  }
  assert(limit.waitMs(0, settings) > 0);
});

Deno.test("RateLimit never lets more through than burst and rate allow", () => {
  const steps = fc.array(
    fc.record({ pause: fc.integer({ min: 0, max: 3_000 }), wanted: fc.integer({ max: 40 }) }),
    { maxLength: 50 },
  );
  fc.assert(fc.property(steps, (all) => {
    const limit = new RateLimit();
    let now = 0;
    let spent = 0;
    for (const { pause, wanted } of all) {
      now += pause;
      for (let at = 0; at < wanted && limit.waitMs(now, SETTINGS) === 0; at++) {
        limit.spend(1, now, SETTINGS);
        spent++;
      }
      assert(spent <= SETTINGS.burst + now * SETTINGS.perSecond / 1000 + 1e-6);
    }
  }));
});
