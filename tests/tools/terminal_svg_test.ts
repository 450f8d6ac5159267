// Tests tools/terminal_svg.ts.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { drawWindows, type Window, windowSize } from "../../tools/terminal_svg.ts";

const SIZE = { columns: 20, rows: 3 };
const CAPTION = { title: "A & B", description: "1 < 2" };

function windowOf(...rows: string[]): Window {
  const screen = { rows, cursor: { column: 2, row: 1 } };
  return { title: "<one>", at: { x: 0, y: 0 }, size: SIZE, screen };
}

Deno.test("drawWindows() escapes text, titles and captions", () => {
  const svg = drawWindows([windowOf("if a<b && b>c")], CAPTION);
  assertMatch(svg, />if a&lt;b &amp;&amp; b&gt;c<\/text>/);
  assertMatch(svg, />&lt;one&gt;<\/text>/);
  assertMatch(svg, />A &amp; B<\/title>/);
  assertMatch(svg, />1 &lt; 2<\/desc>/);
});

Deno.test("drawWindows() places text by its column and draws its colour", () => {
  const svg = drawWindows([windowOf("", "$ \x1b[34mbob\x1b[39m  12")], CAPTION);
  const drawn = [...svg.matchAll(/<text(?: class="(\w+)")? x="([\d.]+)" y="(\d+)" textLength/g)]
    .map(([, style, x, y]) => ({ style, x: Number(x), y: Number(y) }));
  assertEquals(drawn.map(({ style }) => style), [undefined, "f4", undefined]);
  const [dollar = NaN, bob = NaN, twelve = NaN] = drawn.map(({ x }) => x);
  const cell = (bob - dollar) / 2;
  assertStrictEquals(Math.round(twelve - dollar), Math.round(7 * cell));
  assertStrictEquals(new Set(drawn.map(({ y }) => y)).size, 1);
});

Deno.test("drawWindows() leaves space for every window", () => {
  const below = { ...windowOf("x"), at: { x: 0, y: 500 } };
  const height = /height="(\d+)" role/.exec(drawWindows([windowOf("x"), below], CAPTION))?.[1];
  assert(Number(height) >= 500 + windowSize(SIZE).height);
});

Deno.test("drawWindows() tells the formatter that a program draws the picture", () => {
  assertMatch(drawWindows([windowOf("x")], CAPTION), /^<!-- deno-fmt-ignore-file/);
});
