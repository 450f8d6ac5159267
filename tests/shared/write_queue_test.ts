import { assertEquals, assertStrictEquals } from "@std/assert";
import { WriteQueue } from "../../shared/write_queue.ts";

/** A queue whose writes end when the test decides, and what was written. */
function rig() {
  const batches: string[][] = [];
  let end = (): void => {};
  const queue = new WriteQueue((texts) => {
    batches.push([...texts]);
    const { promise, resolve } = Promise.withResolvers<void>();
    end = resolve;
    return promise;
  });
  const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
  return { queue, batches, turn, end: () => (end(), turn()) };
}

Deno.test("WriteQueue.push() gathers what comes in one turn, and during one write", async () => {
  const { queue, batches, turn, end } = rig();
  queue.push("a");
  queue.push("b");
  assertEquals([batches, queue.queuedChars], [[], 2]);
  await turn();
  queue.push("cc");
  queue.push("d");
  await turn();
  assertEquals([batches, queue.queuedChars], [[["a", "b"]], 3]);
  await end();
  assertEquals([batches, queue.queuedChars], [[["a", "b"], ["cc", "d"]], 0]);
  const drained = queue.drained();
  await end();
  assertStrictEquals(await drained, true);
});

Deno.test("WriteQueue.wake() has the write called without texts, after the one under way", async () => {
  const { queue, batches, turn, end } = rig();
  queue.wake();
  await turn();
  assertEquals(batches, [[]]);
  queue.wake();
  queue.wake();
  await end();
  assertEquals(batches, [[], []]);
  await end();
  assertStrictEquals(batches.length, 2);
});

Deno.test("WriteQueue.drained() waits no longer than it may", async () => {
  const { queue, turn } = rig();
  assertStrictEquals(await queue.drained(1), true);
  queue.push("a");
  await turn();
  assertStrictEquals(await queue.drained(1), false);
});
