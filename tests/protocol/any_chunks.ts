// The property that every codec has: what it decodes does not depend on how the bytes arrive.

import { assertEquals } from "@std/assert";
import type { Decoder } from "../../protocol/dialect.ts";
import fc from "../fast_check.ts";
import { bytes, cut, decodeInEnglish } from "./splits.ts";

/**
 * Fails unless each decoder decodes random bytes, and sequences of `pieces`, the same in any
 * chunks.
 */
export function assertSameInAnyChunks(
  pieces: fc.Arbitrary<string | number>,
  ...fresh: readonly (() => Decoder<unknown>)[]
): void {
  const input = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.array(pieces, { maxLength: 30 }).map((parts) => bytes(...parts)),
  );
  fc.assert(fc.property(input, fc.array(fc.nat(80)), (input, places) => {
    for (const decoder of fresh) {
      assertEquals(
        decodeInEnglish(decoder(), cut(input, places)),
        decodeInEnglish(decoder(), [input]),
      );
    }
  }));
}
