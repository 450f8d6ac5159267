// SliceQueue: what it keeps in memory (A6). The order of its bytes is tested with the send queue.

import { assertEquals, assertStrictEquals } from "@std/assert";
import v8 from "node:v8";
import vm from "node:vm";
import { SliceQueue } from "../../../server/net/slice_queue.ts";
import { turn } from "../../until.ts";

function collectGarbage(): void {
  v8.setFlagsFromString("--expose-gc");
  (vm.runInNewContext("gc") as () => void)();
}

Deno.test("SliceQueue keeps no block whose bytes have been sent (A6)", async () => {
  const queue = new SliceQueue();
  const blocks: WeakRef<Uint8Array>[] = [];
  for (let at = 0; at < 10; at++) {
    const block = new Uint8Array(100_000);
    blocks.push(new WeakRef(block));
    queue.append({ block, start: 0, end: 100_000 });
  }
  queue.consume(350_000);
  await turn();
  collectGarbage();
  const kept = blocks.map((block) => block.deref() !== undefined);
  assertEquals(kept, [false, false, false, true, true, true, true, true, true, true]);
  assertStrictEquals(queue.bytes, 650_000);
});

Deno.test("SliceQueue counts a slice that is sent in part as a whole one (A6)", () => {
  const queue = new SliceQueue();
  for (let at = 0; at < 2; at++) {
    queue.append({ block: new Uint8Array(100_000), start: 0, end: 100_000 });
  }
  const counted = [30_000, 30_000, 39_999, 1, 99_999].map((sent) => {
    queue.consume(sent);
    return queue.pinnedBytes;
  });
  assertEquals(counted, [200_000, 200_000, 200_000, 100_000, 100_000]);
});

Deno.test("SliceQueue copies no large slice in order to write it with the next (A6)", () => {
  const queue = new SliceQueue();
  const block = new Uint8Array(40_000);
  queue.append({ block, start: 0, end: 40_000 });
  queue.append({ block: new Uint8Array(40_000), start: 0, end: 40_000 });
  assertStrictEquals(queue.peek(65_536).buffer, block.buffer);
  queue.consume(30_000);
  assertStrictEquals(queue.peek(65_536).length, 50_000, "a small rest goes with the next one");
});
