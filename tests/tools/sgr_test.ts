// Tests tools/sgr.ts.

import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { parseRows } from "../../tools/sgr.ts";

const PLAIN = { colour: undefined, bold: false, dim: false };

Deno.test("parseRows() cuts a row where the style changes", () => {
  assertEquals(parseRows(["\x1b[2m08:07\x1b[0m \x1b[34mbob\x1b[39m: hé"]), [[
    { text: "08:07", column: 0, style: { ...PLAIN, dim: true } },
    { text: " ", column: 5, style: PLAIN },
    { text: "bob", column: 6, style: { ...PLAIN, colour: 4 } },
    { text: ": hé", column: 9, style: PLAIN },
  ]]);
});

Deno.test("parseRows() reads several codes in one sequence and the bright colours", () => {
  const [[run] = []] = parseRows(["\x1b[1;93;49mnina\x1b[22;39m"]);
  assertEquals(run, { text: "nina", column: 0, style: { ...PLAIN, bold: true, colour: 11 } });
});

Deno.test("parseRows() continues in the next row with the style of the last", () => {
  const rows = parseRows(["\x1b[33mone", "two\x1b[m", "three"]);
  assertEquals(rows.map(([run]) => run?.style.colour), [3, 3, undefined]);
});

Deno.test("parseRows() refuses a code it cannot draw", () => {
  assertMatch(String(assertThrows(() => parseRows(["\x1b[7mreverse"]))), /Unknown SGR code: 7/);
});
