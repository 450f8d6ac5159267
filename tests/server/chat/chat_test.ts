import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { listUsers } from "../../../server/chat/welcome_and_who.ts";
import { failure } from "../../../protocol/failures.ts";
import { MAX_LISTED, NATIVE_VERSION } from "../../../protocol/limits.ts";
import { ChatFixture } from "./chat_fixture.ts";

Deno.test("Chat.register() welcomes the newcomer and announces it to the others once", () => {
  const fixture = new ChatFixture();
  const alice = fixture.join("alice");
  const bob = fixture.connect();
  fixture.chat.register(bob.member, "Bob", "r1");
  assertEquals(bob.peer.take(), [{
    type: "welcome",
    id: 2,
    name: "Bob",
    session: "token 2",
    seq: 0,
    users: ["alice", "Bob"],
    groups: [],
    total: 2,
    version: NATIVE_VERSION,
    ref: "r1",
  }]);
  assertEquals(alice.peer.take(), [{ type: "joined", name: "Bob" }]);
  assertEquals(fixture.registered, ["alice", "Bob"]);
  assertEquals(fixture.observed.at(-1), { type: "joined", name: "Bob" });
});

Deno.test("Chat.register() gives the default name to a client that wants none (R58)", () => {
  const fixture = new ChatFixture();
  assertStrictEquals(fixture.join().name, "user1");
  assertStrictEquals(fixture.join("").name, "user2");
});

Deno.test("Chat.register() gives another default name if the first is taken", () => {
  const fixture = new ChatFixture();
  fixture.join("User2");
  assertStrictEquals(fixture.join().name, "user2_2");
});

Deno.test("Chat.register() refuses a taken name, and the refused can choose another", () => {
  const fixture = new ChatFixture();
  const alice = fixture.join("alice");
  const other = fixture.connect();
  assertStrictEquals(other.refused({ verb: "hello", name: "ALICE" }), "name_taken");
  assertStrictEquals(fixture.chat.members.size, 1);
  assertEquals(alice.peer.take(), [], "nobody hears of a refusal");
  assertStrictEquals(other.ask({ verb: "hello", name: "alice2" })[0]?.type, "welcome");
});

Deno.test("Chat.register() gives name_2 to a client that cannot be refused (D6)", () => {
  const fixture = new ChatFixture();
  fixture.join("alice");
  assertStrictEquals(fixture.join("Alice", { canRefuseName: false }).name, "Alice_2");
  assertStrictEquals(fixture.join("alice", { canRefuseName: false }).name, "alice_3");
});

Deno.test("Chat.register() gives the default name for a bad one that cannot be refused", () => {
  const fixture = new ChatFixture();
  assertStrictEquals(fixture.join("server", { canRefuseName: false }).name, "user1");
  assertStrictEquals(fixture.join("a b", { canRefuseName: false }).name, "user2");
  assertStrictEquals(fixture.connect().refused({ verb: "hello", name: "server" }), "name_reserved");
});

Deno.test("Chat.register() closes a banned client, unknown to the members", () => {
  for (const canRefuseName of [true, false]) {
    const fixture = new ChatFixture({
      refuses: (name) =>
        name === "eve" ? failure("banned", () => '"eve" is banned: spam') : undefined,
    });
    const alice = fixture.join("alice");
    const eve = fixture.connect({ canRefuseName });
    assertEquals(eve.ask({ verb: "hello", name: "eve" }), []);
    assertEquals(eve.peer.closes, [{ reason: "banned", detail: '"eve" is banned: spam' }]);
    assertEquals(alice.peer.take(), []);
    assertStrictEquals(fixture.chat.members.size, 1);
  }
});

Deno.test("Chat.register() names at most MAX_LISTED members, and says how many there are", () => {
  const fixture = new ChatFixture();
  for (let count = 0; count < MAX_LISTED + 1; count++) {
    fixture.chat.register(fixture.connect().member, "");
  }
  const last = fixture.connect();
  const [welcome] = last.ask({ verb: "hello", name: "last" });
  assert(welcome?.type === "welcome");
  assertStrictEquals(welcome.users.length, MAX_LISTED);
  assertStrictEquals(welcome.total, MAX_LISTED + 2);
});

Deno.test("Chat.connect() gives the lowest free id (R70), also that of one never registered", () => {
  const fixture = new ChatFixture();
  const [first, second, third] = [fixture.join(), fixture.connect(), fixture.join()];
  assertEquals([first, second, third].map((p) => p?.member.id), [1, 2, 3]);
  fixture.chat.leave(second.member, "eof");
  assertStrictEquals(fixture.connect().member.id, 2);
  fixture.chat.leave(first.member, "eof");
  assertStrictEquals(fixture.connect().member.id, 1);
});

Deno.test("Chat.rename() tells everyone and frees the old name (R59)", () => {
  const fixture = new ChatFixture();
  const [alice, bob] = [fixture.join("alice"), fixture.join("bob")];
  assertEquals(alice.ask({ verb: "rename", name: "Alicia", ref: 7 }), [
    { type: "renamed", was: "alice", name: "Alicia", you: true, ref: 7 },
  ]);
  assertEquals(bob.peer.take(), [{ type: "renamed", was: "alice", name: "Alicia" }]);
  assertEquals(fixture.observed.at(-1), { type: "renamed", was: "alice", name: "Alicia" });
  assertStrictEquals(fixture.chat.find("alice"), undefined);
  assertStrictEquals(fixture.chat.find("ALICIA"), alice.member);
  assertStrictEquals(fixture.join("alice").name, "alice");
});

Deno.test("Chat.rename() is refused for a taken, reserved or bad name (R81)", () => {
  const fixture = new ChatFixture({
    refuses: (name) => name === "eve" ? failure("banned", () => '"eve" is banned') : undefined,
  });
  const [alice, bob] = [fixture.join("alice"), fixture.join("bob")];
  alice.ask({ verb: "join", group: "dev" });
  bob.peer.take();
  const cases = [["BOB", "name_taken"], ["Dev", "name_taken"], ["Admin", "name_reserved"], [
    "a b",
    "bad_name",
  ], ["eve", "banned"]] as const;
  for (const [name, code] of cases) {
    assertStrictEquals(alice.refused({ verb: "rename", name }), code, name);
    assertStrictEquals(alice.name, "alice");
    assertStrictEquals(fixture.chat.find("alice"), alice.member);
  }
  assertEquals(bob.peer.take(), []);
  assertEquals(alice.peer.closes, []);
});

Deno.test("Chat.rename() to another letter case of one's own name keeps it", () => {
  const fixture = new ChatFixture();
  const alice = fixture.join("alice");
  assertStrictEquals(alice.ask({ verb: "rename", name: "ALICE" })[0]?.type, "renamed");
  assertStrictEquals(fixture.chat.find("alice"), alice.member);
  assertStrictEquals(fixture.connect().refused({ verb: "hello", name: "alice" }), "name_taken");
});

Deno.test("Chat.rename() is refused to the muted: it would end their mute", () => {
  const fixture = new ChatFixture();
  const alice = fixture.join("alice");
  fixture.chat.messaging.mutes.add({ name: "alice", until: Infinity });
  assertStrictEquals(alice.refused({ verb: "rename", name: "other" }), "muted");
  assertStrictEquals(alice.name, "alice");
});

Deno.test("Chat.leave() tells everyone once, with the reason, and frees the name immediately", () => {
  const fixture = new ChatFixture();
  const [alice, bob] = [fixture.join("alice"), fixture.join("bob")];
  fixture.chat.leave(alice.member, "reset");
  fixture.chat.leave(alice.member, "kicked", "kicked: again");
  assertEquals(bob.peer.take(), [{ type: "left", name: "alice", reason: "connection lost" }]);
  assertEquals(alice.peer.take(), [], "whoever has gone is told nothing");
  assertStrictEquals(fixture.join("alice").name, "alice");
});

for (
  const [reason, detail, shown] of [
    ["bye", undefined, undefined],
    ["eof", undefined, "disconnected"],
    ["kicked", "kicked: spam", "kicked: spam"],
    ["slow", undefined, "too slow: did not read what was sent"],
    ["registration_timeout", undefined, "gave no name in time"],
  ] as const
) {
  Deno.test(`Chat.leave() with ${reason} is announced as ${shown}`, () => {
    const fixture = new ChatFixture();
    const [alice, bob] = [fixture.join("alice"), fixture.join("bob")];
    fixture.chat.leave(alice.member, reason, detail);
    const why = shown === undefined ? {} : { reason: shown };
    assertEquals(bob.peer.take(), [{ type: "left", name: "alice", ...why }]);
  });
}

Deno.test("Chat.muteDepartures() lets everyone leave without telling the others", () => {
  const fixture = new ChatFixture();
  const [alice, bob] = [fixture.join("alice"), fixture.join("bob")];
  fixture.chat.muteDepartures();
  fixture.chat.leave(alice.member, "shutdown");
  assertEquals(bob.peer.take(), []);
  assertStrictEquals(fixture.chat.members.size, 1);
});

Deno.test("Chat.leave() of a client that never registered is not announced", () => {
  const fixture = new ChatFixture();
  const alice = fixture.join("alice");
  fixture.chat.leave(fixture.connect().member, "eof");
  assertEquals(alice.peer.take(), []);
  assertStrictEquals(fixture.observed.filter(({ type }) => type === "left").length, 0);
});

Deno.test("Chat.leave() takes the member out of every group; empty ones vanish (R83)", () => {
  const fixture = new ChatFixture();
  const [alice, bob] = [fixture.join("alice"), fixture.join("bob")];
  for (const group of ["dev", "ops"]) alice.ask({ verb: "join", group });
  bob.ask({ verb: "join", group: "dev" });
  fixture.chat.leave(alice.member, "eof");
  assertEquals(fixture.chat.groups.list(10), [{ name: "dev", members: ["bob"] }]);
  assertStrictEquals(fixture.join("ops").name, "ops", "the vanished group's name is free");
});

Deno.test("Chat.leave() lets go of the person who wrote last: no chain of the departed is kept", () => {
  const fixture = new ChatFixture();
  const [alice, bob] = [fixture.join("alice"), fixture.join("bob")];
  alice.say("psst", "@bob");
  fixture.chat.leave(bob.member, "eof");
  assertStrictEquals(bob.member.lastPrivateFrom, undefined);
});

Deno.test("Chat.broadcast() reaches everyone registered and the operator, and is not stored", () => {
  const fixture = new ChatFixture();
  const [alice, unnamed] = [fixture.join("alice"), fixture.connect()];
  fixture.chat.broadcast({ type: "shutdown", in: 10 });
  assertEquals(alice.peer.take(), [{ type: "shutdown", in: 10 }]);
  assertEquals(unnamed.peer.take(), []);
  assertEquals(fixture.observed.at(-1), { type: "shutdown", in: 10 });
  assertStrictEquals(fixture.history.lastSeq, 0);
});

Deno.test("listUsers() lists members in the order in which they joined, up to a limit", () => {
  const fixture = new ChatFixture();
  const alice = fixture.join("alice");
  fixture.join("bob");
  fixture.connect();
  alice.ask({ verb: "join", group: "dev" });
  const since = new Date(fixture.clock.now()).toISOString();
  assertEquals(listUsers(fixture.chat.members, 10), [
    { id: 1, name: "alice", groups: ["dev"], since, dialect: "native" },
    { id: 2, name: "bob", groups: [], since, dialect: "native" },
  ]);
  assertEquals(listUsers(fixture.chat.members, 1).map(({ name }) => name), ["alice"]);
});

Deno.test("Chat.find() finds members, not groups", () => {
  const fixture = new ChatFixture();
  const alice = fixture.join("alice");
  alice.ask({ verb: "join", group: "dev" });
  assertStrictEquals(fixture.chat.find("ALICE"), alice.member);
  assertStrictEquals(fixture.chat.find("dev"), undefined);
});
