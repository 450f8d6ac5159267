import { assertMatch, assertStrictEquals } from "@std/assert";
import { limitContradiction } from "../../../server/limits/limit_checks.ts";
import { DEFAULT_LIMITS, type LimitValues, liveLimits } from "../../../server/limits/limits.ts";

const MIB = 1024 ** 2;

Deno.test("contradiction() finds none in the defaults", () => {
  assertStrictEquals(limitContradiction(DEFAULT_LIMITS), undefined);
});

const CASES: readonly (readonly [Partial<LimitValues>, RegExp])[] = [
  [
    { softQueueBytes: 32 * MIB },
    /^soft-queue \(32MiB\) must be less than hard-queue \(16MiB\): lower --limit soft-queue or raise --limit hard-queue$/,
  ],
  [
    { hardQueueBytes: 256 * 1024 },
    /^hard-queue \(256KiB\) has no room for the longest answer \(896KiB\) on top of soft-queue \(64KiB\): set --limit hard-queue=960KiB or more, or lower soft-queue$/,
  ],
  [
    { totalQueueBytes: 2 * MIB },
    /^total-queue \(2MiB\) has no room for 4 slow clients with hard-queue \(16MiB\) each: set --limit total-queue=64MiB or more, or lower hard-queue$/,
  ],
  [
    { registrationMs: 90_000 },
    /^registration \(1m30s\) must not be longer than greeted \(1m\): lower --limit registration or raise --limit greeted$/,
  ],
  [
    { greetAfterMs: 5_000, registrationMs: 1_000 },
    /^greet-after \(5s\) must be shorter than registration \(1s\): /,
  ],
  [{ stalledMs: 300_000 }, /^stalled \(5m\) must not be longer than vanished \(2m\): /],
  [
    { clientsPerAddress: 20, maxClients: 10 },
    /^address-clients \(20\) must not be more than max-clients \(10\): /,
  ],
];

for (const [changes, expected] of CASES) {
  Deno.test(`contradiction() names ${Object.keys(changes).join(" and ")}, with the remedy`, () => {
    assertMatch(limitContradiction({ ...DEFAULT_LIMITS, ...changes })?.error ?? "", expected);
  });
}

Deno.test("contradiction() asks a server for one client for no more memory than that one's", () => {
  const few = { maxClients: 1, clientsPerAddress: 1, totalQueueBytes: 16 * MIB };
  assertStrictEquals(limitContradiction({ ...DEFAULT_LIMITS, ...few }), undefined);
});

Deno.test("liveLimits() leaves out what a running server cannot change", () => {
  const live = liveLimits(DEFAULT_LIMITS);
  assertStrictEquals(live.messageRate, DEFAULT_LIMITS.messageRate);
  assertStrictEquals("hardQueueBytes" in live, false);
});
