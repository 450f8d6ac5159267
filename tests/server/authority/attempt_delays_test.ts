import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  ADDRESS_ATTEMPTS,
  AttemptDelays,
  NAME_ATTEMPTS,
  ownDelayMs,
} from "../../../server/authority/attempt_delays.ts";

Deno.test("AttemptDelays.delayMs() grows after a few mistakes, up to its bound, and for one key alone", () => {
  for (const settings of [ADDRESS_ATTEMPTS, NAME_ATTEMPTS]) {
    const attempts = new AttemptDelays(settings);
    for (let at = 0; at < settings.free; at++) {
      assertStrictEquals(attempts.delayMs("a", 0), 0);
      attempts.failed("a", 0);
    }
    assertStrictEquals(attempts.delayMs("a", 0), 0);
    attempts.failed("a", 0);
    assertStrictEquals(attempts.delayMs("a", 0), settings.stepMs);
    for (let at = 0; at < 10_000; at++) attempts.failed("a", 0);
    assertStrictEquals(attempts.delayMs("a", 0), settings.mostMs);
    assertStrictEquals(attempts.delayMs("b", 0), 0);
  }
});

Deno.test("AttemptDelays.delayMs() forgets, also after a flood, within minutes", () => {
  const attempts = new AttemptDelays(ADDRESS_ATTEMPTS);
  for (let at = 0; at < 10_000; at++) attempts.failed("a", 0);
  const { free, mostMs, stepMs, forgetMs } = ADDRESS_ATTEMPTS;
  const all = (free + mostMs / stepMs) * forgetMs;
  assert(all <= 10 * 60_000);
  assertStrictEquals(attempts.delayMs("a", all - free * forgetMs), 0);
  assertStrictEquals(attempts.delayMs("a", forgetMs), mostMs - stepMs);
});

Deno.test("AttemptDelays remembers no more keys than it may", () => {
  const attempts = new AttemptDelays({ ...ADDRESS_ATTEMPTS, keys: 10 });
  for (let at = 0; at < 1_000; at++) attempts.failed(`key ${at}`, at);
  assert(attempts.size <= 10, `${attempts.size}`);
});

Deno.test("ownDelayMs() doubles and ends at eight seconds", () => {
  assertEquals([1, 2, 3, 4, 5, 6, 60].map(ownDelayMs), [
    ...[500, 1_000, 2_000, 4_000],
    ...[8_000, 8_000, 8_000],
  ]);
});
