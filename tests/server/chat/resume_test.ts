import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { failure } from "../../../protocol/failures.ts";
import {
  eventTypes,
  GRACE_MS,
  memberWithToken,
  messageTexts,
  resumeMember,
} from "./resuming_members.ts";
import { MemorySessionStore } from "../../../server/storage/session_store.ts";
import { ChatFixture } from "./chat_fixture.ts";

Deno.test("Chat.leave() holds the name of a member that asked for it, without an announcement", () => {
  const fixture = new ChatFixture();
  const ann = memberWithToken(fixture, "ann");
  const bob = fixture.join("bob");
  ann.ask({ verb: "join", group: "dev" });
  bob.peer.take();
  fixture.drop(ann, "reset");
  assertEquals(bob.peer.take(), []);
  const [refused] = fixture.connect().ask({ verb: "hello", name: "Ann" });
  assert(refused?.type === "error" && refused.code === "name_taken");
  assertMatch(refused.message, /wait a moment: "Ann" was cut off and may come back/);
  const [who] = bob.ask({ verb: "who" });
  assert(who?.type === "who");
  const away = who.users.find(({ name }) => name === "ann");
  assertStrictEquals(away?.away, true);
  assertEquals(away?.groups, ["dev"]);
  fixture.clock.advance(GRACE_MS - 1);
  assertEquals(bob.peer.take(), []);
  fixture.clock.advance(1);
  assertEquals(bob.peer.take(), [{ type: "left", name: "ann", reason: "connection lost" }]);
  assertStrictEquals(fixture.chat.groups.size, 0);
  fixture.join("ann");
});

Deno.test("Chat.leave() frees the name immediately of a member that did not ask, or left on purpose", () => {
  for (const reason of ["bye", "kicked", "line_too_long"] as const) {
    const fixture = new ChatFixture();
    const ann = memberWithToken(fixture, "ann");
    fixture.drop(ann, reason);
    fixture.join("ann");
    assertEquals(eventTypes(resumeMember(fixture, ann.token).reported), ["error"], reason);
  }
  const fixture = new ChatFixture();
  fixture.drop(fixture.join("ann"), "reset");
  fixture.join("ann");
});

Deno.test("resume() gives back name, number and groups, and what was sent meanwhile, once", () => {
  const fixture = new ChatFixture();
  const ann = memberWithToken(fixture, "ann");
  const bob = fixture.join("bob");
  ann.ask({ verb: "join", group: "dev" });
  bob.ask({ verb: "join", group: "dev" });
  bob.say("one");
  fixture.drop(ann, "reset");
  bob.say("two");
  bob.say("three", "@ann");
  bob.say("four", "#dev");
  bob.ask({ verb: "leave", group: "dev" });
  bob.peer.take();
  const { client, reported } = resumeMember(fixture, ann.token, 1);
  assertEquals(eventTypes(reported), ["welcome", "message", "message", "message"]);
  const [welcome] = reported;
  assert(welcome?.type === "welcome");
  assertStrictEquals(welcome.resumed, true);
  assertStrictEquals(welcome.ref, "r");
  assertStrictEquals(welcome.name, "ann");
  assertStrictEquals(welcome.id, ann.member.id);
  assertStrictEquals(welcome.session, ann.token);
  assertEquals(welcome.groups, ["dev"]);
  assertEquals(messageTexts(reported), ["two", "three", "four"]);
  assert(reported.every((event) => !("replay" in event)), "it was not heard before");
  assertEquals(bob.peer.take(), [], "nobody hears of a blip");
  bob.say("five");
  bob.say("six", "@ann");
  assertEquals(messageTexts(client.peer.take()), ["five", "six"]);
  fixture.clock.advance(GRACE_MS * 2);
  assertStrictEquals(fixture.chat.members.size, 2);
});

Deno.test("resume() takes the place of a connection that is still believed open", () => {
  const fixture = new ChatFixture();
  const ann = memberWithToken(fixture, "ann");
  const bob = fixture.join("bob");
  const { client, reported } = resumeMember(fixture, ann.token);
  assertEquals(eventTypes(reported), ["welcome"]);
  assertEquals(ann.peer.closes, [{ reason: "resumed", detail: undefined }]);
  fixture.drop(ann, "resumed");
  bob.say("hi");
  assertEquals(messageTexts(client.peer.take()), ["hi"]);
  assertEquals(messageTexts(ann.peer.take()), []);
  assertStrictEquals(fixture.chat.members.size, 2);
  // And again, from the connection that took over.
  const again = resumeMember(fixture, ann.token, 1);
  assertEquals(client.peer.closes, [{ reason: "resumed", detail: undefined }]);
  assertEquals(messageTexts(again.reported), []);
});

Deno.test("resume() of a number that is current, old, 0, from the future or purged (F28)", () => {
  const fixture = new ChatFixture({ capacity: 3 });
  const ann = memberWithToken(fixture, "ann");
  const bob = fixture.join("bob");
  for (const text of ["1", "2", "3", "4", "5"]) bob.say(text);
  const gapsAndTexts = (since: number) => {
    const { reported } = resumeMember(fixture, ann.token, since);
    const gaps = reported.flatMap((event) => event.type === "gap" ? [[event.from, event.to]] : []);
    return [gaps, messageTexts(reported)];
  };
  assertEquals(gapsAndTexts(5), [[], []]);
  assertEquals(gapsAndTexts(4), [[], ["5"]]);
  assertEquals(gapsAndTexts(2), [[], ["3", "4", "5"]]);
  assertEquals(gapsAndTexts(1), [[[2, 2]], ["3", "4", "5"]]);
  assertEquals(gapsAndTexts(0), [[[1, 2]], ["3", "4", "5"]]);
  assertEquals(gapsAndTexts(9), [[[6, 9]], []]);
});

Deno.test("resume() refuses an unknown session, and the connection can begin a new one", () => {
  const fixture = new ChatFixture();
  const { client, reported } = resumeMember(fixture, "no such token");
  assert(reported[0]?.type === "error");
  assertStrictEquals(reported[0].code, "no_such_session");
  assertStrictEquals(reported[0].ref, "r");
  assertEquals(eventTypes(client.ask({ verb: "hello", name: "ann", hold: true })), ["welcome"]);
});

Deno.test("resume() refuses a member that was banned meanwhile, or kicked", () => {
  let banned = false;
  const refuses = () => banned ? failure("banned", () => "banned: x") : undefined;
  const fixture = new ChatFixture({ refuses });
  const ann = memberWithToken(fixture, "ann");
  fixture.drop(ann, "eof");
  banned = true;
  const { client } = resumeMember(fixture, ann.token);
  assertEquals(client.peer.closes, [{ reason: "banned", detail: "banned: x" }]);
  banned = false;
  const bob = fixture.join("bob");
  fixture.chat.find("ann")?.peer.close("kicked", "kicked: spam");
  assertEquals(bob.peer.take(), [{ type: "left", name: "ann", reason: "kicked: spam" }]);
  assertEquals(eventTypes(resumeMember(fixture, ann.token).reported), ["error"]);
});

Deno.test("resume() sends as much at a time as is read, and no message twice or out of order", () => {
  const fixture = new ChatFixture({ capacity: 1_000 });
  const ann = memberWithToken(fixture, "ann");
  const bob = fixture.join("bob");
  fixture.drop(ann, "slow");
  for (let at = 1; at <= 120; at++) bob.say(`${at}`);
  const { client, reported } = resumeMember(fixture, ann.token);
  assertStrictEquals(messageTexts(reported).length, 50);
  const seen = [...reported];
  const read = () => {
    const { onLow } = client.peer.outbox;
    client.peer.outbox.onLow = undefined;
    onLow?.();
    seen.push(...client.peer.take());
  };
  bob.say("121");
  bob.say("122", "@ann");
  client.ask({ verb: "say", text: "123" }).forEach((event) => seen.push(event));
  fixture.connect().ask({ verb: "hello", name: "eve" });
  read();
  assertStrictEquals(messageTexts(seen).length, 100);
  assert(seen.some(({ type }) => type === "joined"), "other news does not wait");
  read();
  bob.say("124");
  seen.push(...client.peer.take());
  const expected = Array.from({ length: 124 }, (_, at) => `${at + 1}`);
  assertEquals(messageTexts(seen), expected);
  assertStrictEquals(seen.filter(({ type }) => type === "ack").length, 1);
  assertStrictEquals(client.peer.outbox.onLow, undefined, "nothing is left to tell");
});

Deno.test("resume() twice in the middle of catching up continues with the last connection only", () => {
  const fixture = new ChatFixture({ capacity: 1_000 });
  const ann = memberWithToken(fixture, "ann");
  const bob = fixture.join("bob");
  fixture.drop(ann, "reset");
  for (let at = 1; at <= 80; at++) bob.say(`${at}`);
  const first = resumeMember(fixture, ann.token);
  const second = resumeMember(fixture, ann.token, 50);
  first.client.peer.take();
  first.client.peer.outbox.onLow?.();
  assertEquals(first.client.peer.take(), []);
  assertEquals(messageTexts(second.reported).length, 30);
  bob.say("live");
  assertEquals(messageTexts(second.client.peer.take()), ["live"]);
});

Deno.test("a message whose ack was lost is stored and delivered once, however often it is sent", () => {
  const fixture = new ChatFixture();
  const ann = memberWithToken(fixture, "ann");
  const bob = fixture.join("bob");
  const sent = { verb: "say", text: "hi", ref: "m1" } as const;
  const [, ack] = ann.ask(sent);
  assertStrictEquals(ack?.type, "ack");
  bob.peer.take();
  fixture.drop(ann, "reset");
  const { client } = resumeMember(fixture, ann.token, 1);
  assertEquals(client.ask(sent), [ack], "the same number");
  assertEquals(bob.peer.take(), []);
  assertStrictEquals(client.refused({ ...sent, text: "other" }), "ref_reused");
  assertStrictEquals(fixture.history.lastSeq, 1);
  assertStrictEquals(messageTexts(client.ask({ ...sent, ref: "m2" })).length, 1, "another message");
  // A member that did not ask to be held may number its messages as it likes.
  const [message] = bob.ask(sent);
  assertStrictEquals(message?.type, "ack");
  assertEquals(eventTypes(bob.ask(sent)), ["ack"]);
  assertStrictEquals(fixture.history.lastSeq, 4);
});

Deno.test("resume() reports what is purged while a member catches up (F28)", () => {
  const fixture = new ChatFixture({ capacity: 100 });
  const ann = memberWithToken(fixture, "ann");
  const bob = fixture.join("bob");
  fixture.drop(ann, "reset");
  const speak = (from: number, to: number) => {
    for (let at = from; at <= to; at++) bob.say(`${at}`);
  };
  speak(1, 90);
  const { client, reported } = resumeMember(fixture, ann.token);
  assertStrictEquals(messageTexts(reported).length, 50);
  speak(91, 180); // the server remembers 81 to 180
  const seen = [...reported];
  for (let pages = 0; pages < 3; pages++) {
    const { onLow } = client.peer.outbox;
    client.peer.outbox.onLow = undefined;
    onLow?.();
    seen.push(...client.peer.take());
  }
  const gaps = seen.filter(({ type }) => type === "gap");
  assertEquals(gaps, [{ type: "gap", from: 51, to: 80 }]);
  const seqs = seen.flatMap((event) => event.type === "message" ? [event.seq] : []);
  const upTo = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, at) => from + at);
  assertEquals(seqs, [...upTo(1, 50), ...upTo(81, 180)]);
});

Deno.test("Chat.leave() forgets a member if too many are held already", () => {
  const sessions = new MemorySessionStore();
  const fixture = new ChatFixture({ sessions, limits: { maxHeld: 1 } });
  const [ann, bob] = [memberWithToken(fixture, "ann"), memberWithToken(fixture, "bob")];
  fixture.drop(ann, "reset");
  fixture.drop(bob, "reset");
  assert(sessions.find(ann.token));
  assertStrictEquals(sessions.find(bob.token), undefined);
  fixture.join("bob");
  fixture.clock.advance(GRACE_MS);
  assertStrictEquals(sessions.find(ann.token), undefined);
});

Deno.test("resume() is announced like a registration, for the log and the countdown", () => {
  const fixture = new ChatFixture();
  const ann = memberWithToken(fixture, "ann");
  fixture.drop(ann, "reset");
  resumeMember(fixture, ann.token);
  assertEquals(fixture.registered, ["ann", "ann"]);
});

Deno.test("a message whose ack was lost is acknowledged also when it could not be sent any more", () => {
  const fixture = new ChatFixture();
  const ann = memberWithToken(fixture, "ann");
  const bob = fixture.join("bob");
  bob.ask({ verb: "join", group: "dev" });
  const to = (sigil: "@" | "#", name: string) => ({ sigil, name });
  const private_ = { verb: "say", text: "psst", to: to("@", "BOB"), ref: 1 } as const;
  const inGroup = { verb: "say", text: "all", to: to("#", "dev"), ref: 2 } as const;
  const public_ = { verb: "say", text: "hi", ref: 3 } as const;
  for (const sent of [private_, inGroup, public_]) ann.ask(sent);
  bob.ask({ verb: "leave", group: "dev" });
  bob.ask({ verb: "rename", name: "robert" });
  fixture.drop(ann, "reset");
  fixture.chat.messaging.mutes.add({ name: "ann", until: Infinity });
  const { client } = resumeMember(fixture, ann.token, 3);
  const seqs = [private_, inGroup, public_].map((sent) =>
    client.ask(sent).map((event) => event.type === "ack" ? event.seq : event)
  );
  assertEquals(seqs, [[1], [2], [3]]);
  assertStrictEquals(client.refused({ ...public_, ref: 4 }), "muted");
  assertStrictEquals(client.refused({ ...public_, text: "other" }), "muted");
});

Deno.test("a ref is bound to its target: a message to one is not acknowledged as one to another", () => {
  const fixture = new ChatFixture();
  const ann = memberWithToken(fixture, "ann");
  fixture.join("bob");
  fixture.join("cat");
  const sent = { verb: "say", text: "hi", to: { sigil: "@", name: "bob" }, ref: 1 } as const;
  ann.ask(sent);
  assertStrictEquals(ann.refused({ ...sent, to: { sigil: "@", name: "cat" } }), "ref_reused");
  assertStrictEquals(ann.refused({ verb: "say", text: "hi", ref: 1 }), "ref_reused");
  assertStrictEquals(ann.refused({ ...sent, to: { sigil: "@", name: "nobody" } }), "no_such_name");
});
