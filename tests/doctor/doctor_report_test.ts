// How the doctor's findings are printed.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { failing, passing, warning } from "../../doctor/diagnosis.ts";
import { jsonDoctorReport, serverWouldRun, textDoctorReport } from "../../doctor/doctor_report.ts";
import { terminalStyle } from "../../terminal/style.ts";

const WELL = passing("a", "All is well");
const SO_SO = warning("longer", "Not as it could be, by far, and for several reasons", "do this");
const BAD = failing("b", "Broken", "mend");
const PLAIN = { style: terminalStyle({ enabled: false }), columns: 50 };

Deno.test("textDoctorReport() aligns what was found and what helps, within the columns", () => {
  assertStrictEquals(
    textDoctorReport([WELL, SO_SO, BAD], PLAIN),
    `ok    a       All is well
warn  longer  Not as it could be, by far, and for
              several reasons
              To fix it: do this
FAIL  b       Broken
              To fix it: mend

A server would not run here: 1 thing to fix, 1 warning`,
  );
  assertMatch(textDoctorReport([WELL], PLAIN), /\n\nA server would run here$/);
  assertMatch(textDoctorReport([SO_SO, SO_SO], PLAIN), /would run here, 2 warnings$/);
  assertMatch(textDoctorReport([BAD, BAD], PLAIN), /would not run here: 2 things to fix$/);
});

Deno.test("textDoctorReport() colours the verdicts and aligns them all the same", () => {
  const coloured = textDoctorReport([WELL, BAD], {
    ...PLAIN,
    style: terminalStyle({ enabled: true }),
  });
  const [first, second] = coloured.split("\n");
  assertStrictEquals(first, "\x1b[32mok\x1b[39m    a  All is well");
  assertStrictEquals(second, "\x1b[31mFAIL\x1b[39m  b  Broken");
});

Deno.test("textDoctorReport() leaves a path that is longer than the line whole", () => {
  const path = `"/${"x".repeat(80)}"`;
  assert(textDoctorReport([passing("a", `There is ${path} here`)], PLAIN).includes(path));
});

Deno.test("jsonDoctorReport() is one object, and passes() heeds failures alone", () => {
  assertStrictEquals(jsonDoctorReport([WELL, SO_SO]).includes("\n"), false);
  assertEquals(JSON.parse(jsonDoctorReport([WELL, BAD])), { ok: false, checks: [WELL, BAD] });
  assertEquals([serverWouldRun([WELL, SO_SO]), serverWouldRun([WELL, BAD])], [true, false]);
});
