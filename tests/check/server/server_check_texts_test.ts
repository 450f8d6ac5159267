// The catalogue of the checks of servers: every check has a title, and every entry is used.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { serverSuite, turnsSuite } from "../../../check/server/server_checks.ts";
import { DIALECT_NAMES } from "../../../protocol/dialects.ts";
import { EN } from "../../../texts/en.ts";

const TEXTS = EN.serverChecks;
const FOLDER = new URL("../../../check/server/", import.meta.url);

/** The suite of each dialect, and of sheet 002. */
const SUITES = [
  ...DIALECT_NAMES.map((dialect) => ({
    dialect,
    ...serverSuite(dialect, { headerBytes: 16, isServed: true }, TEXTS),
  })),
  { dialect: "turns", ...turnsSuite(TEXTS) },
];

/** The checks of all suites. */
const CHECKS = SUITES.flatMap(({ dialect, checks }) =>
  checks.map(({ check, needsProgram }) => ({ dialect, check, needsProgram }))
);

Deno.test("Every check of a server has a title of its own in its dialect", () => {
  for (const { dialect } of SUITES) {
    const titles = CHECKS.filter((row) => row.dialect === dialect).map(({ check }) => check.title);
    assert(titles.every((title) => title.length > 0), `${dialect}: ${titles.join()}`);
    assertStrictEquals(new Set(titles).size, titles.length, dialect);
  }
});

Deno.test("Every title in the catalogue belongs to a check of a server", () => {
  for (const [group, titles] of Object.entries(TEXTS.titles)) {
    for (const [id, title] of Object.entries(titles)) {
      const isUsed = CHECKS.some(({ dialect, check, needsProgram }) =>
        check.id === id && check.title === title &&
        (needsProgram ? group === "program" : group === "common" || group === dialect)
      );
      assert(isUsed, `${group}.${id}`);
    }
  }
});

Deno.test("Every text of the checks of servers is named in their sources", () => {
  const source = [...Deno.readDirSync(FOLDER)]
    .map(({ name }) => Deno.readTextFileSync(new URL(name, FOLDER))).join("\n");
  const { expected, hints, received, skips } = TEXTS;
  const groups = [...Object.values(expected), ...Object.values(hints), received, skips];
  const names = groups.flatMap((group) => Object.keys(group));
  const unused = names.filter((name) => !new RegExp(`\\b${name}\\b`).test(source));
  assertEquals(unused, []);
});
