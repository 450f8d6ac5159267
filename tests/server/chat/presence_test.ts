import assert from "node:assert/strict";
import type { ServerEvent } from "../../../protocol/events.ts";
import { MAX_NEWS_NAMES } from "../../../protocol/limits.ts";
import { DEFAULT_LIMITS } from "../../../server/limits/limits.ts";
import { CountingEncoder } from "../../fake_peer.ts";
import { ChatFixture } from "./chat_fixture.ts";

const { presenceBurst, presenceGatherMs, presencePerSecond } = DEFAULT_LIMITS;

/** What `events` tell of who came, one by one and together. */
function told(events: readonly ServerEvent[]): { alone: string[]; together: ServerEvent[] } {
  return {
    alone: events.flatMap((event) => event.type === "joined" ? [event.name] : []),
    together: events.filter((event) => event.type === "presence"),
  };
}

/** A room in which `watcher` has seen `count` people come at once, and all were told of. */
function crowded(count: number): { room: ChatFixture; seen: ServerEvent[] } {
  const room = new ChatFixture();
  const watcher = room.join("watcher");
  for (let at = 0; at < count; at++) room.chat.register(room.connect().member, `p${at}`);
  return { room, seen: watcher.peer.events };
}

Deno.test("Presence tells a class that sits down one by one (R35)", () => {
  const { seen } = crowded(presenceBurst - 1); // the watcher came too
  assert.equal(told(seen).alone.length, presenceBurst - 1);
  assert.deepEqual(told(seen).together, []);
});

Deno.test("Presence tells of a storm together, with some names, the total and no one twice", () => {
  const { room, seen } = crowded(2000);
  assert.equal(told(seen).alone.length, presenceBurst - 1);
  assert.deepEqual(told(seen).together, [], "not yet");
  room.clock.advance(presenceGatherMs);
  const names = Array.from({ length: MAX_NEWS_NAMES }, (_, at) => `p${presenceBurst - 1 + at}`);
  const joined = 2000 - (presenceBurst - 1);
  const event = { type: "presence", joined, left: 0, names, gone: [], total: 2001 };
  assert.deepEqual(told(seen).together, [event]);
  room.clock.advance(60_000);
  assert.equal(told(seen).together.length, 1);
});

Deno.test("Presence: who came and went within the moment is not named as here", () => {
  const { room, seen } = crowded(presenceBurst);
  const [ana, bob] = ["ana", "bob"].map((name) => {
    const person = room.connect();
    room.chat.register(person.member, name);
    return person;
  });
  assert.ok(ana && bob);
  for (let at = 0; at < 3; at++) room.chat.register(room.connect().member, `late${at}`);
  room.chat.leave(ana.member, "bye");
  room.clock.advance(presenceGatherMs);
  assert.deepEqual(told(seen).together, [{
    type: "presence",
    joined: 6,
    left: 1,
    names: [`p${presenceBurst - 1}`, "bob", "late0", "late1", "late2"],
    gone: ["ana"],
    total: presenceBurst + 5,
  }]);
});

Deno.test("Presence: a few who had to wait are told as ever, to all but themselves", () => {
  const { room, seen } = crowded(presenceBurst - 1);
  const late = room.connect();
  room.chat.register(late.member, "late");
  room.chat.leave(late.member, "bye");
  assert.equal(told(seen).alone.length, presenceBurst - 1);
  room.clock.advance(presenceGatherMs);
  assert.deepEqual(seen.slice(-2), [
    { type: "joined", name: "late" },
    { type: "left", name: "late" },
  ]);
  assert.deepEqual(told(late.peer.events).alone, []);
});

Deno.test("Presence tells one by one again when it has become quiet", () => {
  const { room, seen } = crowded(presenceBurst + 50);
  room.clock.advance(presenceGatherMs);
  seen.length = 0;
  room.clock.advance(1000 / presencePerSecond);
  room.chat.register(room.connect().member, "late");
  assert.deepEqual(told(seen).alone, ["late"]);
});

Deno.test("Presence of a chat that disbands tells nothing more and leaves no timer", () => {
  const { room, seen } = crowded(presenceBurst + 1);
  assert.equal(room.clock.pending, 1);
  room.chat.muteDepartures();
  assert.equal(room.clock.pending, 0);
  room.clock.advance(presenceGatherMs);
  assert.deepEqual(told(seen).together, []);
});

Deno.test("Presence: the operator sees everyone one by one all the same", () => {
  const { room } = crowded(500);
  assert.equal(told(room.observed).alone.length, 501);
});

/** An encoder whose readers keep a list of names. */
class ListingEncoder extends CountingEncoder {
  readonly listsNames = true;
}

Deno.test("Presence tells readers who keep a list of names of each one, in order with new names", () => {
  const room = new ChatFixture();
  const lister = room.join("lister", { encoder: new ListingEncoder() });
  const watcher = room.join("watcher");
  const crowd = Array.from({ length: presenceBurst + 10 }, (_, at) => {
    const person = room.connect();
    room.chat.register(person.member, `p${at}`);
    return person;
  });
  const [first, last] = [crowd[0], crowd.at(-1)];
  assert.ok(first && last);
  const was = last.name;
  room.chat.rename(last.member, "renamed");
  room.chat.leave(first.member, "bye", "tired");
  assert.deepEqual(lister.peer.take(), [
    ...crowd.map((_, at) => ({ type: "joined", name: `p${at}` })),
    { type: "renamed", was, name: "renamed" },
    { type: "left", name: "p0", reason: "tired" },
  ]);
  room.clock.advance(presenceGatherMs);
  assert.deepEqual(lister.peer.take(), [], "and no summary");
  assert.equal(told(watcher.peer.events).alone.length, presenceBurst - 2);
  assert.equal(told(watcher.peer.events).together.length, 1, "the others get one");
});

Deno.test("Presence tells few that were gathered to each reader once, and to none of itself", () => {
  const room = new ChatFixture();
  const lister = room.join("lister", { encoder: new ListingEncoder() });
  const watcher = room.join("watcher");
  for (let at = 2; at < presenceBurst; at++) room.join(`p${at}`);
  lister.peer.take();
  watcher.peer.take();
  const late = room.connect({ encoder: new ListingEncoder() });
  room.chat.register(late.member, "late");
  room.clock.advance(presenceGatherMs);
  const joined = { type: "joined", name: "late" };
  assert.deepEqual(lister.peer.take(), [joined]);
  assert.deepEqual(watcher.peer.take(), [joined]);
  assert.deepEqual(late.peer.take().map(({ type }) => type), ["welcome"]);
});
