// Holds docs/requirements.md against the tests: each requirement and decision has a row that names
// a test which exists. Files are loaded for the names of tests, since loops make many.

import { assert, assertEquals } from "@std/assert";
import { lexer, type Token, type Tokens } from "marked";

const ROOT = new URL("../", import.meta.url);
const REQUIREMENTS = 101;
const DECISIONS = 29;

/** A test that a row names. */
interface Shown {
  readonly file: string;
  readonly name: string;
}

/** One row of the document. */
interface Row {
  readonly id: string;
  readonly asks: string;
  readonly tests: readonly Shown[];
}

function rowsOf(page: string): Row[] {
  const tables = lexer(page).filter((token: Token): token is Tokens.Table =>
    token.type === "table"
  );
  return tables.flatMap(({ rows }) =>
    rows.map((cells): Row => {
      const [id = "", asks = "", tests = ""] = cells.map(({ text }) => text);
      return { id, asks, tests: tests.split("<br>").map((test) => shown(id, test)) };
    })
  );
}

function shown(id: string, text: string): Shown {
  const [, file, name] = /^`(tests\/\S+_test\.ts)` (.+)$/.exec(text) ?? [];
  assert(file !== undefined && name !== undefined, `${id} names no test: ${text}`);
  return { file, name };
}

/** The names of the tests that a file registers; none if there is no such file. */
async function testsOf(file: string): Promise<string[]> {
  const url = new URL(file, ROOT);
  if (!(await Deno.stat(url).then(() => true, () => false))) return [];
  const names: string[] = [];
  const register = Deno.test;
  const takeDown = (test: string | Deno.TestDefinition) => {
    names.push(typeof test === "string" ? test : test.name);
  };
  Object.assign(Deno, { test: takeDown });
  try {
    await import(url.href);
  } finally {
    Object.assign(Deno, { test: register });
  }
  return names;
}

const ROWS = rowsOf(Deno.readTextFileSync(new URL("docs/requirements.md", ROOT)));
const FILES = [...new Set(ROWS.flatMap(({ tests }) => tests.map(({ file }) => file)))];
const TESTS = new Map<string, string[]>();
for (const file of FILES) TESTS.set(file, await testsOf(file));

Deno.test("docs/requirements.md has one row for each of R1 to R101 and D1 to D29, in order", () => {
  const numbered = (letter: string, count: number) =>
    Array.from({ length: count }, (_, at) => `${letter}${at + 1}`);
  const wanted = [...numbered("R", REQUIREMENTS), ...numbered("D", DECISIONS)];
  assertEquals(ROWS.map(({ id }) => id), wanted);
  assertEquals(ROWS.filter(({ asks }) => asks === ""), []);
});

Deno.test("docs/requirements.md names tests that there are", () => {
  const missing = ROWS.flatMap(({ id, tests }) =>
    tests.filter(({ file, name }) => !TESTS.get(file)?.includes(name))
      .map(({ file, name }) => `${id}: ${file} has no test "${name}"`)
  );
  assertEquals(missing, []);
});
