// The terminal of a program under check, for plain output, line editors and curses.

import { assertEquals, assertStrictEquals } from "@std/assert";
import { EmulatedScreen } from "../../check/emulated_screen.ts";

const SIZE = { rows: 4, columns: 10 };

/** The rows after `output`, which is written whole and cut in two at every place. */
function rowsAfter(output: string): readonly string[] {
  const rows = screenAfter(output).rows;
  for (let cut = 1; cut < output.length; cut++) {
    const screen = screenAfter(output.slice(0, cut));
    screen.write(output.slice(cut));
    assertEquals(screen.rows, rows, `cut at ${cut}`);
  }
  return rows;
}

function screenAfter(output: string): EmulatedScreen {
  const screen = new EmulatedScreen(SIZE);
  screen.write(output);
  return screen;
}

Deno.test("EmulatedScreen shows lines, and keeps those that leave it at the top", () => {
  assertEquals(rowsAfter("ana\r\nbob\r\n"), ["ana", "bob", "", ""]);
  assertEquals(rowsAfter("1\r\n2\r\n3\r\n4\r\n5"), ["1", "2", "3", "4", "5"]);
});

Deno.test("EmulatedScreen wraps a long line, which stays one line", () => {
  const screen = screenAfter("> 0123456789abc");
  assertEquals(screen.rows.slice(0, 2), ["> 01234567", "89abc"]);
  assertStrictEquals(screen.text, "> 0123456789abc");
  assertStrictEquals(screen.cursorLine, "> 0123456789abc");
});

Deno.test("EmulatedScreen shows a prompt that was redrawn below a message", () => {
  const screen = screenAfter("> half\r\x1b[Kbob: hi\r\n> half");
  assertEquals(screen.rows.slice(0, 2), ["bob: hi", "> half"]);
  assertStrictEquals(screen.cursorLine, "> half");
});

Deno.test("EmulatedScreen shows a message that tore the line being typed", () => {
  const screen = screenAfter("> half" + "bob\r\n");
  assertEquals(screen.rows.slice(0, 2), ["> halfbob", ""]);
  assertStrictEquals(screen.cursorLine, "");
});

Deno.test("EmulatedScreen moves the cursor and erases as ECMA-48 says", () => {
  assertEquals(rowsAfter("abc\b\bX"), ["aXc", "", "", ""]);
  assertEquals(rowsAfter("\x1b[2;3Hx\x1b[A\x1b[2Dy"), [" y", "  x", "", ""]);
  assertEquals(rowsAfter("abcdef\x1b[3D\x1b[P"), ["abcef", "", "", ""]);
  assertEquals(rowsAfter("abcdef\x1b[3D\x1b[2@"), ["abc  def", "", "", ""]);
  assertEquals(rowsAfter("abc\x1b[1K"), ["", "", "", ""]);
  assertEquals(rowsAfter("a\r\nb\r\nc\x1b[2;1H\x1b[J"), ["a", "", "", ""]);
  assertEquals(rowsAfter("a\r\nb\r\nc\x1b[2J"), ["", "", "", ""]);
  assertEquals(rowsAfter("a\r\nb\x1b[1;1H\x1b[L"), ["", "a", "b", ""]);
  assertEquals(rowsAfter("a\r\nb\x1b[1;1H\x1b[M"), ["b", "", "", ""]);
  assertEquals(rowsAfter("\x1b7abc\x1b8x"), ["xbc", "", "", ""]);
});

Deno.test("EmulatedScreen shows nothing for colours, titles, modes and character sets", () => {
  assertEquals(rowsAfter("\x1b[1;31ma\x1b[0m\x1b]0;title\x07\x1b[?25l\x1b(Bb\x07"), [
    "ab",
    "",
    "",
    "",
  ]);
});
