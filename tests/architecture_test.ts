// Holds every source of the repository against the tables of tools/architecture.ts, and the tables
// against the sources: a row without a file is an error.

import { assert, assertEquals } from "@std/assert";
import { DIALECT_NAMES } from "../protocol/dialects.ts";
import { covers, violations } from "../tools/architecture.ts";
import { LAYERS, PACKAGES, PURE } from "../tools/layers.ts";
import { sourceFile } from "../tools/source_file.ts";
import { REPOSITORY, sourcePaths } from "./source_paths.ts";

/** The dialects, also by the names of sheets 000 and 003; no code may compare a name with these. */
const DIALECTS = [...new Set([...DIALECT_NAMES, "framed", "etx"])];

const FILES = sourcePaths().map((path) =>
  sourceFile(path, Deno.readTextFileSync(new URL(path, REPOSITORY)))
);

Deno.test("The sources keep to the architecture", () => {
  assertEquals(violations(FILES, DIALECTS), []);
});

Deno.test("The architecture's tables speak of files that exist", () => {
  const entries = [
    ...LAYERS.flatMap((row) => [row.files, ...row.mayImport, ...row.mayImportTypes ?? []]),
    ...PACKAGES.flatMap((row) => row.only),
    ...PURE,
  ].filter((entry) => /(?:\.ts|\/\*?)$/.test(entry));
  const stale = entries.filter((entry) => !FILES.some((file) => covers(entry, file.path)));
  assertEquals([...new Set(stale)], []);
});

Deno.test("The documents name the pinned version of Deno", () => {
  const pinned = Deno.readTextFileSync(new URL(".dvmrc", REPOSITORY)).trim();
  const documents = [
    "README.md",
    ...[...Deno.readDirSync(new URL("docs/", REPOSITORY))]
      .filter(({ name }) => name.endsWith(".md")).map(({ name }) => `docs/${name}`),
  ];
  const named = documents.flatMap((path) =>
    [...Deno.readTextFileSync(new URL(path, REPOSITORY)).matchAll(/\bdeno@([\d.]*\d)/gi)]
      .map((match) => ({ path, version: match[1] }))
  );
  assert(named.some(({ path }) => path === "README.md"), "README.md says how to run it");
  assertEquals(named.filter(({ version }) => version !== pinned), []);
});
