// LineDecoder: lines to items in every cut, and no items after a line that was too long.

import { assertEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { LineDecoder } from "../../protocol/line_decoder.ts";
import { assertEverySplit, bytes, cut, decodeAll } from "./splits.ts";

const CAP = 8;

/** Lines as text, `#` lines as nothing, the overflow as its code. */
function fresh(): LineDecoder<string> {
  return new LineDecoder<string>(CAP, (line) => {
    const text = new TextDecoder().decode(line);
    return text.startsWith("#") ? undefined : text;
  }, ({ code }) => `!${code}`);
}

Deno.test("LineDecoder yields the same items at every split", () => {
  assertEverySplit(fresh, bytes("é\n#b\n\r\n12345678\r\nend"), ["é", "", "12345678", "end"]);
});

Deno.test("LineDecoder says once that a line is too long, and nothing after it", () => {
  assertEverySplit(fresh, bytes("a\n123456789\nb\nc"), ["a", "!line_too_long"]);
  assertEverySplit(fresh, bytes("a\n1234567890123456789\nb\n"), ["a", "!line_too_long"]);
  assertEverySplit(fresh, bytes("a\n123456789"), ["a", "!line_too_long"]);
});

Deno.test("LineDecoder.end() ends a line, once; what still comes is a new one", () => {
  const decoder = fresh();
  const items: string[] = [];
  const emit = (item: string) => items.push(item);
  decoder.feed(bytes("a"), emit);
  decoder.end(emit);
  decoder.end(emit);
  decoder.feed(bytes("b\n"), emit);
  assertEquals(items, ["a", "b"]);
});

Deno.test("LineDecoder yields the same items for any bytes and chunks", () => {
  const byte = fc.oneof(fc.constantFrom(0x0a, 0x0d, 0x23), fc.nat(255));
  fc.assert(fc.property(
    fc.array(byte, { maxLength: 60 }),
    fc.array(fc.nat(60)),
    (input, places) => {
      const whole = Uint8Array.from(input);
      assertEquals(decodeAll(fresh(), cut(whole, places)), decodeAll(fresh(), [whole]));
    },
  ));
});
