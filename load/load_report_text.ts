// Formats the report as text: three short tables, two histograms, and problems in red. Pure: the
// width and the colours are passed in.

import type { Style } from "../terminal/style.ts";
import { chart, figures, time } from "./histogram_chart.ts";
import {
  CPU_BOUND_PERCENT,
  type FaultExample,
  type JoinReport,
  type LatencyReport,
  type LoadReport,
  type TrafficReport,
} from "./load_report.ts";

/** Width and colours of the text. */
export interface TextOptions {
  /** Width of the terminal. */
  readonly columns: number;
  readonly style: Style;
}

/** The whole report, lines without line ends. */
export function reportText(report: LoadReport, options: TextOptions): string[] {
  const { style } = options;
  const lines = [style.bold(`Load on ${report.target}, ${report.dialect}`)];
  lines.push("", ...joinText(report.join, style));
  if (report.latency !== null && report.latency.toEach.count > 0) {
    lines.push("", ...latencyText(report.latency, options));
  }
  if (report.fanout !== null && report.fanout.toEach.count > 0) {
    lines.push("", ...fanoutText(report.fanout, report.messageBytes, options));
  }
  lines.push("", ...verdictText(report, style));
  return lines;
}

function joinText(join: JoinReport, style: Style): string[] {
  const total = join.steps.reduce((sum, { seconds }) => sum + seconds, 0);
  const head = `${style.bold("Joining")}  ${count(join.held)} clients in ${time(total * 1000)}`;
  const lines = [
    join.end === "all_joined" || join.end === "interrupted" ? head : `${head}; ${endText(join)}`,
    style.dim(row("", ["all reached", "joined/s"])),
    ...join.steps.map((step) =>
      row(`${count(step.clients)} clients`, [time(step.seconds * 1000), count(step.perSecond)])
    ),
  ];
  if (join.held > 1) {
    const hears = join.hearsItself ? "gets its own messages too" : "does not get its own messages";
    lines.push(`  Here a sender ${hears}.`);
  }
  return lines;
}

/** Why no more clients joined. */
function endText({ end, detail }: JoinReport): string {
  const words = detail === null ? "" : `: ${detail}`;
  if (end === "refused") return `the server took no more${words}`;
  if (end === "stalled") return `the server stalled${words}`;
  return `no more may be opened${words}`;
}

function latencyText(traffic: TrafficReport, { columns, style }: TextOptions): string[] {
  return [
    `${style.bold("Latency")}  one message at a time, ${count(traffic.messages)} of them` +
    (traffic.waitedInVain > 0 ? `; ${wastedText(traffic)}` : ""),
    ...quantiles(traffic, style),
    "",
    ...chart(traffic.histogram, { latency: traffic.toEach, columns, style }),
  ];
}

/** Why there were fewer messages than time allows. */
function wastedText({ waitedInVain }: TrafficReport): string {
  return `${time(waitedInVain * 1000)} spent waiting for what never came`;
}

function fanoutText(
  traffic: TrafficReport,
  messageBytes: number,
  { columns, style }: TextOptions,
): string[] {
  const { senders, window, ownCpuPercent } = traffic;
  const lines = [
    `${style.bold("Fan-out")}  ${count(senders)} ${senders === 1 ? "sender" : "senders"}, ` +
    `at most ${count(window)} of each under way, ${count(messageBytes)} bytes, ` +
    `${time(traffic.seconds * 1000)}`,
    style.dim(row("", ["a second", "in all"])),
    row("messages in", [count(traffic.messagesPerSecond), count(traffic.messages)]),
    row("deliveries out", [count(traffic.deliveriesPerSecond), count(traffic.deliveries)]),
    row("megabytes out", [figures(traffic.megabytesPerSecond), figures(traffic.megabytes)]),
    "",
    ...quantiles(traffic, style),
    "",
    ...chart(traffic.histogram, { latency: traffic.toEach, columns, style }),
  ];
  if (ownCpuPercent >= CPU_BOUND_PERCENT) {
    lines.push(
      style.yellow(
        `  This program used ${ownCpuPercent} % of a processor core: the server may be faster.`,
      ),
    );
  }
  return lines;
}

function quantiles(traffic: TrafficReport, style: Style): string[] {
  const line = (name: string, { p50, p90, p99, max }: LatencyReport): string =>
    row(name, [p50, p90, p99, max].map(time));
  return [
    style.dim(row("", ["p50", "p90", "p99", "max"])),
    line("to each client", traffic.toEach),
    line("to the last", traffic.toLast),
  ];
}

function verdictText(report: LoadReport, style: Style): string[] {
  const { faults, notes, problems, interrupted } = report;
  const came = (report.latency?.deliveries ?? 0) + (report.fanout?.deliveries ?? 0);
  const lines: string[] = [];
  if (came > 0 && faults.first.length === 0) {
    const checked = `${count(came)} deliveries checked: none lost, duplicated, reordered or torn.`;
    lines.push(style.green(checked));
  }
  lines.push(...notes.map((note) => style.yellow(`${note}.`)));
  lines.push(...problems.map((problem) => style.red(`${problem}.`)));
  lines.push(
    ...faults.first.map((fault) => style.red(`  The first ${fault.kind}: ${exampleText(fault)}`)),
  );
  if (interrupted) lines.push(style.yellow("Interrupted: this is what there was."));
  return lines;
}

function exampleText({ receiver, sender, expected, received }: FaultExample): string {
  const from = sender === 0 ? "an unknown client" : `client ${sender}`;
  const due = expected === null ? "" : `, message ${expected} was due`;
  const came = received === null
    ? "nothing came"
    : typeof received === "number"
    ? `message ${received} came`
    : `this came: ${received}`;
  return `client ${receiver} from ${from}${due}, ${came}`;
}

/** A line of a table: its name, and figures under their headings. */
function row(name: string, cells: readonly string[]): string {
  return `  ${name.padEnd(14)}${cells.map((cell) => cell.padStart(13)).join("")}`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}
