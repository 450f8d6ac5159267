import { assertEquals, assertStrictEquals } from "@std/assert";
import { type Failure, failure } from "../../../protocol/failures.ts";
import { MemoryHistory } from "../../../server/history/memory_history.ts";
import { GroupCommit, NO_TRANSACTIONS } from "../../../server/store/group_commit.ts";
import type { ServerEvent } from "../../../protocol/events.ts";
import { MAX_MESSAGE_BYTES } from "../../../protocol/limits.ts";
import { ChatFixture } from "./chat_fixture.ts";

/** A message as the chat stores it at the clock's first time. */
function message(
  fixture: ChatFixture,
  fields: Partial<ServerEvent & { type: "message" }>,
): ServerEvent {
  const at = new Date(fixture.clock.now()).toISOString();
  return { type: "message", seq: 1, at, from: "alice", text: "hi", ...fields };
}

Deno.test("Messaging.send() reaches everyone but the sender, who gets an ack", () => {
  const fixture = new ChatFixture();
  const [alice, bob, carol] = [fixture.join("alice"), fixture.join("bob"), fixture.join("carol")];
  const unnamed = fixture.connect();
  assertEquals(alice.ask({ verb: "say", text: "hi", ref: "r" }), [
    { type: "ack", seq: 1, recipients: 2, ref: "r" },
  ]);
  for (const { peer } of [bob, carol]) assertEquals(peer.take(), [message(fixture, {})]);
  assertEquals(unnamed.peer.take(), []);
  assertEquals(fixture.observed.at(-1), message(fixture, {}));
});

Deno.test("Messaging.send() gives the sender a copy before the ack where the peer echoes (D5)", () => {
  const fixture = new ChatFixture();
  const alice = fixture.join("alice", { echo: true });
  fixture.join("bob");
  assertEquals(alice.say("hi"), [message(fixture, {}), { type: "ack", seq: 1, recipients: 1 }]);
  assertEquals(alice.say("psst", "@bob"), [
    message(fixture, { seq: 2, text: "psst", to: "@bob" }),
    { type: "ack", seq: 2, recipients: 1, to: "@bob" },
  ]);
});

Deno.test("Messaging.send() to @all, @tous or @everyone goes to everyone (R32)", () => {
  for (const to of ["@all", "@TOUS", "@Everyone"]) {
    const fixture = new ChatFixture();
    const [alice, bob] = [fixture.join("alice"), fixture.join("bob")];
    assertEquals(alice.say("hi", to), [{ type: "ack", seq: 1, recipients: 1 }]);
    assertEquals(bob.peer.take(), [message(fixture, {})]);
  }
});

Deno.test("Messaging.send() to a person reaches that person only (R31)", () => {
  const fixture = new ChatFixture();
  const [alice, bob, carol] = [fixture.join("alice"), fixture.join("Bob"), fixture.join("carol")];
  assertEquals(alice.say("psst", "@bOB"), [
    { type: "ack", seq: 1, recipients: 1, to: "@Bob" },
  ]);
  assertEquals(bob.peer.take(), [message(fixture, { text: "psst", to: "@Bob" })]);
  assertEquals(carol.peer.take(), []);
});

Deno.test("Messaging.send() to the sender itself reaches no other member", () => {
  const fixture = new ChatFixture();
  const [alice, bob] = [fixture.join("alice", { echo: true }), fixture.join("bob")];
  assertEquals(alice.say("note", "@alice"), [
    message(fixture, { text: "note", to: "@alice" }),
    { type: "ack", seq: 1, recipients: 0, to: "@alice" },
  ]);
  assertEquals(bob.peer.take(), []);
});

Deno.test("Messaging.send() to a group reaches its members, with # or @ before its name (R79, R80)", () => {
  for (const to of ["#dev", "@dev", "#DEV"]) {
    const fixture = new ChatFixture();
    const [alice, bob, carol] = [fixture.join("alice"), fixture.join("bob"), fixture.join("carol")];
    for (const { member } of [alice, bob]) fixture.chat.groups.join(member, "dev");
    for (const { peer } of [alice, bob]) peer.take();
    assertEquals(alice.say("hi", to), [{ type: "ack", seq: 1, recipients: 1, to: "#dev" }]);
    assertEquals(bob.peer.take(), [message(fixture, { to: "#dev" })]);
    assertEquals(carol.peer.take(), []);
    // A sender outside the group reaches both.
    assertEquals(carol.say("hi", to), [{ type: "ack", seq: 2, recipients: 2, to: "#dev" }]);
    assertStrictEquals(alice.peer.take().length, 1);
    assertStrictEquals(bob.peer.take().length, 1);
  }
});

Deno.test("Messaging.send() to an unknown name is refused and not stored", () => {
  const fixture = new ChatFixture();
  const alice = fixture.join("alice");
  const say = { verb: "say", text: "hi" } as const;
  assertStrictEquals(alice.refused({ ...say, to: { sigil: "@", name: "bob" } }), "no_such_name");
  assertStrictEquals(alice.refused({ ...say, to: { sigil: "#", name: "dev" } }), "no_such_group");
  assertStrictEquals(alice.refused({ ...say, to: { sigil: "#", name: "alice" } }), "no_such_group");
  assertStrictEquals(alice.refused({ ...say, to: { sigil: "@", name: "" } }), "no_such_name");
  assertStrictEquals(fixture.history.lastSeq, 0);
});

Deno.test("Messaging.send() as an action is marked as one", () => {
  const fixture = new ChatFixture();
  const [alice, bob] = [fixture.join("alice"), fixture.join("bob")];
  alice.ask({ verb: "say", text: "waves", action: true });
  assertEquals(bob.peer.take(), [message(fixture, { text: "waves", action: true })]);
});

Deno.test("Messaging.send() writes control characters out (D16)", () => {
  const fixture = new ChatFixture();
  const [alice, bob] = [fixture.join("alice"), fixture.join("bob")];
  alice.say("a\x1b[2J\x03\u202eb\nc");
  assertEquals(bob.peer.take(), [
    message(fixture, { text: "a\\x1b[2J\\x03\\u202eb\\x0ac" }),
  ]);
});

Deno.test("Messaging.send() refuses a text that is empty, blank or invisible (J9)", () => {
  const fixture = new ChatFixture();
  const alice = fixture.join("alice");
  for (const text of ["", " ", "\t ", "\u3164", "\u2800 \u2800", "\u115f", "\ufe0f", "\u200d"]) {
    assertStrictEquals(alice.refused({ verb: "say", text }), "empty_message", JSON.stringify(text));
  }
  assertStrictEquals(fixture.history.lastSeq, 0);
});

for (
  const [what, unit, bytes] of [["1", "x", 1], ["2", "é", 2], ["3", "€", 3], [
    "4",
    "😀",
    4,
  ]] as const
) {
  Deno.test(`Messaging.send() takes 8192 bytes and not one more, in characters of ${what}`, () => {
    const fixture = new ChatFixture();
    const [alice, bob] = [fixture.join("alice"), fixture.join("bob")];
    const left = MAX_MESSAGE_BYTES % bytes;
    const full = unit.repeat((MAX_MESSAGE_BYTES - left) / bytes) + "x".repeat(left);
    assertStrictEquals(new TextEncoder().encode(full).length, MAX_MESSAGE_BYTES);
    assertStrictEquals(alice.say(full)[0]?.type, "ack");
    assertEquals(bob.peer.take(), [message(fixture, { text: full })], "whole, never cut");
    assertStrictEquals(alice.refused({ verb: "say", text: full + "x" }), "message_too_long");
    assertEquals(bob.peer.take(), []);
  });
}

Deno.test("Messaging.reply() goes to the sender of the last private message, also under a new name", () => {
  const fixture = new ChatFixture();
  const [alice, bob, carol] = [fixture.join("alice"), fixture.join("bob"), fixture.join("carol")];
  assertStrictEquals(alice.refused({ verb: "reply", text: "hi" }), "no_one_to_reply");
  carol.say("one", "@alice");
  bob.say("two", "@alice");
  carol.say("public");
  bob.ask({ verb: "rename", name: "bobby" });
  for (const { peer } of [alice, bob, carol]) peer.take();
  assertEquals(alice.ask({ verb: "reply", text: "yes", ref: 5 }), [
    { type: "ack", seq: 4, recipients: 1, to: "@bobby", ref: 5 },
  ]);
  assertEquals(bob.peer.take(), [message(fixture, { seq: 4, text: "yes", to: "@bobby" })]);
  assertEquals(carol.peer.take(), []);
});

Deno.test("Messaging.reply() never goes to another bearer of the same name", () => {
  const fixture = new ChatFixture();
  const [alice, bob] = [fixture.join("alice"), fixture.join("bob")];
  bob.say("psst", "@alice");
  fixture.chat.leave(bob.member, "eof");
  const second = fixture.join("bob");
  assertStrictEquals(alice.refused({ verb: "reply", text: "secret" }), "no_one_to_reply");
  assertEquals(second.peer.take(), []);
});

Deno.test("Messaging.wall() reaches everyone as server, is stored and observed (R41)", () => {
  const fixture = new ChatFixture();
  const [alice, bob] = [fixture.join("alice"), fixture.join("bob", { echo: true })];
  assertStrictEquals(fixture.chat.messaging.wall("tea\x07"), 2);
  const reported = message(fixture, { from: "server", text: "tea\\x07" });
  for (const { peer } of [alice, bob]) assertEquals(peer.take(), [reported]);
  assertEquals(fixture.observed.at(-1), reported);
  assertEquals(alice.history(), ["tea\\x07"]);
});

Deno.test("A mute refuses every kind of saying until it is lifted", () => {
  const fixture = new ChatFixture();
  const [alice, bob] = [fixture.join("alice"), fixture.join("bob")];
  bob.say("psst", "@alice");
  fixture.chat.messaging.mutes.add({ name: "ALICE", until: Infinity });
  assertStrictEquals(alice.refused({ verb: "say", text: "hi" }), "muted");
  assertStrictEquals(
    alice.refused({ verb: "say", text: "hi", to: { sigil: "@", name: "bob" } }),
    "muted",
  );
  assertStrictEquals(alice.refused({ verb: "reply", text: "hi" }), "muted");
  assertEquals(bob.peer.take(), []);
  assertStrictEquals(bob.say("hi")[0]?.type, "ack", "the others may speak");
  fixture.chat.messaging.mutes.remove("alice");
  assertStrictEquals(alice.say("hi")[0]?.type, "ack");
});

Deno.test("A mute outlives the connection", () => {
  const fixture = new ChatFixture();
  const alice = fixture.join("alice");
  fixture.chat.messaging.mutes.add({ name: "alice", until: Infinity });
  fixture.chat.leave(alice.member, "eof");
  assertStrictEquals(fixture.join("Alice").refused({ verb: "say", text: "hi" }), "muted");
});

Deno.test("History shows private messages to the two members only, not to a later bearer of a name", () => {
  const fixture = new ChatFixture();
  const [alice, bob, carol] = [fixture.join("alice"), fixture.join("bob"), fixture.join("carol")];
  alice.say("public");
  alice.say("secret", "@bob");
  assertEquals(alice.history(), ["public", "secret"]);
  assertEquals(bob.history(), ["public", "secret"]);
  assertEquals(carol.history(), ["public"]);
  bob.ask({ verb: "rename", name: "rob" });
  assertEquals(bob.history(), ["public", "secret"], "a new name is the same person");
  for (const { member } of [alice, bob]) fixture.chat.leave(member, "eof");
  for (const name of ["alice", "bob", "rob"]) {
    const later = fixture.join(name);
    assertEquals(later.history(), ["public"], `${name}, id ${later.member.id}`);
  }
});

Deno.test("History shows group messages from joining on, and to their senders", () => {
  const fixture = new ChatFixture();
  const [alice, bob, carol] = [fixture.join("alice"), fixture.join("bob"), fixture.join("carol")];
  alice.ask({ verb: "join", group: "dev" });
  alice.say("before", "#dev");
  bob.ask({ verb: "join", group: "dev" });
  alice.say("after", "#dev");
  carol.say("from outside", "#dev");
  assertEquals(alice.history(), ["before", "after", "from outside"]);
  assertEquals(bob.history(), ["after", "from outside"]);
  assertEquals(carol.history(), ["from outside"]);
  bob.ask({ verb: "leave", group: "dev" });
  assertEquals(bob.history(), []);
  bob.ask({ verb: "join", group: "dev" });
  assertEquals(bob.history(), [], "joining again does not open what was said meanwhile");
});

Deno.test("F36: no message reaches a group after its end, whatever the order of leave and say", () => {
  const fixture = new ChatFixture();
  const [alice, bob] = [fixture.join("alice"), fixture.join("bob")];
  alice.ask({ verb: "join", group: "dev" });
  alice.say("one", "#dev");
  alice.ask({ verb: "leave", group: "dev" });
  const ended = fixture.history.lastSeq;
  assertStrictEquals(
    bob.refused({ verb: "say", text: "two", to: { sigil: "#", name: "dev" } }),
    "no_such_group",
  );
  assertStrictEquals(fixture.history.lastSeq, ended);
  bob.ask({ verb: "join", group: "dev" });
  assertEquals(bob.say("three", "#dev"), [
    { type: "ack", seq: ended + 1, recipients: 0, to: "#dev" },
  ]);
  assertEquals(alice.peer.take(), []);
});

Deno.test("Messaging.reply() answers what was received, not what could not be stored", () => {
  let problem: Failure | undefined;
  const commits = new GroupCommit({
    transactions: { transact: (work) => problem ?? NO_TRANSACTIONS.transact(work) },
    soon: () => {},
    most: 10,
  });
  const fixture = new ChatFixture({
    history: new MemoryHistory({ capacity: 9, now: () => 0, commits }),
  });
  const [alice, bob, carol] = [fixture.join("alice"), fixture.join("bob"), fixture.join("carol")];
  bob.say("heard", "@alice");
  commits.flush();
  problem = failure("storage_full", () => "Not sent");
  carol.say("not heard", "@alice");
  commits.flush();
  problem = undefined;
  alice.ask({ verb: "reply", text: "yes" });
  commits.flush();
  const texts = (client: typeof bob) =>
    client.peer.take().flatMap((event) => event.type === "message" ? [event.text] : []);
  assertEquals([texts(bob), texts(carol)], [["yes"], []]);
  // Messages waiting to be stored are answered as if each came alone.
  bob.say("first", "@alice");
  carol.say("second", "@alice");
  alice.ask({ verb: "reply", text: "to carol" });
  commits.flush();
  assertEquals([texts(bob), texts(carol)], [[], ["to carol"]]);
});
