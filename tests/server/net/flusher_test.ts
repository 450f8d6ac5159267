import assert from "node:assert/strict";
import { type Flushable, Flusher } from "../../../server/net/flusher.ts";
import { turn, until } from "../../fakes.ts";

/** Flushables that note the order in which they were flushed. */
function flushables(count: number): { all: Flushable[]; flushed: number[] } {
  const flushed: number[] = [];
  const all = Array.from({ length: count }, (_, at) => ({ flush: () => void flushed.push(at) }));
  return { all, flushed };
}

Deno.test("Flusher.schedule() flushes from a microtask, not at once", async () => {
  const { all: [one], flushed } = flushables(1);
  assert.ok(one);
  new Flusher(10).schedule(one);
  assert.equal(flushed.length, 0, "what is pushed in the same step shall leave with it");
  await Promise.resolve();
  assert.deepEqual(flushed, [0]);
  await turn();
});

Deno.test("Flusher.schedule() flushes once however often it is asked before that", async () => {
  const { all: [one], flushed } = flushables(1);
  assert.ok(one);
  const flusher = new Flusher(10);
  for (let times = 0; times < 5; times++) flusher.schedule(one);
  await turn();
  await turn();
  assert.deepEqual(flushed, [0]);
  flusher.schedule(one);
  await turn();
  assert.deepEqual(flushed, [0, 0], "and again when asked again");
  await turn();
});

Deno.test("Flusher begins at most so many writes a turn and goes on in the next ones, in order", async () => {
  const { all, flushed } = flushables(25);
  const flusher = new Flusher(10);
  for (const one of all) flusher.schedule(one);
  await Promise.resolve();
  assert.equal(flushed.length, 10);
  const perTurn: number[] = [];
  while (flushed.length < 25) {
    const before = flushed.length;
    await turn();
    perTurn.push(flushed.length - before);
    assert.ok(perTurn.length < 10, `${perTurn}`);
  }
  assert.ok(perTurn.every((count) => count <= 10), `${perTurn}`);
  assert.deepEqual(flushed, all.map((_, at) => at));
  await turn();
});

Deno.test("Flusher keeps to the limit when more is scheduled within the turn", async () => {
  const { all, flushed } = flushables(30);
  const flusher = new Flusher(10);
  for (const one of all.slice(0, 6)) flusher.schedule(one);
  await Promise.resolve();
  for (const one of all.slice(6)) flusher.schedule(one);
  await Promise.resolve();
  assert.equal(flushed.length, 10, "6 and then 4");
  await until(() => flushed.length === 30, "all to be flushed");
  await turn();
});

Deno.test("Flusher lets nobody be first for ever: who asks again waits behind the others", async () => {
  const flushed: string[] = [];
  const flusher = new Flusher(2);
  const greedy: Flushable = {
    flush() {
      flushed.push("greedy");
      if (flushed.length < 40) flusher.schedule(greedy);
    },
  };
  flusher.schedule(greedy);
  for (const name of ["a", "b", "c"]) flusher.schedule({ flush: () => void flushed.push(name) });
  await until(() => flushed.length >= 5, "everybody's turn");
  assert.deepEqual(flushed.slice(0, 5), ["greedy", "a", "b", "c", "greedy"]);
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
  assert.equal(flushed.length, 20);
  await turn();
});
