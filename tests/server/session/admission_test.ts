import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { EN } from "../../../texts/en.ts";
import { Bans } from "../../../server/authority/bans.ts";
import { AdmissionControl, type AdmissionLimits } from "../../../server/session/admission.ts";
import { REFUSALS_PER_ADDRESS } from "../../../server/limits/tuning.ts";
import { FakeClock } from "../../fake_clock_and_socket.ts";

const HERE = "192.0.2.7";

function entrance(limits: Partial<AdmissionLimits> = {}) {
  const clock = new FakeClock();
  const bans = new Bans();
  const all = { maxClients: 100, clientsPerAddress: 3, arrivalsPerAddress: 2, ...limits };
  return { clock, bans, door: new AdmissionControl({ limits: all, clock, bans }) };
}

/** What became of `count` arrivals: `in`, `drop`, or the reason. */
function arrivals(door: AdmissionControl, address: string, count: number): string[] {
  return Array.from({ length: count }, () => {
    const verdict = door.admit(address);
    return verdict === undefined ? "in" : verdict === "drop" ? verdict : verdict.reason;
  });
}

Deno.test("AdmissionControl admits a limited number from one address, answers a few more, and no others", () => {
  const { door } = entrance();
  const verdicts = arrivals(door, HERE, 3 + REFUSALS_PER_ADDRESS + 2);
  const reported = Array.from({ length: REFUSALS_PER_ADDRESS }, () => "too_many_connections");
  assertEquals(verdicts, ["in", "in", "in", ...reported, "drop", "drop"]);
  assertEquals(arrivals(door, "192.0.2.8", 1), ["in"]);
});

Deno.test("AdmissionControl lets the next one in when one of that address has left", () => {
  const { door, clock } = entrance();
  arrivals(door, HERE, 4);
  clock.advance(60_000);
  door.release(HERE);
  assertEquals(arrivals(door, HERE, 1), ["too_many_connections"], "three are there");
  door.release(HERE);
  door.release(HERE);
  assertEquals(arrivals(door, HERE, 1), ["in"]);
});

Deno.test("AdmissionControl slows down an address whose connections come and go too fast", () => {
  const { door, clock } = entrance();
  const comeAndGo = () => {
    const [verdict] = arrivals(door, HERE, 1);
    door.release(HERE);
    return verdict;
  };
  assertEquals([1, 2, 3].map(comeAndGo), ["in", "in", "in"]);
  assertStrictEquals(comeAndGo(), "too_many_connections");
  clock.advance(499);
  assertStrictEquals(comeAndGo(), "too_many_connections", "being told does not count");
  clock.advance(1);
  assertStrictEquals(comeAndGo(), "in");
});

Deno.test("AdmissionControl admits a whole class from one address, at its usual limits", () => {
  const { door } = entrance({ maxClients: 10_000, clientsPerAddress: 512, arrivalsPerAddress: 20 });
  assertEquals(new Set(arrivals(door, HERE, 200)), new Set(["in"]));
});

for (const address of ["127.0.0.1", "127.45.0.9", "::1", "unix"]) {
  Deno.test(`AdmissionControl does not count ${address}`, () => {
    const { door } = entrance();
    assertEquals(new Set(arrivals(door, address, 50)), new Set(["in"]));
    assertStrictEquals(door.size, 0);
  });
}

Deno.test("AdmissionControl counts a network of IPv6 as one address, but for the link's own", () => {
  const { door } = entrance();
  assertEquals(arrivals(door, "2001:db8::1", 2), ["in", "in"]);
  assertEquals(arrivals(door, "2001:db8:0:0:ffff::9", 2), ["in", "too_many_connections"]);
  assertEquals(arrivals(door, "2001:db8:0:1::9", 1), ["in"]);
  assertEquals(arrivals(door, "fe80::1%eth0", 3), ["in", "in", "in"]);
  assertEquals(arrivals(door, "fe80::2%eth0", 1), ["in"]);
});

Deno.test("AdmissionControl tells a few that the server is full, then none, and counts all connections", () => {
  const { door } = entrance({ maxClients: 2 });
  const verdicts = arrivals(door, "unix", 40);
  assertEquals(verdicts.slice(0, 3), ["in", "in", "server_full"]);
  assertStrictEquals(verdicts.at(-1), "drop");
  for (const verdict of verdicts) if (verdict !== "drop") door.release("unix");
  assertEquals(arrivals(door, "unix", 1), ["in"]);
});

Deno.test("AdmissionControl keeps the banned out", () => {
  const { door, bans } = entrance();
  bans.add(HERE, { until: Infinity, reason: "noise" });
  const refused = door.admit(HERE);
  assert(typeof refused === "object");
  assertStrictEquals(refused.reason, "banned");
  assertStrictEquals(refused.text(EN.refusals), "banned: noise");
});

Deno.test("AdmissionControl.removeExpired() remembers an address no longer than it holds something against it", () => {
  const { door, clock } = entrance();
  for (let at = 0; at < 100; at++) {
    door.admit(`198.51.100.${at}`);
    door.release(`198.51.100.${at}`);
  }
  assertStrictEquals(door.size, 100);
  door.admit(HERE);
  clock.advance(500);
  door.removeExpired();
  assertStrictEquals(door.size, 1, "the one who is there");
  door.release(HERE);
  assertStrictEquals(door.size, 0);
});

Deno.test("AdmissionControl limits the handshakes that begin from one address, finished or not (A15)", () => {
  const { door, clock } = entrance();
  const begun = (address: string, count: number) =>
    Array.from({ length: count }, () => door.mayBegin(address)).filter(Boolean).length;
  assertStrictEquals(begun(HERE, 100), 3 + REFUSALS_PER_ADDRESS);
  assertStrictEquals(begun("192.0.2.8", 1), 1);
  assertStrictEquals(begun("127.0.0.1", 100), 100, "this machine's own");
  clock.advance(1_000);
  assertStrictEquals(begun(HERE, 100), 2);
  clock.advance(60_000);
  door.removeExpired();
  assertStrictEquals(door.size, 0);
});
