// Checks sources against the tables of layers.ts. Pure; tests/architecture_test.ts reads the files.

import { ANYTHING, type Layer, LAYERS, PACKAGES, PURE } from "./layers.ts";
import { importCycles, resolveLocal } from "./import_graph.ts";
import { type Import, lineAt, type SourceFile } from "./source_file.ts";

/** The built-in module without side effects. */
const PURE_BUILT_IN = "node:util";

/** Names that pure code must not use. */
const IMPURE: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: "the runtime", pattern: /(?<![\w$.])(?:(?:Deno|globalThis)\b|process\s*\.)/g },
  { what: "waiting", pattern: /(?<![\w$.])(?:async|await)\b/g },
  {
    what: "a timer",
    pattern: /(?<![\w$])(?:set(?:Timeout|Interval|Immediate)|queueMicrotask)\b/g,
  },
  {
    what: "the clock",
    pattern: /(?<![\w$])(?:Date\.now|performance\.now|new Date\s*(?:\(\s*\)|(?!\s*\()))/g,
  },
  { what: "chance", pattern: /(?<![\w$])(?:Math\.random|crypto)\b/g },
  { what: "the network", pattern: /(?<![\w$.])fetch\s*\(/g },
];

const CONSOLE = /(?<![\w$.])console\b/g;

/** The files that load native code: the program's, and a benchmark's. */
const FOREIGN_CODE = ["server/net/system/libc.ts", "benchmarks/strategies/libc.ts"];
/** Braces in which each name has `type`: the module is loaded all the same, for its side effects. */
const TYPES_ONE_BY_ONE = /(?<![\w$.])import\s*\{\s*type\s+[\w$\s]+(?:,\s*type\s+[\w$\s]+)*,?\s*\}/g;

const LOADING = /(?<![\w$.])Deno\.(?:dlopen|UnsafePointer\w*|UnsafeCallback|UnsafeFnPointer)\b/g;

/** Most lines of one source. */
const MAX_LINES = 400;

/** One broken rule, as a line that starts with `path:line`. */
export type Violation = string;

/** All broken rules in `files`; `dialects` are the names that no code may compare. */
export function violations(files: readonly SourceFile[], dialects: readonly string[]): Violation[] {
  return [
    ...files.flatMap((file) => [
      ...brokenImports(file),
      ...impurities(file),
      ...shape(file),
      ...dialectSwitches(file, dialects),
    ]),
    ...importCycles(files).map((cycle) => `${cycle[0]}:1: Import cycle: ${cycle.join(" -> ")}`),
  ];
}

/**
 * Whether `entry` matches `path`: a file's path, a folder (`a/`), or the files directly in it
 * (`a/*`).
 */
export function covers(entry: string, path: string): boolean {
  if (entry.endsWith("/*")) return path.replace(/[^/]*$/, "*") === entry;
  return entry.endsWith(".ts") || entry.endsWith(".json") ? path === entry : path.startsWith(entry);
}

function isIn(entries: readonly string[], path: string): boolean {
  return entries.some((entry) => covers(entry, path));
}

function brokenImports(file: SourceFile): Violation[] {
  const layer = LAYERS.find((row) => covers(row.files, file.path));
  if (!layer) return [`${file.path}:1: No layer for this file: add it to LAYERS or move it`];
  return file.imports.flatMap((one) => {
    const problem = one.specifier.startsWith(".")
      ? brokenDirection(file.path, layer, one)
      : misplacedPackage(file.path, layer, one);
    return problem === undefined ? [] : [`${file.path}:${one.line}: ${problem}`];
  });
}

function brokenDirection(path: string, layer: Layer, one: Import): string | undefined {
  const target = resolveLocal(path, one.specifier);
  if (isIn(layer.mayImport, target)) return undefined;
  if (isIn(layer.mayImportTypes ?? [], target)) {
    return one.typeOnly ? undefined : `${layer.files} may import only types of ${target}`;
  }
  return `${layer.files} must not import ${target}`;
}

function misplacedPackage(path: string, layer: Layer, one: Import): string | undefined {
  if (one.specifier === "") {
    return layer.mayImport === ANYTHING ? undefined : "Computed import: write the path out";
  }
  const row = PACKAGES.find(({ name }) =>
    one.specifier === name || one.specifier.startsWith(name.endsWith(":") ? name : `${name}/`)
  );
  if (!row) return `Unknown package "${one.specifier}": add it to PACKAGES`;
  if (!isIn(row.only, path)) {
    return `"${one.specifier}" belongs in ${row.only.join(", ") || "no file"}`;
  }
  if (isIn(PURE, path) && one.specifier.startsWith("node:") && one.specifier !== PURE_BUILT_IN) {
    return `Pure code imports "${one.specifier}"`;
  }
  return undefined;
}

function impurities(file: SourceFile): Violation[] {
  const used = isIn(PURE, file.path)
    ? IMPURE.flatMap(({ what, pattern }) => mentions(file, pattern, `Pure code uses ${what}`))
    : [];
  const foreign = FOREIGN_CODE.includes(file.path)
    ? []
    : mentions(file, LOADING, `Foreign code is called only in ${FOREIGN_CODE.join(" and ")}`);
  return [
    ...used,
    ...foreign,
    ...mentions(file, TYPES_ONE_BY_ONE, "Loads a module for its types: write `import type`"),
    ...mentions(file, CONSOLE, "Use a writer that is passed in"),
  ];
}

function mentions(file: SourceFile, pattern: RegExp, rule: string): Violation[] {
  return [...file.code.matchAll(pattern)].map((match) =>
    `${file.path}:${lineAt(file.code, match.index)}: ${rule}: "${match[0]}"`
  );
}

function shape(file: SourceFile): Violation[] {
  const found: Violation[] = [];
  const lines = file.text.replace(/\n$/, "").split("\n").length;
  if (lines > MAX_LINES) {
    found.push(`${file.path}:${lines}: Too long: at most ${MAX_LINES} lines`);
  }
  const opensWithComment = /^(?:#![^\n]*\n)?\s*(?:\/\/|\/\*)/.test(file.text);
  if (!opensWithComment && !file.path.startsWith("tests/")) {
    found.push(`${file.path}:1: No opening comment: say what the file owns`);
  }
  return found;
}

/** A difference between dialects is a property of their rows, never an `if` elsewhere. */
function dialectSwitches(file: SourceFile, dialects: readonly string[]): Violation[] {
  if (file.path === "protocol/dialects.ts" || file.path.startsWith("tests/")) return [];
  const name = `["'\`](?:${dialects.join("|")})["'\`]`;
  const pattern = new RegExp(`(?:[=!]==?|\\bcase)\\s*${name}|${name}\\s*[=!]==?`, "g");
  return [...file.uncommented.matchAll(pattern)].map((match) =>
    `${file.path}:${lineAt(file.text, match.index)}: Compares a dialect's name: ${match[0]}`
  );
}
