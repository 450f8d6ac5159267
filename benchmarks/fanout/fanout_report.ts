// Formats the figures: tables beside the targets, and the chart. Pure.

import type { BarChart, BarPanel } from "../chart.ts";
import {
  formatMicros,
  formatRate,
  formatShare,
  formatTable,
  type Table,
  type TableFormat,
} from "../table.ts";
import { type Figure, figureAt, type TargetVerdict } from "./fanout_figures.ts";
import { type ServerName, WORKLOAD_NAMES, type WorkloadName, WORKLOADS } from "./workloads.ts";

/** The contents of a report. */
export interface FanoutReport {
  readonly figures: readonly Figure[];
  readonly verdicts: readonly TargetVerdict[];
  readonly warnings: readonly string[];
  /** Name and version of each server. */
  readonly titles: Readonly<Partial<Record<ServerName, string>>>;
  readonly machine: string;
  readonly rounds: number;
}

/** The whole report. */
export function formatFanoutReport(report: FanoutReport, format: TableFormat): string {
  const { warnings, machine, rounds } = report;
  const heading = `Medians of ${rounds} ${rounds === 1 ? "round" : "rounds"} on ${machine}.`;
  return [
    heading,
    formatTable(figureTable(report), format),
    formatTable(verdictTable(report), format),
    ...warnings.length === 0 ? [] : [warnings.map((one) => `- ${one}`).join("\n")],
  ].join("\n\n");
}

/** A row for each server in each workload. */
function figureTable(report: FanoutReport): Table {
  const heading = [
    ...["Workload", "Server", "Deliveries/s", "Lowest", "Highest", "p50", "p99"],
    ...["Server CPU", "Per CPU s", "Load CPU", "Others", "Memory", "minichat is"],
  ];
  const rows = report.figures.map((figure) => [
    figure.workload,
    titleOf(report, figure.server),
    formatRate(figure.rate),
    formatRate(figure.lowest),
    formatRate(figure.highest),
    formatMicros(figure.p50),
    formatMicros(figure.p99),
    formatShare(figure.serverCpu),
    formatRate(figure.perCpu),
    formatShare(figure.loadCpu),
    formatShare(figure.othersCpu),
    `${figure.memoryMib.toFixed(0)} MiB`,
    compared(report.figures, figure),
  ]);
  return { rows: [heading, ...rows], words: 2 };
}

/** Ratio of minichat's rate to this one in the same workload. */
function compared(figures: readonly Figure[], { workload, server, rate }: Figure): string {
  const ours = figureAt(figures, { workload, server: "minichat" });
  return server === "minichat" || ours === undefined ? "" : `${(ours.rate / rate).toFixed(2)} x`;
}

function verdictTable(report: FanoutReport): Table {
  const rows = report.verdicts.map((verdict) => {
    const { target: { of, against, figure, bound }, ratio } = verdict;
    const theirs = of.workload === against.workload
      ? titleOf(report, against.server)
      : `${against.workload} of minichat`;
    const what = figure === "rate" ? "deliveries/s" : "latency p99";
    const ours = of.server === "minichat" ? of.server : "with history on disk";
    return [
      `${of.workload}: ${what}, ${ours} / ${theirs}`,
      "atLeast" in bound ? `>= ${bound.atLeast}` : `<= ${bound.atMost}`,
      ratio === undefined ? "-" : ratio.toFixed(2),
      judgement(verdict),
    ];
  });
  return { rows: [["Target", "Wanted", "Got", ""], ...rows] };
}

function judgement({ met, ratio, target: { bound } }: TargetVerdict): string {
  if (ratio === undefined) return "not measured";
  if (met === undefined) return "machine was busy";
  if (met) return "met";
  const off = "atLeast" in bound ? 1 - ratio / bound.atLeast : ratio / bound.atMost - 1;
  return `missed by ${(off * 100).toFixed(0)} %`;
}

/** Deliveries a second of every workload, one panel each. */
export function fanoutChart({ figures, titles, machine, rounds }: FanoutReport): BarChart {
  const panels: BarPanel[] = WORKLOAD_NAMES.flatMap((workload) => {
    const bars = figures.filter((figure) => figure.workload === workload).map((figure) => ({
      label: titles[figure.server] ?? figure.server,
      value: figure.rate,
      text: formatRate(figure.rate),
    }));
    return bars.length === 0 ? [] : [{ title: `${describe(workload)}: deliveries/s`, bars }];
  });
  return {
    title: "Fan-out of 64-byte messages: every reader gets every message",
    subtitle: `Medians of ${rounds} rounds; server and load on one core each; ${machine}`,
    panels,
  };
}

function describe(workload: WorkloadName): string {
  const { readers, senders, window } = WORKLOADS[workload];
  const speakers = senders === 1 ? "1 sender" : `${senders} senders`;
  return `${workload} (${readers} readers, ${speakers}, ${window} in flight)`;
}

function titleOf({ titles }: FanoutReport, server: ServerName): string {
  return titles[server] ?? server;
}
