// The shape of the code base as tables: who may import whom, where each library may be used, what is
// pure. A change of shape is a change of these tables; architecture.ts checks the sources against them.

/** One layer: which files, and what they may import. Entries ending in "/" stand for folders. */
export interface Layer {
  readonly files: string;
  readonly mayImport: readonly string[];
  /** What else may be imported when only types come through. */
  readonly mayImportTypes?: readonly string[];
}

/** For files that put things together. */
export const ANYTHING: readonly string[] = [""];

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
  "server/authority/attempts.ts",
  "server/authority/claims.ts",
  "server/authority/records.ts",
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
