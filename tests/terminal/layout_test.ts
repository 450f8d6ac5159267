import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  cellLine,
  cellPositions,
  promptCells,
  rowsOf,
  stretch,
  totalColumns,
} from "../../terminal/layout.ts";

function placesOf(text: string, columns: number): string {
  return cellPositions(cellLine(text, 0).cells, columns)
    .map(({ row, column }) => `${row}:${column}`).join(" ");
}

function stretchOf(text: string, cursor: number, room: number): string {
  const part = stretch(cellLine(text, cursor), room);
  const shown = part.cells.map((cell) => cell.shown);
  return shown.toSpliced(part.cursor, 0, "|").join("");
}

Deno.test("cellLine() shows newlines, tabs and what cannot be seen as marks of one column", () => {
  const { cells, cursor } = cellLine("a\n\tb\u202e\u200b界e\u0301", 4);
  assertStrictEquals(cells.map((cell) => cell.shown).join(" "), "a ↵ ⇥ b ◌ ◌ 界 e\u0301");
  assertEquals(cells.map((cell) => cell.columns), [1, 1, 1, 1, 1, 1, 2, 1]);
  assertStrictEquals(cursor, 4);
});

Deno.test("cellLine() counts the cursor in clusters", () => {
  assertStrictEquals(cellLine("👨‍👩‍👧🇫🇷x", 0).cursor, 0);
  assertStrictEquals(cellLine("👨‍👩‍👧🇫🇷x", "👨‍👩‍👧".length).cursor, 1);
  assertStrictEquals(cellLine("👨‍👩‍👧🇫🇷x", "👨‍👩‍👧🇫🇷x".length).cursor, 3);
});

Deno.test("promptCells() takes no column for colours and keeps them with their cells", () => {
  const cells = promptCells("\x1b[1m\x1b[32m界b\x1b[39m>\x1b[m");
  assertStrictEquals(totalColumns(cells), 4);
  assertEquals(cells.map((cell) => cell.shown), [
    "\x1b[1m\x1b[32m界",
    "b",
    "\x1b[39m>\x1b[m",
  ]);
});

Deno.test("places() goes to the next row after the last column", () => {
  assertStrictEquals(placesOf("", 3), "");
  assertStrictEquals(placesOf("abc", 3), "0:0 0:1 0:2");
  assertStrictEquals(placesOf("abcde", 3), "0:0 0:1 0:2 1:0 1:1");
  assertStrictEquals(placesOf("ab", 1), "0:0 1:0");
});

Deno.test("places() takes a wide character that does not fit to the next row", () => {
  assertStrictEquals(placesOf("a界b", 3), "0:0 0:1 1:0");
  assertStrictEquals(placesOf("ab界c", 3), "0:0 0:1 1:0 1:2");
  assertStrictEquals(placesOf("界界", 1), "0:0 1:0");
});

Deno.test("rowsOf() cuts where places() goes to the next row", () => {
  const rows = rowsOf(cellLine("ab界cde", 0).cells, 3);
  assertEquals(rows.map((row) => row.map((cell) => cell.shown).join("")), ["ab", "界c", "de"]);
  assertEquals(rowsOf([], 3), []);
});

Deno.test("stretch() leaves a line alone that fits", () => {
  assertStrictEquals(stretchOf("abcdefgh", 8, 8), "abcdefgh|");
});

Deno.test("stretch() shows the part around the cursor and stands still while it moves a little", () => {
  const text = "abcdefghijklmnopqrstuvwxyz";
  assertStrictEquals(stretchOf(text, 0, 10), "|abcdefgh…");
  assertStrictEquals(stretchOf(text, 7, 10), "abcdefg|h…");
  assertStrictEquals(stretchOf(text, 8, 10), "…efgh|ijkl…");
  assertStrictEquals(stretchOf(text, 11, 10), "…efghijk|l…");
  assertStrictEquals(stretchOf(text, 26, 10), "…uvwxyz|");
});

Deno.test("stretch() never takes more space than there is and never loses the cursor", () => {
  const text = "a界b👨‍👩‍👧cd界界e\n".repeat(8);
  const whole = cellLine(text, 0).cells;
  for (let room = 6; room < 60; room += 1) {
    for (let cursor = 0; cursor <= whole.length; cursor += 1) {
      const part = stretch({ cells: whole, cursor }, room);
      assert(totalColumns(part.cells) <= room, `${room} ${cursor}`);
      assert(part.cursor >= 0 && part.cursor <= part.cells.length, `${room} ${cursor}`);
      const at = part.cells[part.cursor];
      assert(at?.shown === "…" || at === whole[cursor] || at?.shown === whole[cursor]?.shown);
    }
  }
});
