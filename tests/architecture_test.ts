// Holds every source of the repository against the tables of tools/architecture.ts, and the tables
// against the sources: a row about nothing guards nothing.

import assert from "node:assert/strict";
import { DIALECT_NAMES } from "../protocol/dialects.ts";
import { covers, violations } from "../tools/architecture.ts";
import { LAYERS, PACKAGES, PURE } from "../tools/layers.ts";
import { sourceFile } from "../tools/source_file.ts";

const ROOT = new URL("../", import.meta.url);

/** Sheets 000 and 003 name two more; no code may compare those names either. */
const DIALECTS = [...new Set([...DIALECT_NAMES, "framed", "etx"])];

/** Paths of all sources, from the root. */
function sourcePaths(folder = ""): string[] {
  return [...Deno.readDirSync(new URL(folder, ROOT))].flatMap(({ name, isDirectory }) => {
    if (isDirectory) {
      const notOurs = name.startsWith(".") || ["coverage", "dist", "node_modules"].includes(name);
      return notOurs ? [] : sourcePaths(`${folder}${name}/`);
    }
    return name.endsWith(".ts") ? [folder + name] : [];
  }).sort();
}

const FILES = sourcePaths().map((path) =>
  sourceFile(path, Deno.readTextFileSync(new URL(path, ROOT)))
);

Deno.test("The sources keep to the architecture", () => {
  assert.deepEqual(violations(FILES, DIALECTS), []);
});

Deno.test("The architecture's tables speak of files that exist", () => {
  const entries = [
    ...LAYERS.flatMap((row) => [row.files, ...row.mayImport, ...row.mayImportTypes ?? []]),
    ...PACKAGES.flatMap((row) => row.only),
    ...PURE,
  ].filter((entry) => /(?:\.ts|\/\*?)$/.test(entry));
  const stale = entries.filter((entry) => !FILES.some((file) => covers(entry, file.path)));
  assert.deepEqual([...new Set(stale)], []);
});

Deno.test("The documents name the pinned version of Deno", () => {
  const pinned = Deno.readTextFileSync(new URL(".dvmrc", ROOT)).trim();
  const documents = [
    "README.md",
    ...[...Deno.readDirSync(new URL("docs/", ROOT))]
      .filter(({ name }) => name.endsWith(".md")).map(({ name }) => `docs/${name}`),
  ];
  const named = documents.flatMap((path) =>
    [...Deno.readTextFileSync(new URL(path, ROOT)).matchAll(/\bdeno@([\d.]*\d)/gi)]
      .map((match) => ({ path, version: match[1] }))
  );
  assert.ok(named.some(({ path }) => path === "README.md"), "README.md says how to run it");
  assert.deepEqual(named.filter(({ version }) => version !== pinned), []);
});
