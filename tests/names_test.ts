// An exported name stands for one thing in the whole repository, so that a search finds it, and is
// used by another file.

import { assertEquals } from "@std/assert";
import { exportedNames, sharedNames, unusedExports } from "../tools/exported_names.ts";
import { sourceFile } from "../tools/source_file.ts";
import { REPOSITORY, sourcePaths } from "./source_paths.ts";

/** The names that a source with that text exports. */
function namesIn(text: string): string[] {
  return exportedNames(sourceFile("a.ts", text)).map(({ name }) => name);
}

const FILES = sourcePaths().map((path) =>
  sourceFile(path, Deno.readTextFileSync(new URL(path, REPOSITORY)))
);

Deno.test("No two sources export the same name", () => {
  assertEquals(sharedNames(FILES), []);
});

Deno.test("Every exported value has an importer", () => {
  assertEquals(unusedExports(FILES), []);
});

Deno.test("Every kind of export is found", () => {
  const text = `
    export function* walk() {}
    export async function load() {}
    export abstract class Shape {}
    export interface Size {}
    export type Name = string;
    export const MAX = 1;
    export default class Main {}
    const a = 1, b = 2;
    export { a, b as c };
    export type { Size as Extent };
  `;
  assertEquals(namesIn(text), [
    "walk",
    "load",
    "Shape",
    "Size",
    "Name",
    "MAX",
    "a",
    "c",
    "Extent",
  ]);
});

Deno.test("Overloads count once; re-exports, comments and strings do not count", () => {
  const text = `
    export function read(path: string): string;
    export function read(path: URL): string;
    export { other } from "./other.ts";
    export * from "./more.ts";
    import { passed } from "./passed.ts";
    export { passed };
    // export const hidden = 1;
    const text = "export const quoted = 1;";
  `;
  assertEquals(namesIn(text), ["read"]);
});

Deno.test("A name that two sources export is reported with both places", () => {
  const files = [
    sourceFile("a.ts", "export const one = 1;\n"),
    sourceFile("b.ts", "\nexport function one() {}\nexport const two = 2;\n"),
  ];
  assertEquals(sharedNames(files), ["one is exported by a.ts:1 and b.ts:2"]);
});

Deno.test("unusedExports() finds a value that only its own file uses, or only its namesake's importer", () => {
  const files = [
    sourceFile("a/a.ts", "export const one = 1;\nexport function two() {}\nexport type Three = 3;"),
    sourceFile("a/b.ts", 'import { one } from "./a.ts";\n// two\nexport class Four {}'),
    sourceFile("c.ts", 'import { five } from "./a/b.ts";\nconst two = "Four";'),
  ];
  assertEquals(unusedExports(files), [
    "a/a.ts:2: No file imports two: do not export it",
    "a/b.ts:3: No file imports Four: do not export it",
  ]);
});

Deno.test("unusedExports() counts every way to import a value", () => {
  const ways = [
    'import { type A, one } from "./a.ts";',
    'import { one as two } from "./a.ts";',
    'export { one } from "./a.ts";',
    'const { one } = await import("./a.ts");',
    'f((await import("./a.ts")).one);',
    'import * as a from "./a.ts";\nf(a);',
  ];
  for (const way of ways) {
    const files = [sourceFile("a.ts", "export const one = 1;"), sourceFile("b.ts", way)];
    assertEquals(unusedExports(files), [], way);
  }
});
