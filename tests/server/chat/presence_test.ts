import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { ServerEvent } from "../../../protocol/events.ts";
import { MAX_NEWS_NAMES } from "../../../protocol/limits.ts";
import { DEFAULT_LIMITS } from "../../../server/limits/limits.ts";
import { CountingEncoder } from "../../fake_peer.ts";
import { ChatFixture } from "./chat_fixture.ts";

const { presenceBurst, presenceGatherMs, presencePerSecond } = DEFAULT_LIMITS;

/** The names in joins one by one, and the summaries, among `events`. */
function reported(events: readonly ServerEvent[]): { alone: string[]; together: ServerEvent[] } {
  return {
    alone: events.flatMap((event) => event.type === "joined" ? [event.name] : []),
    together: events.filter((event) => event.type === "presence"),
  };
}

/**
 * A chat in which `watcher` has seen `count` clients join at the same time, and the summary is
 * sent.
 */
function crowded(count: number): { fixture: ChatFixture; seen: ServerEvent[] } {
  const fixture = new ChatFixture();
  const watcher = fixture.join("watcher");
  for (let at = 0; at < count; at++) fixture.chat.register(fixture.connect().member, `p${at}`);
  return { fixture, seen: watcher.peer.events };
}

Deno.test("Presence announces clients that join one by one (R35)", () => {
  const { seen } = crowded(presenceBurst - 1); // the watcher joined too
  assertStrictEquals(reported(seen).alone.length, presenceBurst - 1);
  assertEquals(reported(seen).together, []);
});

Deno.test("Presence announces a storm together, with some names, the total and none twice", () => {
  const { fixture, seen } = crowded(2000);
  assertStrictEquals(reported(seen).alone.length, presenceBurst - 1);
  assertEquals(reported(seen).together, [], "not yet");
  fixture.clock.advance(presenceGatherMs);
  const names = Array.from({ length: MAX_NEWS_NAMES }, (_, at) => `p${presenceBurst - 1 + at}`);
  const joined = 2000 - (presenceBurst - 1);
  const event = { type: "presence", joined, left: 0, names, gone: [], total: 2001 };
  assertEquals<unknown>(reported(seen).together, [event]);
  fixture.clock.advance(60_000);
  assertStrictEquals(reported(seen).together.length, 1);
});

Deno.test("Presence: who came and went within the moment is not named as here", () => {
  const { fixture, seen } = crowded(presenceBurst);
  const [ana, bob] = ["ana", "bob"].map((name) => {
    const client = fixture.connect();
    fixture.chat.register(client.member, name);
    return client;
  });
  assert(ana && bob);
  for (let at = 0; at < 3; at++) fixture.chat.register(fixture.connect().member, `late${at}`);
  fixture.chat.leave(ana.member, "bye");
  fixture.clock.advance(presenceGatherMs);
  assertEquals(reported(seen).together, [{
    type: "presence",
    joined: 6,
    left: 1,
    names: [`p${presenceBurst - 1}`, "bob", "late0", "late1", "late2"],
    gone: ["ana"],
    total: presenceBurst + 5,
  }]);
});

Deno.test("Presence: a few that were delayed are announced as usual, to all but themselves", () => {
  const { fixture, seen } = crowded(presenceBurst - 1);
  const late = fixture.connect();
  fixture.chat.register(late.member, "late");
  fixture.chat.leave(late.member, "bye");
  assertStrictEquals(reported(seen).alone.length, presenceBurst - 1);
  fixture.clock.advance(presenceGatherMs);
  assertEquals(seen.slice(-2), [
    { type: "joined", name: "late" },
    { type: "left", name: "late" },
  ]);
  assertEquals(reported(late.peer.events).alone, []);
});

Deno.test("Presence announces one by one again after a quiet time", () => {
  const { fixture, seen } = crowded(presenceBurst + 50);
  fixture.clock.advance(presenceGatherMs);
  seen.length = 0;
  fixture.clock.advance(1000 / presencePerSecond);
  fixture.chat.register(fixture.connect().member, "late");
  assertEquals(reported(seen).alone, ["late"]);
});

Deno.test("Presence of a chat that ends announces nothing more and leaves no timer", () => {
  const { fixture, seen } = crowded(presenceBurst + 1);
  assertStrictEquals(fixture.clock.pending, 1);
  fixture.chat.muteDepartures();
  assertStrictEquals(fixture.clock.pending, 0);
  fixture.clock.advance(presenceGatherMs);
  assertEquals(reported(seen).together, []);
});

Deno.test("Presence: the operator sees everyone one by one all the same", () => {
  const { fixture } = crowded(500);
  assertStrictEquals(reported(fixture.observed).alone.length, 501);
});

/** An encoder whose clients keep a list of names. */
class ListingEncoder extends CountingEncoder {
  readonly listsNames = true;
}

Deno.test("Presence announces each one to clients that keep a list of names, in order with renames", () => {
  const fixture = new ChatFixture();
  const lister = fixture.join("lister", { encoder: new ListingEncoder() });
  const watcher = fixture.join("watcher");
  const crowd = Array.from({ length: presenceBurst + 10 }, (_, at) => {
    const client = fixture.connect();
    fixture.chat.register(client.member, `p${at}`);
    return client;
  });
  const [first, last] = [crowd[0], crowd.at(-1)];
  assert(first && last);
  const was = last.name;
  fixture.chat.rename(last.member, "renamed");
  fixture.chat.leave(first.member, "bye", "tired");
  assertEquals<unknown>(lister.peer.take(), [
    ...crowd.map((_, at) => ({ type: "joined", name: `p${at}` })),
    { type: "renamed", was, name: "renamed" },
    { type: "left", name: "p0", reason: "tired" },
  ]);
  fixture.clock.advance(presenceGatherMs);
  assertEquals(lister.peer.take(), [], "and no summary");
  assertStrictEquals(reported(watcher.peer.events).alone.length, presenceBurst - 2);
  assertStrictEquals(reported(watcher.peer.events).together.length, 1, "the others get one");
});

Deno.test("Presence announces a few gathered ones to each member once, and to none itself", () => {
  const fixture = new ChatFixture();
  const lister = fixture.join("lister", { encoder: new ListingEncoder() });
  const watcher = fixture.join("watcher");
  for (let at = 2; at < presenceBurst; at++) fixture.join(`p${at}`);
  lister.peer.take();
  watcher.peer.take();
  const late = fixture.connect({ encoder: new ListingEncoder() });
  fixture.chat.register(late.member, "late");
  fixture.clock.advance(presenceGatherMs);
  const joined = { type: "joined", name: "late" };
  assertEquals<unknown>(lister.peer.take(), [joined]);
  assertEquals<unknown>(watcher.peer.take(), [joined]);
  assertEquals(late.peer.take().map(({ type }) => type), ["welcome"]);
});

Deno.test("Presence announces a storm of renames as one change for each member (A7)", () => {
  const { fixture, seen } = crowded(presenceBurst);
  fixture.clock.advance(presenceGatherMs);
  const lists = fixture.join("lists", { encoder: new ListingEncoder() });
  const [ana, bob] = [fixture.join("ana"), fixture.join("bob")];
  fixture.clock.advance(presenceGatherMs);
  const tokens = Math.ceil(presencePerSecond * 2 * presenceGatherMs / 1000);
  for (let at = 0; at < tokens; at++) fixture.join(`more${at}`);
  fixture.clock.advance(presenceGatherMs / 10);
  const renames = (events: readonly ServerEvent[]) =>
    events.flatMap((event) => event.type === "renamed" ? [`${event.was} ${event.name}`] : []);
  for (let at = 0; at < 50; at++) ana.ask({ verb: "rename", name: `ana${at}` });
  bob.ask({ verb: "rename", name: "bobby" });
  bob.ask({ verb: "rename", name: "bob" });
  assertEquals(renames(seen), []);
  assertStrictEquals(renames(lists.peer.events).length, 52, "a list needs each in time");
  fixture.clock.advance(presenceGatherMs);
  assertEquals(renames(seen), ["ana ana49"]);
  ana.ask({ verb: "rename", name: "zoe" });
  fixture.chat.leave(ana.member, "bye");
  const told = renames(seen);
  assertEquals(told.at(-1), "ana49 zoe", "before it leaves under that name");
});
