// The shape of the code base as tables, and the check of sources against them. Pure; the test that
// reads the real files is tests/architecture_test.ts. A change of shape is a change of these tables.

import { importCycles, resolveLocal } from "./import_graph.ts";
import { type Import, lineAt, type SourceFile } from "./source_file.ts";

/** One layer: which files, and what they may import. Entries ending in "/" stand for folders. */
interface Layer {
  readonly files: string;
  readonly mayImport: readonly string[];
  /** What else may be imported when only types come through. */
  readonly mayImportTypes?: readonly string[];
}

const ANYTHING: readonly string[] = [""];

/** Imports go one way. The first row that matches a file is the file's. */
export const LAYERS: readonly Layer[] = [
  { files: "protocol/", mayImport: ["protocol/"] },
  { files: "terminal/", mayImport: ["terminal/"] },
  {
    files: "server/chat/",
    mayImport: ["server/chat/", "protocol/"],
    mayImportTypes: [
      "server/history/history.ts",
      "server/control.ts",
      "server/limits.ts",
      "server/net/shared_log.ts",
    ],
  },
  {
    files: "server/net/",
    mayImport: ["server/net/", "server/clock.ts", "server/limits.ts", "protocol/"],
  },
  { files: "server/history/", mayImport: ["server/history/", "server/store/", "protocol/"] },
  { files: "server/store/", mayImport: ["server/store/", "protocol/"] },
  { files: "server/", mayImport: ["server/", "protocol/"] },
  { files: "client/", mayImport: ["client/", "protocol/", "terminal/", "server/clock.ts"] },
  {
    files: "admin/",
    mayImport: ["admin/", "protocol/", "terminal/"],
    mayImportTypes: ["server/control.ts"],
  },
  {
    files: "dialogue/",
    mayImport: [
      "dialogue/",
      "client/",
      "protocol/",
      "server/clock.ts",
      "server/limits.ts",
      "server/net/",
      "server/rounds.ts",
    ],
  },
  { files: "check/", mayImport: ["check/", "protocol/", "client/dial.ts"] },
  {
    files: "doctor/",
    mayImport: [
      "doctor/",
      "admin/admin_client.ts",
      "admin/control_path.ts",
      "protocol/",
      "server/machinery.ts",
      "server/net/system/libc.ts",
      "server/store/",
    ],
    mayImportTypes: ["admin/patience.ts"],
  },
  { files: "load/", mayImport: ["load/", "protocol/", "client/dial.ts"] },
  {
    files: "cli/",
    mayImport: [
      "cli/",
      "admin/",
      "check/",
      "client/",
      "dialogue/",
      "doctor/",
      "load/",
      "protocol/",
      "server/",
      "terminal/",
      "deno.json",
      "docs/dialects.md",
      "docs/protocol.md",
    ],
  },
  { files: "main.ts", mayImport: ["cli/"] },
  { files: "bench/", mayImport: ["bench/", "protocol/", "tools/compile.ts"] },
  {
    files: "torture/",
    mayImport: ["torture/", "client/", "protocol/", "server/clock.ts", "server/store/store.ts"],
  },
  { files: "tests/", mayImport: ANYTHING },
  { files: "tools/", mayImport: ANYTHING },
];

/** Where each library may be imported, so that changing one stays an afternoon's work. */
export const PACKAGES: readonly { readonly name: string; readonly only: readonly string[] }[] = [
  { name: "@optique/core", only: ["cli/", "main.ts"] },
  { name: "@logtape/logtape", only: ["cli/log.ts"] },
  { name: "@peculiar/x509", only: ["cli/self_made.ts"] },
  { name: "reflect-metadata", only: ["cli/self_made.ts"] },
  { name: "smol-toml", only: ["cli/toml.ts"] },
  { name: "valibot", only: ["protocol/native"] },
  { name: "marked", only: ["terminal/markdown.ts", "tests/"] },
  { name: "string-width", only: ["terminal/", "admin/reports.ts", "doctor/report.ts", "tests/"] },
  { name: "d3-scale", only: ["bench/chart.ts"] },
  { name: "fast-check", only: ["tests/"] },
  { name: "node:assert", only: ["tests/"] },
  {
    name: "node:",
    only: [
      "server/",
      "client/",
      "admin/",
      "bench/",
      "check/",
      "cli/",
      "doctor/system.ts",
      "terminal/",
      "tests/",
      "tools/",
      "torture/",
      "main.ts",
    ],
  },
];

/** Files that take I/O, time and chance as parameters. */
export const PURE: readonly string[] = [
  "protocol/",
  "server/chat/",
  "server/bans.ts",
  "client/reconnection.ts",
  "client/seen.ts",
  "server/entries.ts",
  "server/log_entry.ts",
  "server/metrics/exposition.ts",
  "server/metrics/health.ts",
  "server/metrics/http.ts",
  "server/metrics/metrics.ts",
  "doctor/capacity.ts",
  "doctor/control.ts",
  "doctor/data.ts",
  "doctor/finding.ts",
  "doctor/machine.ts",
  "doctor/port.ts",
  "doctor/port_owner.ts",
  "doctor/report.ts",
  "doctor/running.ts",
  "dialogue/lines.ts",
  "dialogue/turns.ts",
  "dialogue/words.ts",
  "torture/faults.ts",
  "torture/ledger.ts",
  "load/chart.ts",
  "load/flight.ts",
  "load/histogram.ts",
  "load/ledger.ts",
  "load/report.ts",
  "load/scanners.ts",
  "load/stamp.ts",
  "load/text.ts",
  "terminal/keys.ts",
  "terminal/layout.ts",
  "terminal/line_editor.ts",
  "terminal/markdown.ts",
  "terminal/screen.ts",
  "terminal/style.ts",
  "terminal/wrap.ts",
];

/** The one built-in module that only computes. */
const PURE_BUILT_IN = "node:util";

/** What pure code must not mention. */
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

/** The files that load code which is not JavaScript: the program's, and the one of a benchmark. */
const FOREIGN_CODE = ["server/net/system/libc.ts", "bench/strategies/libc.ts"];
const LOADING = /(?<![\w$.])Deno\.(?:dlopen|UnsafePointer\w*|UnsafeCallback|UnsafeFnPointer)\b/g;

/** Most lines of one source. */
export const MAX_LINES = 300;

/** One broken rule, as a sentence that starts with `path:line`. */
export type Violation = string;

/** Everything in `files` that breaks a rule; `dialects` are the names only the table may compare. */
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

/** Whether `path` is the file that `entry` names, or begins with it. */
export function covers(entry: string, path: string): boolean {
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
  if (!isIn(row.only, path)) return `"${one.specifier}" belongs in ${row.only.join(", ")}`;
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
  return [...used, ...foreign, ...mentions(file, CONSOLE, "Use a writer that is passed in")];
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

/** What a dialect does differently is a property of its row, never an `if` somewhere else. */
function dialectSwitches(file: SourceFile, dialects: readonly string[]): Violation[] {
  if (file.path === "protocol/dialects.ts" || file.path.startsWith("tests/")) return [];
  const name = `["'\`](?:${dialects.join("|")})["'\`]`;
  const pattern = new RegExp(`(?:[=!]==?|\\bcase)\\s*${name}|${name}\\s*[=!]==?`, "g");
  return [...file.uncommented.matchAll(pattern)].map((match) =>
    `${file.path}:${lineAt(file.text, match.index)}: Compares a dialect's name: ${match[0]}`
  );
}
