// Formats the scale figures as tables and curves. Pure.

import type { LineChart } from "../chart.ts";
import { formatMicros, formatRate, formatShare, formatTable, type TableFormat } from "../table.ts";
import { CURVE, type CurvePoint, type StormFigure, type TargetCheck } from "./scale_figures.ts";

/** The contents of the report. */
export interface ScaleReport {
  readonly machine: string;
  readonly checks: readonly TargetCheck[];
  readonly storms: readonly StormFigure[];
  readonly byReaders: readonly CurvePoint[];
  readonly bySize: readonly CurvePoint[];
  readonly warnings: readonly string[];
}

const SERVERS = { minichat: "minichat", c: "C reference" } as const;

/** The whole report, without parts that were not measured. */
export function formatScaleReport(report: ScaleReport, format: TableFormat): string {
  const { machine, checks, storms, byReaders, bySize, warnings } = report;
  const curve = (title: string, points: readonly CurvePoint[]) =>
    points.length === 0 ? [] : [title, formatTable(curveTable(points), format)];
  return [
    `Measured on ${machine}.`,
    ...checks.length === 0 ? [] : [formatTable(checkTable(checks), format)],
    ...storms.length === 0 ? [] : [formatTable(stormTable(storms), format)],
    ...curve(
      `More readers: ${CURVE.senders} senders, ${CURVE.window} messages of ${CURVE.bytes} bytes in flight.`,
      byReaders,
    ),
    ...curve(
      `Longer messages: ${CURVE.readers} readers, ${CURVE.senders} senders, ${CURVE.window} messages in flight.`,
      bySize,
    ),
    ...warnings.length === 0 ? [] : [warnings.map((one) => `- ${one}`).join("\n")],
  ].join("\n\n");
}

function checkTable(checks: readonly TargetCheck[]) {
  const rows = checks.map(({ what, wanted, got, met }) => [
    what,
    wanted,
    got,
    met ? "met" : "missed",
  ]);
  return { rows: [["Target", "Wanted", "Got", ""], ...rows] };
}

function stormTable(storms: readonly StormFigure[]) {
  const rows = storms.map((storm) => [
    `${storm.clients} join together`,
    `${storm.connectedMs.toFixed(0)} ms`,
    `${storm.joinedMs.toFixed(0)} ms`,
    `${storm.quietMs.toFixed(0)} ms`,
    `${(storm.bytes / storm.clients / 1024).toFixed(1)} KiB`,
    (storm.lines / storm.clients).toFixed(1),
    `${storm.network.synRetransmits}`,
    `${storm.network.listenOverflows}`,
  ]);
  const heading = ["Storm", "Connected", "Joined", "Quiet", "To each", "Lines", "SYNs again"];
  return { rows: [[...heading, "Queue full"], ...rows] };
}

function curveTable(points: readonly CurvePoint[]) {
  const rows = points.map((point) => [
    SERVERS[point.server],
    `${point.readers}`,
    `${point.bytes}`,
    formatRate(point.deliveriesPerSecond),
    formatRate(point.deliveriesPerSecond * point.bytes),
    formatMicros(point.p99Us),
    formatShare(point.serverCpu),
    formatShare(point.loadCpu),
  ]);
  const heading = ["Server", "Readers", "Bytes", "Deliveries/s", "Bytes/s", "p99", "Server CPU"];
  return { rows: [[...heading, "Load CPU"], ...rows] };
}

/** Deliveries a second over one property of a load. */
export function curveChart(
  points: readonly CurvePoint[],
  along: "readers" | "bytes",
  machine: string,
): LineChart {
  const what = { readers: "Readers", bytes: "Bytes of one message" }[along];
  return {
    title: `Deliveries a second, by ${what.toLowerCase()}`,
    subtitle: `${CURVE.window} messages in flight from ${CURVE.senders} senders; ${machine}`,
    x: { title: what, scale: "log" },
    y: { title: "Deliveries/s", scale: "log" },
    points: points.map((point) => ({
      series: SERVERS[point.server],
      x: point[along],
      y: point.deliveriesPerSecond,
    })),
  };
}
