import assert from "node:assert/strict";
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
  const room = new ChatFixture();
  const ann = memberWithToken(room, "ann");
  const bob = room.join("bob");
  ann.ask({ verb: "join", group: "dev" });
  bob.peer.take();
  room.drop(ann, "reset");
  assert.deepEqual(bob.peer.take(), []);
  const [refused] = room.connect().ask({ verb: "hello", name: "Ann" });
  assert.ok(refused?.type === "error" && refused.code === "name_taken");
  assert.match(refused.message, /wait a moment: "Ann" was cut off and may come back/);
  const [who] = bob.ask({ verb: "who" });
  assert.ok(who?.type === "who");
  const away = who.users.find(({ name }) => name === "ann");
  assert.equal(away?.away, true);
  assert.deepEqual(away?.groups, ["dev"]);
  room.clock.advance(GRACE_MS - 1);
  assert.deepEqual(bob.peer.take(), []);
  room.clock.advance(1);
  assert.deepEqual(bob.peer.take(), [{ type: "left", name: "ann", reason: "connection lost" }]);
  assert.equal(room.chat.groups.size, 0);
  room.join("ann");
});

Deno.test("Chat.leave() frees the name immediately of a member that did not ask, or left on purpose", () => {
  for (const reason of ["bye", "kicked", "line_too_long"] as const) {
    const room = new ChatFixture();
    const ann = memberWithToken(room, "ann");
    room.drop(ann, reason);
    room.join("ann");
    assert.deepEqual(eventTypes(resumeMember(room, ann.token).told), ["error"], reason);
  }
  const room = new ChatFixture();
  room.drop(room.join("ann"), "reset");
  room.join("ann");
});

Deno.test("resume() gives back name, number and groups, and what was sent meanwhile, once", () => {
  const room = new ChatFixture();
  const ann = memberWithToken(room, "ann");
  const bob = room.join("bob");
  ann.ask({ verb: "join", group: "dev" });
  bob.ask({ verb: "join", group: "dev" });
  bob.say("one");
  room.drop(ann, "reset");
  bob.say("two");
  bob.say("three", "@ann");
  bob.say("four", "#dev");
  bob.ask({ verb: "leave", group: "dev" });
  bob.peer.take();
  const { person, told } = resumeMember(room, ann.token, 1);
  assert.deepEqual(eventTypes(told), ["welcome", "message", "message", "message"]);
  const [welcome] = told;
  assert.ok(welcome?.type === "welcome");
  assert.equal(welcome.resumed, true);
  assert.equal(welcome.ref, "r");
  assert.equal(welcome.name, "ann");
  assert.equal(welcome.id, ann.member.id);
  assert.equal(welcome.session, ann.token);
  assert.deepEqual(welcome.groups, ["dev"]);
  assert.deepEqual(messageTexts(told), ["two", "three", "four"]);
  assert.ok(told.every((event) => !("replay" in event)), "it was not heard before");
  assert.deepEqual(bob.peer.take(), [], "nobody hears of a blip");
  bob.say("five");
  bob.say("six", "@ann");
  assert.deepEqual(messageTexts(person.peer.take()), ["five", "six"]);
  room.clock.advance(GRACE_MS * 2);
  assert.equal(room.chat.members.size, 2);
});

Deno.test("resume() takes the place of a connection that is still believed open", () => {
  const room = new ChatFixture();
  const ann = memberWithToken(room, "ann");
  const bob = room.join("bob");
  const { person, told } = resumeMember(room, ann.token);
  assert.deepEqual(eventTypes(told), ["welcome"]);
  assert.deepEqual(ann.peer.closes, [{ reason: "resumed", detail: undefined }]);
  room.drop(ann, "resumed");
  bob.say("hi");
  assert.deepEqual(messageTexts(person.peer.take()), ["hi"]);
  assert.deepEqual(messageTexts(ann.peer.take()), []);
  assert.equal(room.chat.members.size, 2);
  // And again, from the connection that took over.
  const again = resumeMember(room, ann.token, 1);
  assert.deepEqual(person.peer.closes, [{ reason: "resumed", detail: undefined }]);
  assert.deepEqual(messageTexts(again.told), []);
});

Deno.test("resume() of a number that is current, old, 0, from the future or purged (F28)", () => {
  const room = new ChatFixture({ capacity: 3 });
  const ann = memberWithToken(room, "ann");
  const bob = room.join("bob");
  for (const text of ["1", "2", "3", "4", "5"]) bob.say(text);
  const gapsAndTexts = (since: number) => {
    const { told } = resumeMember(room, ann.token, since);
    const gaps = told.flatMap((event) => event.type === "gap" ? [[event.from, event.to]] : []);
    return [gaps, messageTexts(told)];
  };
  assert.deepEqual(gapsAndTexts(5), [[], []]);
  assert.deepEqual(gapsAndTexts(4), [[], ["5"]]);
  assert.deepEqual(gapsAndTexts(2), [[], ["3", "4", "5"]]);
  assert.deepEqual(gapsAndTexts(1), [[[2, 2]], ["3", "4", "5"]]);
  assert.deepEqual(gapsAndTexts(0), [[[1, 2]], ["3", "4", "5"]]);
  assert.deepEqual(gapsAndTexts(9), [[[6, 9]], []]);
});

Deno.test("resume() refuses an unknown session, and the connection can begin a new one", () => {
  const room = new ChatFixture();
  const { person, told } = resumeMember(room, "no such token");
  assert.ok(told[0]?.type === "error");
  assert.equal(told[0].code, "no_such_session");
  assert.equal(told[0].ref, "r");
  assert.deepEqual(eventTypes(person.ask({ verb: "hello", name: "ann", hold: true })), ["welcome"]);
});

Deno.test("resume() refuses a member that was banned meanwhile, or kicked", () => {
  let banned = false;
  const refuses = () => banned ? failure("banned", () => "banned: x") : undefined;
  const room = new ChatFixture({ refuses });
  const ann = memberWithToken(room, "ann");
  room.drop(ann, "eof");
  banned = true;
  const { person } = resumeMember(room, ann.token);
  assert.deepEqual(person.peer.closes, [{ reason: "banned", detail: "banned: x" }]);
  banned = false;
  const bob = room.join("bob");
  room.chat.find("ann")?.peer.close("kicked", "kicked: spam");
  assert.deepEqual(bob.peer.take(), [{ type: "left", name: "ann", reason: "kicked: spam" }]);
  assert.deepEqual(eventTypes(resumeMember(room, ann.token).told), ["error"]);
});

Deno.test("resume() sends as much at a time as is read, and no message twice or out of order", () => {
  const room = new ChatFixture({ capacity: 1_000 });
  const ann = memberWithToken(room, "ann");
  const bob = room.join("bob");
  room.drop(ann, "slow");
  for (let at = 1; at <= 120; at++) bob.say(`${at}`);
  const { person, told } = resumeMember(room, ann.token);
  assert.equal(messageTexts(told).length, 50);
  const seen = [...told];
  const read = () => {
    const { onLow } = person.peer.outbox;
    person.peer.outbox.onLow = undefined;
    onLow?.();
    seen.push(...person.peer.take());
  };
  bob.say("121");
  bob.say("122", "@ann");
  person.ask({ verb: "say", text: "123" }).forEach((event) => seen.push(event));
  room.connect().ask({ verb: "hello", name: "eve" });
  read();
  assert.equal(messageTexts(seen).length, 100);
  assert.ok(seen.some(({ type }) => type === "joined"), "other news does not wait");
  read();
  bob.say("124");
  seen.push(...person.peer.take());
  const expected = Array.from({ length: 124 }, (_, at) => `${at + 1}`);
  assert.deepEqual(messageTexts(seen), expected);
  assert.equal(seen.filter(({ type }) => type === "ack").length, 1);
  assert.equal(person.peer.outbox.onLow, undefined, "nothing is left to tell");
});

Deno.test("resume() twice in the middle of catching up continues with the last connection only", () => {
  const room = new ChatFixture({ capacity: 1_000 });
  const ann = memberWithToken(room, "ann");
  const bob = room.join("bob");
  room.drop(ann, "reset");
  for (let at = 1; at <= 80; at++) bob.say(`${at}`);
  const first = resumeMember(room, ann.token);
  const second = resumeMember(room, ann.token, 50);
  first.person.peer.take();
  first.person.peer.outbox.onLow?.();
  assert.deepEqual(first.person.peer.take(), []);
  assert.deepEqual(messageTexts(second.told).length, 30);
  bob.say("live");
  assert.deepEqual(messageTexts(second.person.peer.take()), ["live"]);
});

Deno.test("a message whose ack was lost is stored and delivered once, however often it is sent", () => {
  const room = new ChatFixture();
  const ann = memberWithToken(room, "ann");
  const bob = room.join("bob");
  const said = { verb: "say", text: "hi", ref: "m1" } as const;
  const [, ack] = ann.ask(said);
  assert.equal(ack?.type, "ack");
  bob.peer.take();
  room.drop(ann, "reset");
  const { person } = resumeMember(room, ann.token, 1);
  assert.deepEqual(person.ask(said), [ack], "the same number");
  assert.deepEqual(bob.peer.take(), []);
  assert.equal(person.refused({ ...said, text: "other" }), "ref_reused");
  assert.equal(room.history.lastSeq, 1);
  assert.equal(messageTexts(person.ask({ ...said, ref: "m2" })).length, 1, "another message");
  // A member that did not ask to be held may number its messages as it likes.
  const [message] = bob.ask(said);
  assert.equal(message?.type, "ack");
  assert.deepEqual(eventTypes(bob.ask(said)), ["ack"]);
  assert.equal(room.history.lastSeq, 4);
});

Deno.test("resume() reports what is purged while a member catches up (F28)", () => {
  const room = new ChatFixture({ capacity: 100 });
  const ann = memberWithToken(room, "ann");
  const bob = room.join("bob");
  room.drop(ann, "reset");
  const speak = (from: number, to: number) => {
    for (let at = from; at <= to; at++) bob.say(`${at}`);
  };
  speak(1, 90);
  const { person, told } = resumeMember(room, ann.token);
  assert.equal(messageTexts(told).length, 50);
  speak(91, 180); // the server remembers 81 to 180
  const seen = [...told];
  for (let pages = 0; pages < 3; pages++) {
    const { onLow } = person.peer.outbox;
    person.peer.outbox.onLow = undefined;
    onLow?.();
    seen.push(...person.peer.take());
  }
  const gaps = seen.filter(({ type }) => type === "gap");
  assert.deepEqual(gaps, [{ type: "gap", from: 51, to: 80 }]);
  const seqs = seen.flatMap((event) => event.type === "message" ? [event.seq] : []);
  const upTo = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, at) => from + at);
  assert.deepEqual(seqs, [...upTo(1, 50), ...upTo(81, 180)]);
});

Deno.test("Chat.leave() forgets a member if too many are held already", () => {
  const sessions = new MemorySessionStore();
  const room = new ChatFixture({ sessions, limits: { maxHeld: 1 } });
  const [ann, bob] = [memberWithToken(room, "ann"), memberWithToken(room, "bob")];
  room.drop(ann, "reset");
  room.drop(bob, "reset");
  assert.ok(sessions.find(ann.token));
  assert.equal(sessions.find(bob.token), undefined);
  room.join("bob");
  room.clock.advance(GRACE_MS);
  assert.equal(sessions.find(ann.token), undefined);
});

Deno.test("resume() is announced like a registration, for the log and the countdown", () => {
  const room = new ChatFixture();
  const ann = memberWithToken(room, "ann");
  room.drop(ann, "reset");
  resumeMember(room, ann.token);
  assert.deepEqual(room.registered, ["ann", "ann"]);
});

Deno.test("a message whose ack was lost is acknowledged also when it could not be sent any more", () => {
  const room = new ChatFixture();
  const ann = memberWithToken(room, "ann");
  const bob = room.join("bob");
  bob.ask({ verb: "join", group: "dev" });
  const to = (sigil: "@" | "#", name: string) => ({ sigil, name });
  const private_ = { verb: "say", text: "psst", to: to("@", "BOB"), ref: 1 } as const;
  const inGroup = { verb: "say", text: "all", to: to("#", "dev"), ref: 2 } as const;
  const public_ = { verb: "say", text: "hi", ref: 3 } as const;
  for (const said of [private_, inGroup, public_]) ann.ask(said);
  bob.ask({ verb: "leave", group: "dev" });
  bob.ask({ verb: "rename", name: "robert" });
  room.drop(ann, "reset");
  room.chat.messaging.mutes.add({ name: "ann", until: Infinity });
  const { person } = resumeMember(room, ann.token, 3);
  const seqs = [private_, inGroup, public_].map((said) =>
    person.ask(said).map((event) => event.type === "ack" ? event.seq : event)
  );
  assert.deepEqual(seqs, [[1], [2], [3]]);
  assert.equal(person.refused({ ...public_, ref: 4 }), "muted");
  assert.equal(person.refused({ ...public_, text: "other" }), "muted");
});

Deno.test("a ref is bound to its target: a message to one is not acknowledged as one to another", () => {
  const room = new ChatFixture();
  const ann = memberWithToken(room, "ann");
  room.join("bob");
  room.join("cat");
  const said = { verb: "say", text: "hi", to: { sigil: "@", name: "bob" }, ref: 1 } as const;
  ann.ask(said);
  assert.equal(ann.refused({ ...said, to: { sigil: "@", name: "cat" } }), "ref_reused");
  assert.equal(ann.refused({ verb: "say", text: "hi", ref: 1 }), "ref_reused");
  assert.equal(ann.refused({ ...said, to: { sigil: "@", name: "nobody" } }), "no_such_name");
});
