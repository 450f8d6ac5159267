// The earlier messages that a new member is sent.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { Dialect } from "../../../protocol/dialect.ts";
import { etx } from "../../../protocol/etx.ts";
import type { ServerEvent } from "../../../protocol/events.ts";
import { framed } from "../../../protocol/framed.ts";
import { MAX_REPLAY_CHARS } from "../../../protocol/limits.ts";
import { native } from "../../../protocol/native.ts";
import { plain } from "../../../protocol/plain.ts";
import { usermsg } from "../../../protocol/usermsg.ts";
import { replayFor } from "../../../server/chat/replay.ts";
import { MemoryHistory } from "../../../server/history/memory_history.ts";
import { appendMessage, fill } from "../history/history_fixture.ts";
import { ChatFixture } from "./chat_fixture.ts";

const NATIVE = { flagsReplay: true };

Deno.test("Chat.register() shows a new member the last 20 messages, marked, after the welcome", () => {
  const fixture = new ChatFixture();
  const alice = fixture.join("alice");
  for (let at = 1; at <= 25; at++) alice.say(`m${at}`);
  const bob = fixture.connect();
  const events = bob.ask({ verb: "hello", name: "bob" });
  const [welcome, ...replayed] = events as [ServerEvent, ...ServerEvent[]];
  assert(welcome.type === "welcome");
  assertStrictEquals(welcome.replay, 20);
  assertStrictEquals(welcome.seq, 25);
  assertStrictEquals(replayed.length, 20);
  for (const [at, event] of replayed.entries()) {
    assert(event.type === "message");
    assertStrictEquals(event.text, `m${at + 6}`);
    assertStrictEquals(event.seq, at + 6);
    assertStrictEquals(event.replay, true);
  }
  assertEquals(alice.peer.take(), [{ type: "joined", name: "bob" }], "nobody else sees it");
});

Deno.test("A new member is shown what was sent to everyone, and nothing else", () => {
  const fixture = new ChatFixture();
  const alice = fixture.join("alice");
  const eve = fixture.join("eve");
  alice.say("before");
  alice.say("for eve", "@eve");
  fixture.chat.groups.join(alice.member, "cooks");
  alice.say("for cooks", "#cooks");
  fixture.chat.messaging.tell(eve.member, "from the operator, for eve");
  fixture.chat.messaging.wall("from the operator");
  const bob = fixture.connect().ask({ verb: "hello", name: "bob" });
  const texts = bob.flatMap((event) => event.type === "message" ? [event.text] : []);
  assertEquals(texts, ["before", "from the operator"]);
});

Deno.test("No message is shown twice: not with a second name, nor with a name that is refused", () => {
  const fixture = new ChatFixture();
  const alice = fixture.join("alice");
  alice.say("hi");
  const bob = fixture.connect();
  assertStrictEquals(bob.refused({ verb: "hello", name: "alice" }), "name_taken");
  const shown = bob.ask({ verb: "hello", name: "bob" });
  assertStrictEquals(shown.filter(({ type }) => type === "message").length, 1);
  assertEquals(bob.ask({ verb: "rename", name: "rob" }).map(({ type }) => type), ["renamed"]);
});

Deno.test("replayFor() is for dialects that can mark what is old, and none where none is wanted", () => {
  const history = new MemoryHistory({ capacity: 50, now: () => 0 });
  fill(history, 30);
  const count = (dialect: Dialect, most = 20): number =>
    replayFor(dialect, history, { replayMessages: most }).length;
  assertEquals([count(native), count(plain)], [20, 20]);
  assertEquals([count(usermsg), count(framed), count(etx)], [0, 0, 0]);
  assertStrictEquals(count(native, 0), 0);
  assertStrictEquals(count(native, 200), 30);
});

Deno.test("replayFor() shows fewer if they are long, the newest: many clients may join at the same time", () => {
  const history = new MemoryHistory({ capacity: 50, now: () => 0 });
  for (let at = 0; at < 20; at++) appendMessage(history, { text: "x".repeat(8_192) });
  const replayed = replayFor(NATIVE, history, { replayMessages: 20 });
  assertStrictEquals(replayed.length, MAX_REPLAY_CHARS / 8_192);
  assertStrictEquals(replayed.at(-1)?.seq, 20);
});

Deno.test("replayFor() does not search a history that is all private", () => {
  const history = new MemoryHistory({ capacity: 5_000, now: () => 0 });
  appendMessage(history, { text: "long ago" });
  const audience = { kind: "people", serials: [1, 2] } as const;
  for (let at = 0; at < 1_000; at++) appendMessage(history, { to: "@bob", audience });
  assertEquals(replayFor(NATIVE, history, { replayMessages: 20 }), []);
  appendMessage(history, { text: "now" });
  const texts = replayFor(NATIVE, history, { replayMessages: 20 }).map(({ text }) => text);
  assertEquals(texts, ["now"]);
});
