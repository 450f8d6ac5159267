import { assertEquals, assertStrictEquals } from "@std/assert";
import { ChatFixture } from "./chat_fixture.ts";

Deno.test("Groups.join() makes a group and tells its members", () => {
  const fixture = new ChatFixture();
  const [alice, bob, carol] = [fixture.join("alice"), fixture.join("bob"), fixture.join("carol")];
  assertEquals(alice.ask({ verb: "join", group: "#Dev", ref: 1 }), [
    { type: "joined", name: "alice", group: "Dev", you: true, ref: 1 },
  ]);
  assertEquals(bob.ask({ verb: "join", group: "dev" }), [
    { type: "joined", name: "bob", group: "Dev", you: true },
  ]);
  assertEquals(alice.peer.take(), [{ type: "joined", name: "bob", group: "Dev" }]);
  assertEquals(carol.peer.take(), [], "a group is the business of its members");
  assertEquals(fixture.chat.groups.list(10), [{ name: "Dev", members: ["alice", "bob"] }]);
  assertEquals(fixture.observed.at(-1), { type: "joined", name: "bob", group: "Dev" });
});

Deno.test("Groups.join() is refused to its members", () => {
  const fixture = new ChatFixture();
  const alice = fixture.join("alice");
  alice.ask({ verb: "join", group: "dev" });
  assertStrictEquals(alice.refused({ verb: "join", group: "DEV" }), "in_group");
  assertEquals(fixture.chat.groups.list(10), [{ name: "dev", members: ["alice"] }]);
});

Deno.test("Groups.join() is refused where a person has that name, and the reverse (D21)", () => {
  const fixture = new ChatFixture();
  const [alice, bob] = [fixture.join("alice"), fixture.join("bob")];
  assertStrictEquals(alice.refused({ verb: "join", group: "Bob" }), "name_taken");
  assertStrictEquals(alice.refused({ verb: "join", group: "ɑlice" }), "name_taken", "a lookalike");
  bob.ask({ verb: "join", group: "dev" });
  assertStrictEquals(alice.refused({ verb: "rename", name: "DEV" }), "name_taken");
  assertStrictEquals(fixture.chat.groups.size, 1);
});

Deno.test("Groups.join() is refused for a name that no person could have", () => {
  const alice = new ChatFixture().join("alice");
  const cases = [["a b", "bad_name"], ["", "bad_name"], ["##x", "bad_name"], [
    "tous",
    "name_reserved",
  ]] as const;
  for (const [group, code] of cases) {
    assertStrictEquals(alice.refused({ verb: "join", group }), code);
  }
});

Deno.test("Groups.join() refuses one group too many on the server, but lets members into others", () => {
  const fixture = new ChatFixture({ maxGroups: 2 });
  const [alice, bob] = [fixture.join("alice"), fixture.join("bob")];
  alice.ask({ verb: "join", group: "a" });
  alice.ask({ verb: "join", group: "b" });
  assertStrictEquals(bob.refused({ verb: "join", group: "c" }), "group_limit");
  assertStrictEquals(bob.ask({ verb: "join", group: "a" })[0]?.type, "joined");
  alice.ask({ verb: "leave", group: "b" });
  assertStrictEquals(bob.ask({ verb: "join", group: "c" })[0]?.type, "joined");
});

Deno.test("Groups.join() refuses one group too many for a person and leaves no empty group", () => {
  const fixture = new ChatFixture({ maxGroupsPerClient: 1 });
  const [alice, bob] = [fixture.join("alice"), fixture.join("bob")];
  alice.ask({ verb: "join", group: "a" });
  bob.ask({ verb: "join", group: "b" });
  assertStrictEquals(alice.refused({ verb: "join", group: "b" }), "group_limit");
  assertStrictEquals(alice.refused({ verb: "join", group: "c" }), "group_limit");
  assertStrictEquals(fixture.chat.groups.size, 2);
  assertStrictEquals(fixture.join("c").name, "c", "the refused group holds no name");
});

Deno.test("Groups.leave() tells the members; the last one's leaving ends the group (R83)", () => {
  const fixture = new ChatFixture();
  const [alice, bob] = [fixture.join("alice"), fixture.join("bob")];
  alice.ask({ verb: "join", group: "dev" });
  bob.ask({ verb: "join", group: "dev" });
  alice.peer.take();
  assertEquals(bob.ask({ verb: "leave", group: "#DEV", ref: 2 }), [
    { type: "left", name: "bob", group: "dev", you: true, ref: 2 },
  ]);
  assertEquals(alice.peer.take(), [{ type: "left", name: "bob", group: "dev" }]);
  assertEquals([...bob.member.groups], []);
  alice.ask({ verb: "leave", group: "dev" });
  assertStrictEquals(fixture.chat.groups.size, 0);
  assertStrictEquals(
    alice.refused({ verb: "say", text: "x", to: { sigil: "#", name: "dev" } }),
    "no_such_group",
  );
  assertStrictEquals(fixture.join("dev").name, "dev");
});

Deno.test("Groups.leave() is refused to others, as for a group that does not exist", () => {
  const fixture = new ChatFixture();
  const [alice, bob] = [fixture.join("alice"), fixture.join("bob")];
  alice.ask({ verb: "join", group: "dev" });
  assertStrictEquals(bob.refused({ verb: "leave", group: "dev" }), "not_in_group");
  assertStrictEquals(bob.refused({ verb: "leave", group: "nope" }), "not_in_group");
  assertStrictEquals(bob.refused({ verb: "leave", group: "alice" }), "not_in_group");
});

Deno.test("Groups: a group made again is another group: its history is not the first one's", () => {
  const fixture = new ChatFixture();
  const [alice, bob] = [fixture.join("alice"), fixture.join("bob")];
  alice.ask({ verb: "join", group: "dev" });
  alice.say("secret", "#dev");
  alice.ask({ verb: "leave", group: "dev" });
  bob.ask({ verb: "join", group: "dev" });
  bob.say("fresh", "#dev");
  assertEquals(bob.history(), ["fresh"]);
});

Deno.test("Groups.list() is cut at the limit, oldest first", () => {
  const fixture = new ChatFixture();
  const alice = fixture.join("alice");
  for (const group of ["c", "a", "b"]) alice.ask({ verb: "join", group });
  assertEquals(fixture.chat.groups.list(2).map(({ name }) => name), ["c", "a"]);
});
