import { assert, assertEquals, assertStrictEquals, fail } from "@std/assert";
import { HashQueue } from "../../../server/authority/hash_queue.ts";
import { turn } from "../../until.ts";

Deno.test("HashQueue does one thing at a time, and the addresses take turns", async () => {
  const queue = new HashQueue(10);
  const done: string[] = [];
  let running = 0;
  const work = (name: string) => async () => {
    assertStrictEquals(++running, 1);
    await turn();
    running--;
    done.push(name);
  };
  for (const name of ["a1", "a2", "a3", "b1", "c1"]) {
    assert(queue.add(name.slice(0, 1), work(name)));
  }
  assertStrictEquals(done.length, 0, "nothing begins in the turn that asks");
  while (queue.size > 0 || running > 0 || done.length < 5) await turn();
  assertEquals(done, ["a1", "b1", "c1", "a2", "a3"]);
});

Deno.test("HashQueue refuses what is too much, and takes more when there is space", async () => {
  const queue = new HashQueue(2);
  const { promise, resolve } = Promise.withResolvers<void>();
  assert(queue.add("a", () => promise));
  await turn();
  assert(queue.add("a", () => Promise.resolve()) && queue.add("b", () => Promise.resolve()));
  assertStrictEquals(queue.add("c", () => fail("refused")), false);
  resolve();
  while (queue.size > 0) await turn();
  assert(queue.add("c", () => Promise.resolve()));
  await queue.stop();
});

Deno.test("HashQueue.stop() forgets what waits and waits for what runs", async () => {
  const queue = new HashQueue(5);
  let ended = false;
  queue.add("a", async () => {
    await turn();
    ended = true;
  });
  queue.add("a", () => fail("forgotten"));
  await turn();
  await queue.stop();
  assert(ended);
  assertStrictEquals(queue.size, 0);
});
