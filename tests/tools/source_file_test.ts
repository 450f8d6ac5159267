// sourceFile() on syntax that a naive scan gets wrong.

import { assertEquals, assertStrictEquals } from "@std/assert";
import { lineAt, sourceFile } from "../../tools/source_file.ts";

function codeOf(text: string): string {
  return sourceFile("x.ts", text).code;
}

Deno.test("sourceFile() blanks comments, strings, templates and regular expressions only", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["a(); // Deno.exit", "a();             "],
    ["a(/* Deno\n.x */);", "a(       \n     );"],
    ['a("x // y"); b', 'a("      "); b'],
    ["a('it\\'s'); b", "a('     '); b"],
    ["a(`t ${b} u`); c", "a(`  ${b}  `); c"],
    ["a(`${`n${x}m`}`, b)", "a(`${` ${x} `}`, b)"],
    ["a(`${{ k: 1 }}z`); b", "a(`${{ k: 1 }} `); b"],
    ["a(`$ \\` $$`); b", "a(`       `); b"],
    ["x = /[\"'`/]/g; y", "x = /      /g; y"],
    ["return /\\/\\//.test(a)", "return /    /.test(a)"],
    ["a / b / c; // d", "a / b / c;     "],
    ["f(a) / 2 + `x` / 3", "f(a) / 2 + ` ` / 3"],
    ["a[0] / b; c / d", "a[0] / b; c / d"],
    ['"http://x" + y', '"        " + y'],
  ];
  for (const [text, code] of cases) assertStrictEquals(codeOf(text), code);
});

Deno.test("sourceFile() keeps strings in what it calls uncommented", () => {
  const text = 'a("x // y"); // z';
  assertStrictEquals(sourceFile("x.ts", text).uncommented, 'a("x // y");     ');
});

Deno.test("sourceFile() finds every form of import with its line", () => {
  const text = [
    'import a from "./a.ts";',
    "import {",
    "  type B,",
    "  type C,",
    '} from "./b.ts";',
    'import { type D, e } from "./d.ts";',
    'import type { F } from "./f.ts";',
    'import * as g from "npm-g";',
    'import "./h.ts";',
    'export { i } from "./i.ts";',
    'export * from "./j.ts";',
    'export type { K } from "./k.ts";',
    'const l = await import("./l.ts");',
    "const m = await import(name);",
    "const n = await import(`./${name}.ts`);",
    '// import o from "./o.ts";',
    "const p = \"import q from './q.ts'\";",
    'export const from = 1, r = "from";',
    "import.meta.url;",
    "this.import(1);",
  ].join("\n");
  const seen = sourceFile("x.ts", text).imports.map((one) =>
    `${one.line} ${one.specifier}${one.typeOnly ? " type" : ""}${one.dynamic ? " dynamic" : ""}`
  );
  assertEquals(seen, [
    "1 ./a.ts",
    "5 ./b.ts type",
    "6 ./d.ts",
    "7 ./f.ts type",
    "8 npm-g",
    "9 ./h.ts",
    "10 ./i.ts",
    "11 ./j.ts",
    "12 ./k.ts type",
    "13 ./l.ts dynamic",
    "14  dynamic",
    "15  dynamic",
  ]);
});

Deno.test("lineAt() counts from 1", () => {
  assertStrictEquals(lineAt("a\nb\nc", 0), 1);
  assertStrictEquals(lineAt("a\nb\nc", 4), 3);
});
