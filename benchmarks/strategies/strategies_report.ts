// Formats the comparison as tables and charts. Pure.

import { barChart, lineChart, shortNumber } from "../chart.ts";
import type { Level, Stop, StrategyResult } from "./measure_strategy.ts";

/** The results, and where they were measured. */
export interface StrategiesReport {
  readonly machine: string;
  readonly date: string;
  /** The number of clients in the main table. */
  readonly reference: number;
  readonly servers: readonly StrategyResult[];
}

/** Why growing ended, for the table. */
const STOPS: Readonly<Record<Stop, string>> = {
  ceiling: "ceiling of the test",
  refused: "connection refused",
  unserved: "next not served",
  memory: "memory bound of the test",
  time: "time bound of the test",
  ended: "server died",
};

type Row = readonly string[];

/** The column titles of the main table, then one row for each server. */
export function mainTable({ servers, reference }: StrategiesReport): Row[] {
  const titles = [
    "server",
    "clients held",
    "stopped by",
    "messages/s",
    "deliveries/s",
    "p50 ms",
    "p99 ms",
    "join ms",
    "cores idle",
    "cores loaded",
    "deliveries/CPU s",
    "MiB empty",
    "KiB/client",
    "faults",
  ];
  return [titles, ...servers.map((server) => mainRow(server, levelAt(server, reference)))];
}

function mainRow(server: StrategyResult, level: Level | undefined): Row {
  return [
    server.label,
    String(server.held),
    STOPS[server.stop],
    perSecond(level, "messages"),
    perSecond(level, "deliveries"),
    level?.ping.p50.toFixed(2) ?? "-",
    level?.ping.p99.toFixed(2) ?? "-",
    Number.isFinite(server.joinMs) ? server.joinMs.toFixed(2) : "-",
    level?.idleCores.toFixed(2) ?? "-",
    level?.loadCores.toFixed(2) ?? "-",
    perCpuSecond(level),
    (server.emptyBytes / 2 ** 20).toFixed(0),
    (bytesPerClient(server) / 1024).toFixed(1),
    faultsOf(server),
  ];
}

/** Results by number of clients: one row for each server and size. */
export function growthTable({ servers }: StrategiesReport): Row[] {
  const titles = [
    "clients",
    "server",
    "deliveries/s",
    "p50 ms",
    "p99 ms",
    "cores idle",
    "cores loaded",
    "deliveries/CPU s",
    "generator's cores",
    "MiB",
  ];
  const rows = servers.flatMap((server) =>
    server.levels.map((level) => ({ level, label: server.label }))
  );
  return [
    titles,
    ...rows.sort((a, b) => a.level.clients - b.level.clients).map(({ level, label }) => [
      String(level.clients),
      label,
      perSecond(level, "deliveries"),
      level.ping.p50.toFixed(2),
      level.ping.p99.toFixed(2),
      level.idleCores.toFixed(2),
      level.loadCores.toFixed(2),
      perCpuSecond(level),
      level.generatorCores.toFixed(2),
      (level.residentBytes / 2 ** 20).toFixed(0),
    ]),
  ];
}

/** A table for a terminal: words aligned left, numbers right. */
export function aligned(table: readonly Row[]): string {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0))
  );
  const lines = table.map((row) =>
    row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return isNumeric(table, column) ? cell.padStart(width) : cell.padEnd(width);
    }).join("  ").trimEnd()
  );
  return `${lines.join("\n")}\n`;
}

/** The same table in Markdown. */
export function markdown(table: readonly Row[]): string {
  const [titles = [], ...rows] = table;
  const rules = titles.map((_, column) => isNumeric(table, column) ? "---:" : "---");
  return [titles, rules, ...rows].map((row) => `| ${row.join(" | ")} |\n`).join("");
}

function isNumeric([, ...rows]: readonly Row[], column: number): boolean {
  return rows.every((row) => /^[-\d]/.test(row[column] ?? ""));
}

/** Six panels of bars, one colour for each server. */
export function comparison({ servers, machine, date, reference }: StrategiesReport): string {
  const all = (value: (server: StrategyResult) => number) =>
    servers.map((server) => ({ label: server.label, value: value(server) }));
  const at = (value: (level: Level) => number) =>
    servers.flatMap((server) => {
      const level = levelAt(server, reference);
      return level === undefined ? [] : [{ label: server.label, value: value(level) }];
    });
  const held = servers.map(({ label, held, stop }) => {
    const text = stop === "ceiling" || stop === "time" ? `${held} and more` : `${held}`;
    return { label, value: held, text };
  });
  return barChart({
    title: "Sheet 004: five ways to serve a chat",
    subtitle: `${machine}; ${date}`,
    panels: [
      { title: "Clients held", scale: "log", bars: held },
      {
        title: `Deliveries per second, ${reference} clients`,
        bars: at(({ load }) => load.deliveries / load.seconds),
      },
      {
        title: `p99 of a lone message (ms), ${reference} clients`,
        bars: at(({ ping }) => ping.p99),
      },
      {
        title: "A new client's first message (ms)",
        scale: "log",
        bars: all(({ joinMs }) => joinMs).filter(({ value }) => Number.isFinite(value)),
      },
      { title: `CPU while idle (cores), ${reference} clients`, bars: at(hundredths) },
      {
        title: `Memory with ${reference} clients (MiB)`,
        bars: at(({ residentBytes }) => residentBytes / 2 ** 20),
      },
    ],
  });
}

function hundredths({ idleCores }: Level): number {
  return Math.round(idleCores * 100) / 100;
}

/** Deliveries per second over the number of clients, one line for each server. */
export function growth({ servers, machine, date }: StrategiesReport): string {
  return lineChart({
    title: "Deliveries per second as the clients become more",
    subtitle: `${machine}; ${date}`,
    x: { title: "Clients", scale: "log" },
    y: { title: "Deliveries per second" },
    points: servers.flatMap(({ label, levels }) =>
      levels.map(({ clients, load }) => ({
        series: label,
        x: clients,
        y: load.deliveries / load.seconds,
      }))
    ),
  });
}

function levelAt({ levels }: StrategyResult, clients: number): Level | undefined {
  return levels.find((level) => level.clients === clients);
}

function perSecond(level: Level | undefined, what: "messages" | "deliveries"): string {
  return level === undefined ? "-" : shortNumber(level.load[what] / level.load.seconds);
}

/** Deliveries per second of the server's CPU time, which other programs affect least. */
function perCpuSecond(level: Level | undefined): string {
  if (level === undefined || level.loadCores === 0) return "-";
  return shortNumber(level.load.deliveries / level.load.seconds / level.loadCores);
}

/** Memory per client added to an empty server, at the largest measured size. */
function bytesPerClient({ levels, emptyBytes }: StrategyResult): number {
  const last = levels.at(-1);
  return last === undefined ? 0 : Math.max(0, last.residentBytes - emptyBytes) / last.clients;
}

function faultsOf({ faults: { lost, wrong, dropped } }: StrategyResult): string {
  const faults = [[lost, "lost"], [wrong, "wrong"], [dropped, "dropped"]] as const;
  return faults.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)
    .join(", ") || "none";
}
