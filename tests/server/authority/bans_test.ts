import { assertEquals, assertStrictEquals } from "@std/assert";
import { Bans } from "../../../server/authority/bans.ts";

const NOW = Date.UTC(2030, 0, 1);
const FOR_GOOD = { until: Infinity, reason: "spam" };

Deno.test("Bans.add() distinguishes names from addresses", () => {
  const bans = new Bans();
  for (const subject of ["192.0.2.7", "::1", "2001:DB8::7", "::ffff:192.0.2.8"]) {
    assertStrictEquals(bans.add(subject, FOR_GOOD).kind, "address", subject);
  }
  for (const subject of ["alice", "a.b.c.d", "bob_2", "cafe", "1.2.3", "x1.2.3.4"]) {
    assertStrictEquals(bans.add(subject, FOR_GOOD).kind, "name", subject);
  }
});

Deno.test("Bans.add() answers the ban as it was asked for", () => {
  assertEquals(new Bans().add("Alice", FOR_GOOD), {
    subject: "Alice",
    kind: "name",
    until: null,
    reason: "spam",
  });
  assertStrictEquals(
    new Bans().add("x", { until: NOW + 1, reason: "" }).until,
    "2030-01-01T00:00:00.001Z",
  );
});

Deno.test("Bans.find() knows a name in every letter case, and an address however it is written", () => {
  const bans = new Bans();
  const name = bans.add("Alice", FOR_GOOD);
  const six = bans.add("2001:DB8::7", FOR_GOOD);
  const four = bans.add("192.0.2.7", FOR_GOOD);
  for (const subject of ["alice", "ALICE", "Ａlice"]) {
    assertStrictEquals(bans.find(subject, NOW), name);
  }
  assertStrictEquals(bans.find("2001:db8::7", NOW), six);
  // So a socket bound to :: sees a client that comes over IPv4.
  assertStrictEquals(bans.find("::ffff:192.0.2.7", NOW), four);
  assertStrictEquals(bans.find("2001:db8::8", NOW), six, "another address of its /64 (A11)");
  for (const subject of ["alic", "192.0.2.70", "2001:db8:1::7", "unix", ""]) {
    assertStrictEquals(bans.find(subject, NOW), undefined, subject);
  }
});

Deno.test("Bans.find() knows the addresses of a range (A11)", () => {
  const bans = new Bans();
  const four = bans.add("::ffff:192.0.2.7/120", FOR_GOOD);
  assertEquals(four, { ...four, subject: "192.0.2.0/24", kind: "address", bits: 8 });
  const six = bans.add("2001:db8::7/48", FOR_GOOD);
  assertStrictEquals(bans.find("192.0.2.200", NOW), four);
  assertStrictEquals(bans.find("2001:db8:0:ffff::1", NOW), six);
  assertStrictEquals(bans.find("192.0.3.1", NOW), undefined);
  assertStrictEquals(bans.remove("2001:db8::/48"), true);
});

Deno.test("Bans.find() and list() forget a ban when its time is over", () => {
  const bans = new Bans();
  const ban = bans.add("alice", { until: NOW + 1_000, reason: "" });
  const other = bans.add("bob", FOR_GOOD);
  assertStrictEquals(bans.find("alice", NOW + 999), ban);
  assertEquals(bans.list(NOW + 999), [ban, other]);
  assertEquals(bans.list(NOW + 1_000), [other]);
  assertStrictEquals(bans.find("alice", NOW + 1_000), undefined);
  assertStrictEquals(bans.find("bob", NOW + 1e12), other);
});

Deno.test("Bans.add() replaces an earlier ban on the same subject", () => {
  const bans = new Bans();
  bans.add("alice", { until: NOW + 1, reason: "one" });
  const second = bans.add("ALICE", { until: NOW + 2, reason: "two" });
  assertEquals(bans.list(NOW), [second]);
});

Deno.test("Bans.remove() lifts a ban in any spelling, and returns whether there was one", () => {
  const bans = new Bans();
  bans.add("Alice", FOR_GOOD);
  bans.add("2001:db8::7", FOR_GOOD);
  assertStrictEquals(bans.remove("aLICE"), true);
  assertStrictEquals(bans.remove("alice"), false);
  assertStrictEquals(bans.remove("2001:DB8::7"), true);
  assertEquals(bans.list(NOW), []);
});
