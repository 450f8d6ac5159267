import { assertEquals, assertStrictEquals } from "@std/assert";
import fc from "../../fast_check.ts";
import { BlockWriter, type Slice } from "../../../protocol/block.ts";
import { SendQueue } from "../../../server/net/send_queue.ts";

const BLOCK = new TextEncoder().encode("abcdefghijklmnopqrstuvwxyz");
const CAPITALS = new TextEncoder().encode("ABCDEFGHIJKLMNOPQRSTUVWXYZ");

function slice(start: number, end: number, block = BLOCK): Slice {
  return { block, start, end };
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

Deno.test("SendQueue.peek() of an empty queue is empty", () => {
  assertStrictEquals(new SendQueue(10).peek(10).length, 0);
});

Deno.test("SendQueue.push() merges adjacent slices of one block: peek shows them without a copy", () => {
  const queue = new SendQueue(100);
  queue.push(slice(2, 5));
  queue.push(slice(5, 9));
  const view = queue.peek(100);
  assertStrictEquals(text(view), "cdefghi");
  assertStrictEquals(view.buffer, BLOCK.buffer);
});

Deno.test("SendQueue.push() keeps apart what is not adjacent, or of another block", () => {
  const queue = new SendQueue(100);
  queue.push(slice(0, 2));
  queue.push(slice(3, 5)); // a gap: a message of this client's own
  queue.push(slice(5, 6, CAPITALS));
  assertStrictEquals(text(queue.peek(100)), "abdeF");
  assertStrictEquals(queue.bytes, 5);
});

Deno.test("SendQueue.push() merges into a slice of which a part has been written", () => {
  const queue = new SendQueue(100);
  queue.push(slice(0, 4));
  queue.consume(3);
  queue.push(slice(4, 6));
  assertStrictEquals(text(queue.peek(100)), "def");
  assertStrictEquals(queue.bytes, 3);
});

Deno.test("SendQueue.peek() leaves the bytes in the queue, and a later push does not change them", () => {
  const queue = new SendQueue(100);
  queue.push(slice(0, 2));
  const view = queue.peek(100);
  queue.push(slice(2, 4));
  assertStrictEquals(text(view), "ab");
  assertStrictEquals(queue.bytes, 4);
  queue.consume(2);
  assertStrictEquals(text(queue.peek(100)), "cd");
});

Deno.test("SendQueue.peek() spans several slices, up to its limit", () => {
  const queue = new SendQueue(100);
  for (const start of [0, 4, 8]) queue.push(slice(start, start + 2));
  for (
    const [limit, want] of [[1, "a"], [2, "ab"], [3, "abe"], [5, "abefi"], [9, "abefij"]] as const
  ) {
    assertStrictEquals(text(queue.peek(limit)), want);
  }
});

Deno.test("SendQueue.consume() may end inside, at the end of, or beyond a slice", () => {
  for (const [count, want] of [[1, "befij"], [2, "efij"], [3, "fij"], [5, "j"], [6, ""]] as const) {
    const queue = new SendQueue(100);
    for (const start of [0, 4, 8]) queue.push(slice(start, start + 2));
    queue.consume(count);
    assertStrictEquals(text(queue.peek(100)), want);
    assertStrictEquals(queue.bytes, want.length);
  }
});

Deno.test("SendQueue.push() takes bytes up to the cap and refuses one more, whole", () => {
  const queue = new SendQueue(5);
  assertStrictEquals(queue.push(slice(0, 3)), "queued");
  assertStrictEquals(queue.push(slice(3, 6)), "overflow");
  assertStrictEquals(queue.bytes, 3);
  assertStrictEquals(text(queue.peek(100)), "abc", "nothing of the refused slice is queued");
  assertStrictEquals(queue.push(slice(3, 5)), "queued");
  assertStrictEquals(queue.push(slice(5, 6)), "overflow");
  queue.consume(1);
  assertStrictEquals(queue.push(slice(5, 6)), "queued");
});

Deno.test("SendQueue.clear() drops everything and leaves a usable queue", () => {
  const queue = new SendQueue(5);
  queue.push(slice(0, 5));
  queue.clear();
  assertStrictEquals(queue.bytes, 0);
  assertStrictEquals(queue.peek(9).length, 0);
  assertStrictEquals(queue.push(slice(7, 12)), "queued");
  assertStrictEquals(text(queue.peek(9)), "hijkl");
});

Deno.test("SendQueue gives back thousands of slices in order, however they are consumed", () => {
  const queue = new SendQueue(1_000_000);
  const out = new BlockWriter(64);
  let want = "";
  for (let count = 0; count < 2_000; count++) {
    out.begin();
    out.text(`${count} `);
    const item = out.end();
    if (item && count % 3 > 0) {
      queue.push(item);
      want += `${count} `;
    }
  }
  let got = "";
  while (queue.bytes > 0) {
    const part = queue.peek(37);
    got += text(part);
    queue.consume(part.length);
  }
  assertStrictEquals(got, want);
});

Deno.test("SendQueue behaves as an array of bytes would", () => {
  const blocks = [BLOCK, CAPITALS, BLOCK.toReversed()];
  const cut = fc.record({
    does: fc.constantFrom("push" as const, "next" as const, "write" as const),
    block: fc.integer({ min: 0, max: 2 }),
    start: fc.integer({ min: 0, max: 20 }),
    length: fc.integer({ min: 1, max: 6 }),
    peek: fc.integer({ min: 1, max: 12 }),
    written: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(cut, { maxLength: 80 }), (steps) => {
      const queue = new SendQueue(40);
      let model: number[] = [];
      let last = { block: BLOCK, end: 0 };
      for (const { does, block, start, length, peek, written } of steps) {
        if (does === "write") {
          const view = queue.peek(peek);
          assertEquals([...view], model.slice(0, peek));
          const count = Math.floor(view.length * written);
          queue.consume(count);
          model = model.slice(count);
        } else {
          const from = does === "next" && last.end < 20
            ? { block: last.block, start: last.end }
            : { block: blocks[block] ?? BLOCK, start };
          const item = { ...from, end: from.start + length };
          const fits = model.length + length <= 40;
          assertStrictEquals(queue.push(item), fits ? "queued" : "overflow");
          if (fits) model.push(...item.block.subarray(item.start, item.end));
          last = item;
        }
        assertStrictEquals(queue.bytes, model.length);
        assertEquals([...queue.peek(1000)], model);
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("SendQueue holds few bytes of many blocks without holding the blocks", () => {
  const queue = new SendQueue(1_000_000);
  const blocks = Array.from({ length: 320 }, (_, at) => new Uint8Array(1_000).fill(at % 251));
  for (const block of blocks) queue.push({ block, start: 10, end: 20 });
  const expected = new Uint8Array(3_200);
  blocks.forEach((block, at) => expected.set(block.subarray(10, 20), at * 10));
  let buffers = 0;
  for (let at = 0; at < expected.length;) {
    const bytes = queue.peek(1);
    // A view of a shared block would keep all of its 1,000 bytes.
    if (bytes.buffer.byteLength < 1_000) buffers++;
    assertStrictEquals(bytes[0], expected[at]);
    queue.consume(1);
    at++;
  }
  assertStrictEquals(buffers, expected.length);
  assertStrictEquals(queue.bytes, 0);
});
