// The manifest of programs/ and the files beside it belong together.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { letterOf, OWN_WITNESSES, witnessRows } from "./witness_manifest.ts";

/** The names of witness programs; the other files there belong to other tests. */
const PROGRAM = /^(?:client|server|hostile)_/;

const OWN = witnessRows().filter(({ folder }) => folder === OWN_WITNESSES);

Deno.test("each witness program has a row, and each row its program", () => {
  const files = [...Deno.readDirSync(OWN_WITNESSES)].map(({ name }) => name);
  assertEquals(
    [...new Set(OWN.map(({ file }) => file))].sort(),
    files.filter((name) => PROGRAM.test(name)).sort(),
  );
});

Deno.test("each row is driven by one of the tests, and its start names its file", () => {
  for (const { file, group, start, expect, ...row } of OWN) {
    const driven = row.kind === "client"
      ? /^(?:serve|serve --turns|check --listen) \(\w\)$/
      : /^(?:check|check, connect|check --serve|connect --turns) \(\w\)$/;
    assertMatch(group, driven, file);
    assert(start.includes(file), file);
    const told = group.startsWith("serve (") ? expect.texts : expect.check;
    assert(told !== undefined, `${file} says nothing that a test could assert`);
    assert(letterOf({ file, group, start, expect, ...row }) !== "", file);
  }
});
