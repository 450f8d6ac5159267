// BlockWriter: items one after the other in blocks, and bytes that never change once returned.

import { assertEquals, assertNotStrictEquals, assertStrictEquals, fail } from "@std/assert";
import fc, { CODE_POINT } from "../fast_check.ts";
import { BlockWriter, type Slice } from "../../protocol/block.ts";
import { bytes } from "./splits.ts";

const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function text({ block, start, end }: Slice): string {
  return DECODER.decode(block.subarray(start, end));
}

function written(writer: BlockWriter, ...parts: readonly (string | Uint8Array)[]): Slice {
  writer.begin();
  for (const part of parts) {
    if (typeof part === "string") writer.text(part);
    else writer.bytes(part);
  }
  return writer.end() ?? fail("something was written");
}

Deno.test("BlockWriter lays items side by side, so that two slices can be sent as one", () => {
  const writer = new BlockWriter(64);
  const [first, second] = [written(writer, "one"), written(writer, "two", bytes("2"))];
  assertStrictEquals(first.block, second.block);
  assertStrictEquals(first.end, second.start);
  assertStrictEquals(text({ block: first.block, start: first.start, end: second.end }), "onetwo2");
});

Deno.test("BlockWriter.end() returns undefined if nothing was written", () => {
  const writer = new BlockWriter(64);
  writer.begin();
  assertStrictEquals(writer.end(), undefined);
  writer.begin();
  writer.text("");
  writer.bytes(new Uint8Array(0));
  assertStrictEquals(writer.end(), undefined);
  assertStrictEquals(text(written(writer, "a")), "a");
});

Deno.test("BlockWriter fills a block to its last byte before it starts the next", () => {
  const writer = new BlockWriter(8);
  const [first, second] = [written(writer, "12345"), written(writer, "678")];
  assertStrictEquals(first.block, second.block);
  const third = written(writer, "9");
  assertNotStrictEquals(third.block, second.block);
  assertEquals([first, second, third].map(text), ["12345", "678", "9"]);
});

Deno.test("BlockWriter moves an item that crosses the end of a block as a whole", () => {
  for (let before = 0; before <= 8; before++) {
    for (const item of ["é€👍x", "abcdef", "👍👍"]) {
      const writer = new BlockWriter(8);
      const first = before > 0 ? written(writer, "x".repeat(before)) : undefined;
      assertStrictEquals(text(written(writer, item)), item, `${before} bytes before ${item}`);
      assertStrictEquals(text(written(writer, "next")), "next");
      if (first) assertStrictEquals(text(first), "x".repeat(before));
    }
  }
});

Deno.test("BlockWriter takes an item larger than a block", () => {
  const writer = new BlockWriter(8);
  const large = "äö👍".repeat(10_000);
  assertStrictEquals(text(written(writer, "a", large, bytes("b"), large)), `a${large}b${large}`);
  assertStrictEquals(text(written(writer, bytes(large))), large);
  assertStrictEquals(text(written(writer, "small")), "small");
});

Deno.test("BlockWriter.text() writes a lone surrogate as U+FFFD", () => {
  assertStrictEquals(text(written(new BlockWriter(8), "a\ud800b")), "a\ufffdb");
});

Deno.test("BlockWriter never changes bytes it has handed out", () => {
  const part = fc.oneof(
    fc.string({ unit: CODE_POINT, maxLength: 30 }),
    fc.uint8Array({ maxLength: 30 }),
  );
  fc.assert(fc.property(
    fc.array(fc.array(part, { maxLength: 4 }), { maxLength: 30 }),
    fc.integer({ min: 1, max: 40 }),
    (items, blockBytes) => {
      const writer = new BlockWriter(blockBytes);
      const kept: { slice: Slice; expected: Uint8Array }[] = [];
      for (const parts of items) {
        const expected = Uint8Array.from(
          parts.flatMap((piece) => [...typeof piece === "string" ? bytes(piece) : piece]),
        );
        if (expected.length > 0) kept.push({ slice: written(writer, ...parts), expected });
      }
      for (const { slice: { block, start, end }, expected } of kept) {
        assertEquals(block.slice(start, end), expected);
      }
    },
  ));
});
