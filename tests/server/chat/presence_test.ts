import assert from "node:assert/strict";
import type { ServerEvent } from "../../../protocol/events.ts";
import { MAX_NEWS_NAMES } from "../../../protocol/limits.ts";
import { DEFAULT_LIMITS } from "../../../server/limits/limits.ts";
import { CountingEncoder } from "../../fake_peer.ts";
import { ChatFixture } from "./chat_fixture.ts";

const { presenceBurst, presenceGatherMs, presencePerSecond } = DEFAULT_LIMITS;

/** The names in joins one by one, and the summaries, among `events`. */
function told(events: readonly ServerEvent[]): { alone: string[]; together: ServerEvent[] } {
  return {
    alone: events.flatMap((event) => event.type === "joined" ? [event.name] : []),
    together: events.filter((event) => event.type === "presence"),
  };
}

/**
 * A chat in which `watcher` has seen `count` clients join at the same time, and the summary is
 * sent.
 */
function crowded(count: number): { room: ChatFixture; seen: ServerEvent[] } {
  const room = new ChatFixture();
  const watcher = room.join("watcher");
  for (let at = 0; at < count; at++) room.chat.register(room.connect().member, `p${at}`);
  return { room, seen: watcher.peer.events };
}

Deno.test("Presence announces clients that join one by one (R35)", () => {
  const { seen } = crowded(presenceBurst - 1); // the watcher joined too
  assert.equal(told(seen).alone.length, presenceBurst - 1);
  assert.deepEqual(told(seen).together, []);
});

Deno.test("Presence announces a storm together, with some names, the total and none twice", () => {
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

Deno.test("Presence: a few that were delayed are announced as usual, to all but themselves", () => {
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

Deno.test("Presence announces one by one again after a quiet time", () => {
  const { room, seen } = crowded(presenceBurst + 50);
  room.clock.advance(presenceGatherMs);
  seen.length = 0;
  room.clock.advance(1000 / presencePerSecond);
  room.chat.register(room.connect().member, "late");
  assert.deepEqual(told(seen).alone, ["late"]);
});

Deno.test("Presence of a chat that ends announces nothing more and leaves no timer", () => {
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

/** An encoder whose clients keep a list of names. */
class ListingEncoder extends CountingEncoder {
  readonly listsNames = true;
}

Deno.test("Presence announces each one to clients that keep a list of names, in order with renames", () => {
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

Deno.test("Presence announces a few gathered ones to each member once, and to none itself", () => {
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
