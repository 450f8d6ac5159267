import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "../fast_check.ts";
import stringWidth from "string-width";
import { type StyledRun, unwrappedColumns, wrap } from "../../terminal/wrap.ts";

function plain(text: string): StyledRun {
  return { text, paint: same };
}

function same(text: string): string {
  return text;
}

function loud(text: string): string {
  return `<${text}>`;
}

function linesOf(runs: readonly StyledRun[], columns: number): string[] {
  return wrap(runs, columns).map(({ shown }) => shown);
}

Deno.test("wrap() fills lines up to the width and makes white space one space", () => {
  assertEquals(linesOf([plain("one  two\nthree four")], 13), ["one two three", "four"]);
  assertEquals(linesOf([plain("one two three")], 12), ["one two", "three"]);
  assertEquals(linesOf([plain(" \n ")], 5), []);
});

Deno.test("wrap() keeps together what touches, whatever its styles", () => {
  const runs = [plain("see ("), { text: "the code", paint: loud }, plain(").")];
  assertEquals(linesOf(runs, 80), ["see (<the code>)."]);
  assertEquals(linesOf(runs, 9), ["see (<the>", "<code>)."]);
});

Deno.test("wrap() counts wide characters by their columns and cuts what is too long between them", () => {
  assertEquals(linesOf([plain("日本語 ab")], 5), ["日本", "語 ab"]);
  assertEquals(linesOf([plain("abcdefg")], 3), ["abc", "def", "g"]);
});

Deno.test("unwrappedColumns() is the width that needs no wrapping", () => {
  assertStrictEquals(unwrappedColumns([plain("a 界"), { text: "b", paint: loud }]), 5);
  assertStrictEquals(unwrappedColumns([]), 0);
});

Deno.test("wrap() loses no character but white space and keeps to the width", () => {
  const text = fc.string({ unit: "grapheme-ascii", maxLength: 60 });
  fc.assert(fc.property(fc.array(text, { maxLength: 5 }), fc.integer({ min: 1, max: 30 }), (
    texts,
    columns,
  ) => {
    const lines = wrap(texts.map(plain), columns);
    assertStrictEquals(
      lines.map(({ shown }) => shown).join("").replace(/\s/g, ""),
      texts.join("").replace(/\s/g, ""),
    );
    for (const line of lines) {
      assert(line.columns <= columns);
      assertStrictEquals(stringWidth(line.shown), line.columns);
    }
  }));
});
