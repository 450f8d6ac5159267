// firstLine(): reads the first bytes without losing any. withoutBom(): skips a byte order mark.

import { assertEquals, assertStrictEquals } from "@std/assert";
import { firstLine, withoutBom } from "../../protocol/first_bytes.ts";
import { bytes } from "./splits.ts";

Deno.test("firstLine() answers the line so far, whether it is whole, and how it ends", () => {
  const end = undefined;
  assertEquals(firstLine(bytes(""), false), { line: "", whole: false, end });
  assertEquals(firstLine(bytes("ab"), false), { line: "ab", whole: false, end });
  assertEquals(firstLine(bytes("ab"), true), { line: "ab", whole: true, end });
  assertEquals(firstLine(bytes("ab\ncd"), false), { line: "ab", whole: true, end: 0x0a });
  assertEquals(firstLine(bytes("ab\r\r\n"), false), { line: "ab", whole: true, end: 0x0d });
  assertEquals(firstLine(bytes("a\rb\r"), false), { line: "a", whole: true, end: 0x0d });
  assertEquals(firstLine(bytes("a\0\0"), false), { line: "a", whole: true, end: 0 });
  assertEquals(firstLine(bytes("\n"), false), { line: "", whole: true, end: 0x0a });
});

Deno.test("firstLine() loses no byte, whatever it is in UTF-8", () => {
  assertStrictEquals(firstLine(bytes(0xff, 1, 0xc3, 0x28, "\n"), false).line, "\xff\x01\xc3(");
});

Deno.test("firstLine() looks at no more of a long line than any protocol needs", () => {
  const { line, whole } = firstLine(new Uint8Array(10_000_000).fill(0x78), false);
  assertStrictEquals(line.length, 512);
  assertStrictEquals(whole, false);
});

Deno.test("withoutBom() skips a BOM, and waits while it may be one (J3)", () => {
  assertEquals(withoutBom(bytes("\ufeffhi")), bytes("hi"));
  assertEquals(withoutBom(bytes("\ufeff")), bytes());
  assertEquals(withoutBom(bytes("hi")), bytes("hi"));
  assertEquals(withoutBom(bytes(0xef, 0x74)), bytes(0xef, 0x74));
  for (const start of [[], [0xef], [0xef, 0xbb]]) {
    assertStrictEquals(withoutBom(bytes(...start)), undefined);
  }
});
