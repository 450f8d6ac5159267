// The report for a person: a line for each check, and behind a failure everything one needs to mend
// it. Pure; colours are wrapped around by whoever prints it.

import type { Style } from "../../terminal/style.ts";
import { type CheckVerdict, type Exchange, type Finding, passes } from "../finding.ts";
import {
  type CheckPlan,
  countFindings,
  type FindingCounts,
  type ReportEnd,
  type ReportFormat,
} from "./report_format.ts";
import type { Show } from "../visible.ts";

/** How the report looks. */
export interface TextReportOptions {
  readonly style: Style;
  /** How bytes of the transcript are shown. */
  readonly show: Show;
}

const WIDTH = 100;
const INDENT = "      ";
/** Most lines of a transcript; the newest tell most. */
const MAX_LINES = 20;
/** Most lines at each end of what was sent in a row. */
const MAX_END_LINES = 3;
/** What stands in parentheses behind each title. */
const LEGEND =
  "R..: the course sheets ask for it; D..: minichat decided, as they do not (docs/requirements.md)";
/** Behind a written `\\n` or ETX, and behind the mark of a new piece. */
const LINE_END = /(?<=\\(?:n|x03))(?=[^|])|(?<=\|)(?=.)/;

/** A report in lines, for a terminal of about 100 columns. */
export function textCheckReport({ style, show }: TextReportOptions): ReportFormat {
  let idWidth = 0;
  /** Checks skipped one behind the other for one reason: together they are one line. */
  let skipped: Finding[] = [];
  const tellSkipped = (): string => {
    const told = skippedText(skipped, { style, idWidth });
    skipped = [];
    return told;
  };
  return {
    begin({ subject, dialect, checks }: CheckPlan): string {
      idWidth = Math.max(0, ...checks.map(({ id }) => id.length));
      return `${style.bold(`Checking ${subject} as ${dialect}`)}, ${count(checks.length)}\n`;
    },
    finding(finding: Finding): string {
      const { verdict } = finding;
      const before = becauseOf(finding) === becauseOf(skipped[0]) ? "" : tellSkipped();
      if (verdict.kind === "skip") {
        skipped.push(finding);
        return before;
      }
      const line = before + lineOf(finding, { style, idWidth });
      return verdict.kind === "fail" ? line + details(finding, verdict, { style, show }) : line;
    },
    end: (findings, closing = {}) => tellSkipped() + summary(findings, closing, style),
  };
}

function becauseOf(finding: Finding | undefined): string | undefined {
  return finding?.verdict.kind === "skip" ? finding.verdict.because : undefined;
}

/** Where the title of a check begins, and its colours. */
interface LineOptions {
  readonly style: Style;
  readonly idWidth: number;
}

function lineOf(finding: Finding, { style, idWidth }: LineOptions): string {
  const { id, title, sources } = finding.check;
  const mark = `${markOf(finding, style)}  ${id.padEnd(idWidth)}`;
  return `${mark}  ${title} ${style.dim(`(${sources.join(" ")})`)}\n`;
}

/** One line with a title, or one with all their names. */
function skippedText(findings: readonly Finding[], options: LineOptions): string {
  const [first] = findings;
  if (first === undefined) return "";
  const because = options.style.dim(`because ${becauseOf(first)}`);
  if (findings.length === 1) return `${lineOf(first, options).trimEnd()} ${because}\n`;
  const names = wrapped(findings.map(({ check }) => check.id).join(", "), WIDTH - INDENT.length);
  return `${markOf(first, options.style)}  ${names.join(`\n${INDENT}`)} ${because}\n`;
}

function count(checks: number): string {
  return checks === 1 ? "1 check" : `${checks} checks`;
}

function markOf({ check, verdict }: Finding, style: Style): string {
  switch (verdict.kind) {
    case "pass":
      return style.green("ok  ");
    case "skip":
      return style.dim("skip");
    case "fail":
      return check.level === "required" ? style.bold(style.red("FAIL")) : style.yellow("warn");
    default:
      return verdict satisfies never;
  }
}

function details(
  { transcript }: Finding,
  { expected, received, hint }: CheckVerdict & { kind: "fail" },
  { style, show }: TextReportOptions,
): string {
  const lines = transcriptLines(transcript, show);
  const hidden = lines.length - MAX_LINES;
  const shown = hidden > 1 ? lines.slice(-MAX_LINES) : lines;
  return [
    ...(hidden > 1 ? [style.dim(`${INDENT}(${hidden} lines before; --json has all)`)] : []),
    ...shown.map((line) => style.dim(INDENT + line)),
    ...field("expected", expected, (text) => text),
    ...field("received", received, (text) => text),
    ...field("to fix", hint, style.bold),
    "",
    "",
  ].join("\n");
}

/** One label and its text, wrapped. */
function field(label: string, text: string, look: (text: string) => string): string[] {
  const gap = " ".repeat(10);
  return wrapped(text, WIDTH - INDENT.length - gap.length).map((line, at) =>
    `${INDENT}${at === 0 ? label.padEnd(gap.length) : gap}${look(line)}`
  );
}

/** What crossed the wire: `ana sent  MSG hel|lo\n`, where | stands between two writes or reads. */
function transcriptLines(transcript: readonly Exchange[], show: Show): string[] {
  const width = Math.max(0, ...transcript.map(({ on }) => on.length));
  return runsOf(transcript).flatMap(({ by, on, exchanges }) => {
    const head = `${on.padEnd(width)} ${by === "us" ? "sent" : "got "}  `;
    const text = exchanges.map((exchange) => shownText(exchange, show)).join("|");
    const isLong = text.length + head.length > WIDTH - INDENT.length;
    const lines = isLong ? shortened(text.split(LINE_END)) : [text];
    return lines.map((line, at) => (at === 0 ? head : " ".repeat(head.length)) + line);
  });
}

function shownText({ bytes, event }: Exchange, show: Show): string {
  return bytes.length === 0 ? event ?? "(end)" : show(bytes);
}

/** The two ends of many lines. */
function shortened(lines: readonly string[]): readonly string[] {
  const left = lines.length - 2 * MAX_END_LINES;
  if (left <= 1) return lines;
  const [head, tail] = [lines.slice(0, MAX_END_LINES), lines.slice(-MAX_END_LINES)];
  return [...head, `(${left} lines like these)`, ...tail];
}

/** What one side sent on one connection without anything else in between. */
interface Run {
  readonly by: Exchange["by"];
  readonly on: string;
  readonly exchanges: Exchange[];
}

function runsOf(transcript: readonly Exchange[]): Run[] {
  const runs: Run[] = [];
  for (const exchange of transcript) {
    const { by, on } = exchange;
    const last = runs.at(-1);
    if (last?.by === by && last.on === on) last.exchanges.push(exchange);
    else runs.push({ by, on, exchanges: [exchange] });
  }
  return runs;
}

/** Lines of at most `width` characters, broken at spaces; a longer word stays whole. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

function summary(
  findings: readonly Finding[],
  { left = 0, advice }: ReportEnd,
  style: Style,
): string {
  const { ok, failed, warned, skipped } = countFindings(findings);
  const parts = [
    style.green(`${ok} ok`),
    ...(failed.length === 0 ? [] : [style.red(`${failed.length} failed (${ids(failed)})`)]),
    ...(warned.length === 0 ? [] : [style.yellow(`${warned.length} warned (${ids(warned)})`)]),
    ...(skipped === 0 ? [] : [style.dim(`${skipped} skipped`)]),
  ];
  const last = left > 0 ? interruptedText(left) : lastWord(findings, failed);
  const isAllWell = failed.length + warned.length === 0;
  const lines = [
    parts.join(", "),
    style.bold(last),
    ...(advice === undefined ? [] : [style.bold(advice)]),
    ...(isAllWell ? [] : [style.dim(LEGEND)]),
  ];
  return `\n${lines.join("\n")}\n`;
}

function interruptedText(left: number): string {
  return `Interrupted: ${count(left)} ${left === 1 ? "was" : "were"} not made`;
}

function ids(checks: FindingCounts["failed"]): string {
  return checks.map(({ id }) => id).join(", ");
}

function lastWord(findings: readonly Finding[], failed: FindingCounts["failed"]): string {
  const [first] = failed;
  if (passes(findings)) return "Passed: everything that is required works";
  if (first === undefined) return "Not passed: nothing that is required was tried";
  return `Not passed: begin with ${first.id}, and try it alone with --only ${first.id}`;
}
