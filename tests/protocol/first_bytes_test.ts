// firstLine(): reads the first bytes without losing any.

import { assertEquals, assertStrictEquals } from "@std/assert";
import { firstLine } from "../../protocol/first_bytes.ts";
import { bytes } from "./splits.ts";

Deno.test("firstLine() answers the line so far, and whether it is whole", () => {
  assertEquals(firstLine(bytes(""), false), { line: "", whole: false });
  assertEquals(firstLine(bytes("ab"), false), { line: "ab", whole: false });
  assertEquals(firstLine(bytes("ab"), true), { line: "ab", whole: true });
  assertEquals(firstLine(bytes("ab\ncd"), false), { line: "ab", whole: true });
  assertEquals(firstLine(bytes("ab\r\r\n"), false), { line: "ab", whole: true });
  assertEquals(firstLine(bytes("a\rb\r"), false), { line: "a\rb", whole: false });
  assertEquals(firstLine(bytes("\n"), false), { line: "", whole: true });
});

Deno.test("firstLine() loses no byte, whatever it is in UTF-8", () => {
  assertStrictEquals(firstLine(bytes(0xff, 0, 0xc3, 0x28, "\n"), false).line, "\xff\0\xc3(");
});

Deno.test("firstLine() looks at no more of a long line than any protocol needs", () => {
  const { line, whole } = firstLine(new Uint8Array(10_000_000).fill(0x78), false);
  assertStrictEquals(line.length, 512);
  assertStrictEquals(whole, false);
});
