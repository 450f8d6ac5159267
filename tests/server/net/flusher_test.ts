import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { type Flushable, Flusher } from "../../../server/net/flusher.ts";
import { FakeClock } from "../../fake_clock_and_socket.ts";
import { turn, until } from "../../until.ts";

/** Flushables that record the order in which they were flushed. */
function flushables(count: number): { all: Flushable[]; flushed: number[] } {
  const flushed: number[] = [];
  const all = Array.from({ length: count }, (_, at) => ({ flush: () => flushed.push(at) > 0 }));
  return { all, flushed };
}

Deno.test("Flusher.schedule() flushes from a microtask, not immediately", async () => {
  const { all: [one], flushed } = flushables(1);
  assert(one);
  new Flusher(10).schedule(one);
  assertStrictEquals(flushed.length, 0, "what is pushed in the same step shall leave with it");
  await Promise.resolve();
  assertEquals(flushed, [0]);
  await turn();
});

Deno.test("Flusher.schedule() flushes once however often it is asked before that", async () => {
  const { all: [one], flushed } = flushables(1);
  assert(one);
  const flusher = new Flusher(10);
  for (let times = 0; times < 5; times++) flusher.schedule(one);
  await turn();
  await turn();
  assertEquals(flushed, [0]);
  flusher.schedule(one);
  await turn();
  assertEquals(flushed, [0, 0], "and again when asked again");
  await turn();
});

Deno.test("Flusher begins a limited number of writes a turn and continues in the next ones, in order", async () => {
  const { all, flushed } = flushables(25);
  const flusher = new Flusher(10);
  for (const one of all) flusher.schedule(one);
  await Promise.resolve();
  assertStrictEquals(flushed.length, 10);
  const perTurn: number[] = [];
  while (flushed.length < 25) {
    const before = flushed.length;
    await turn();
    perTurn.push(flushed.length - before);
    assert(perTurn.length < 10, `${perTurn}`);
  }
  assert(perTurn.every((count) => count <= 10), `${perTurn}`);
  assertEquals(flushed, all.map((_, at) => at));
  await turn();
});

Deno.test("Flusher keeps to the limit when more is scheduled within the turn", async () => {
  const { all, flushed } = flushables(30);
  const flusher = new Flusher(10);
  for (const one of all.slice(0, 6)) flusher.schedule(one);
  await Promise.resolve();
  for (const one of all.slice(6)) flusher.schedule(one);
  await Promise.resolve();
  assertStrictEquals(flushed.length, 10, "6 and then 4");
  await until(() => flushed.length === 30, "all to be flushed");
  await turn();
});

Deno.test("Flusher lets none be first for ever: one that asks again waits after the others", async () => {
  const flushed: string[] = [];
  const flusher = new Flusher(2);
  const greedy: Flushable = {
    flush() {
      flushed.push("greedy");
      if (flushed.length < 40) flusher.schedule(greedy);
      return true;
    },
  };
  flusher.schedule(greedy);
  for (const name of ["a", "b", "c"]) flusher.schedule({ flush: () => flushed.push(name) > 0 });
  await until(() => flushed.length >= 5, "everybody's turn");
  assertEquals(flushed.slice(0, 5), ["greedy", "a", "b", "c", "greedy"]);
  await until(() => flushed.length >= 40, "greedy to be done");
  await turn();
});

Deno.test("Flusher has a full turn again after a pause", async () => {
  const { all, flushed } = flushables(20);
  const flusher = new Flusher(10);
  for (const one of all.slice(0, 10)) flusher.schedule(one);
  await Promise.resolve();
  await turn();
  await turn();
  for (const one of all.slice(10)) flusher.schedule(one);
  await Promise.resolve();
  assertStrictEquals(flushed.length, 20);
  await turn();
});

Deno.test("Flusher.scheduleAll() goes round all of them, a limited number a turn", async () => {
  const { all, flushed } = flushables(25);
  const flusher = new Flusher(10);
  flusher.scheduleAll(new Set(all));
  await Promise.resolve();
  assertStrictEquals(flushed.length, 10);
  await until(() => flushed.length === 25, "all to be flushed");
  assertEquals(flushed, all.map((_, at) => at));
  await turn();
  await turn();
  assertStrictEquals(flushed.length, 25, "once each");
});

Deno.test("Flusher.scheduleAll() again in the middle of a round continues from there, round again", async () => {
  const { all, flushed } = flushables(25);
  const flusher = new Flusher(10);
  const crowd = new Set(all);
  flusher.scheduleAll(crowd);
  await Promise.resolve();
  flusher.scheduleAll(crowd);
  await until(() => flushed.length === 35, "the round to be full");
  await turn();
  await turn();
  const order = all.map((_, at) => at);
  assertEquals(flushed, [...order, ...order.slice(0, 10)]);
});

Deno.test("Flusher: who has nothing to write takes no place in a turn", async () => {
  const { all, flushed } = flushables(10);
  const idle = Array.from({ length: 500 }, () => ({ flush: () => false }));
  new Flusher(10).scheduleAll(new Set([...idle, ...all]));
  await Promise.resolve();
  assertStrictEquals(flushed.length, 10);
  await turn();
});

Deno.test("Flusher: neither a crowd nor those who ask for themselves wait for the others", async () => {
  const flusher = new Flusher(2);
  const flushed: string[] = [];
  const named = (name: string): Flushable => ({ flush: () => flushed.push(name) > 0 });
  const busy: Flushable = {
    flush() {
      flushed.push("busy");
      if (flushed.length < 40) flusher.schedule(busy);
      return true;
    },
  };
  const crowds = ["a", "b"].map((name) => new Set([named(`${name}1`), named(`${name}2`)]));
  flusher.schedule(busy);
  for (const crowd of crowds) flusher.scheduleAll(crowd);
  await until(() => flushed.length >= 40, "busy to be done");
  const places = ["a1", "a2", "b1", "b2"].map((name) => flushed.indexOf(name));
  assert(places.every((place) => place >= 0 && place < 10), `${flushed.slice(0, 10)}`);
  await turn();
});

Deno.test("Flusher.scheduleAll() survives a crowd whose members leave and come meanwhile", async () => {
  const { all, flushed } = flushables(9);
  const crowd = new Set(all.slice(0, 6));
  const flusher = new Flusher(2);
  flusher.scheduleAll(crowd);
  await Promise.resolve();
  for (const one of all.slice(2, 4)) crowd.delete(one);
  for (const one of all.slice(6)) crowd.add(one);
  flusher.scheduleAll(crowd);
  await until(() => flushed.length >= 9, "everyone who is in it");
  assertEquals(new Set(flushed), new Set([0, 1, 4, 5, 6, 7, 8]));
  for (let turns = 0; turns < 3; turns++) await turn();
});

Deno.test("Flusher begins writes no longer than it may in a turn, and continues in the next, in order", async () => {
  const clock = new FakeClock();
  const flushed: number[] = [];
  const crowd: ReadonlySet<Flushable> = new Set(
    Array.from({ length: 200 }, (_, at) => ({
      flush() {
        clock.advance(0.5); // a slow system
        return flushed.push(at) > 0;
      },
    })),
  );
  new Flusher(1_000, { ms: 20, clock }).scheduleAll(crowd);
  await Promise.resolve();
  const perTurn = [flushed.length];
  while (flushed.length < crowd.size) {
    const before = flushed.length;
    await turn();
    perTurn.push(flushed.length - before);
    assert(perTurn.length < 20, `${perTurn}`);
  }
  // The clock is not read for each of them.
  assert(perTurn.slice(0, -1).every((count) => count >= 40 && count <= 72), `${perTurn}`);
  assertEquals(flushed, [...crowd].map((_, at) => at));
  await turn();
});

Deno.test("Flusher counts the time of a turn from its first write, not from the last turn's", async () => {
  const clock = new FakeClock();
  const { all, flushed } = flushables(100);
  const flusher = new Flusher(1_000, { ms: 20, clock });
  flusher.scheduleAll(new Set(all));
  await Promise.resolve();
  assertStrictEquals(flushed.length, 100);
  await turn();
  clock.advance(10_000);
  flusher.scheduleAll(new Set(all));
  await Promise.resolve();
  assertStrictEquals(flushed.length, 200);
  await turn();
});
