// The report for people: one line for each check; a failure is followed by its transcript, what was
// expected and received, and a hint. Pure.

import type { Style } from "../../terminal/style.ts";
import type { CheckReportTexts } from "../../texts/texts.ts";
import { type CheckVerdict, type Exchange, type Finding, passes } from "../finding.ts";
import {
  type CheckPlan,
  countFindings,
  type FindingCounts,
  type ReportEnd,
  type ReportFormat,
} from "./report_format.ts";
import { notTriedLines, type RequirementReport, scoreLines } from "./requirement_lines.ts";
import type { Show } from "../visible.ts";

/** The look of a text report. */
export interface TextReportOptions {
  readonly style: Style;
  readonly texts: CheckReportTexts;
  /** How bytes of the transcript are shown. */
  readonly show: Show;
}

const WIDTH = 100;
const INDENT = "      ";
/** Most lines of a transcript; the newest are shown. */
const MAX_LINES = 20;
/** Most lines shown at each end of a long run of exchanges in one direction. */
const MAX_END_LINES = 3;
/** Where a long text is broken: after an escaped `\\n` or ETX, and after the `|` between pieces. */
const LINE_END = /(?<=\\(?:n|x03))(?=[^|])|(?<=\|)(?=.)/;

/** A report in lines of at most 100 columns, where words are short enough. */
export function textCheckReport(options: TextReportOptions): ReportFormat {
  const { style, texts } = options;
  let idWidth = 0;
  /** Checks skipped in a row for the same reason, which become one line. */
  let skipped: Finding[] = [];
  const flushSkipped = (): string => {
    const text = skippedText(skipped, { ...options, idWidth });
    skipped = [];
    return text;
  };
  return {
    begin({ subject, dialect, checks, guess }: CheckPlan): string {
      idWidth = Math.max(0, ...checks.map(({ id }) => id.length));
      const first = `${style.bold(texts.checking(subject, dialect))}, ${
        texts.counted(checks.length)
      }\n`;
      return guess === undefined ? first : `${first}${wrapped(guess, WIDTH).join("\n")}\n`;
    },
    finding(finding: Finding): string {
      const { verdict } = finding;
      const before = becauseOf(finding) === becauseOf(skipped[0]) ? "" : flushSkipped();
      if (verdict.kind === "skip") {
        skipped.push(finding);
        return before;
      }
      const line = before + lineOf(finding, { ...options, idWidth });
      return verdict.kind === "fail" ? line + details(finding, verdict, options) : line;
    },
    end: (findings, closing = {}) => flushSkipped() + summary(findings, closing, options),
  };
}

function becauseOf(finding: Finding | undefined): string | undefined {
  return finding?.verdict.kind === "skip" ? finding.verdict.because : undefined;
}

/** How the line of a check is printed; `idWidth` is the length of the longest id. */
interface LineOptions extends TextReportOptions {
  readonly idWidth: number;
}

function lineOf(finding: Finding, { style, idWidth }: LineOptions): string {
  const { id, title, sources } = finding.check;
  const mark = `${markOf(finding, style)}  ${id.padEnd(idWidth)}`;
  return `${mark}  ${title} ${style.dim(`(${sources.join(" ")})`)}\n`;
}

/** One skipped check with its title, or several by their ids. */
function skippedText(findings: readonly Finding[], options: LineOptions): string {
  const [first] = findings;
  if (first === undefined) return "";
  const because = options.style.dim(options.texts.because(becauseOf(first) ?? ""));
  if (findings.length === 1) return `${lineOf(first, options).trimEnd()} ${because}\n`;
  const names = wrapped(findings.map(({ check }) => check.id).join(", "), WIDTH - INDENT.length);
  return `${markOf(first, options.style)}  ${names.join(`\n${INDENT}`)} ${because}\n`;
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
  { expected, received, hint, isLikely }: CheckVerdict & { kind: "fail" },
  options: TextReportOptions,
): string {
  const { style, texts } = options;
  const labelWidth = Math.max(
    ...[texts.expected, texts.received, texts.fix, texts.likely].map(({ length }) => length),
  ) + 2;
  const field = (label: string, text: string, look = (line: string) => line): string[] =>
    wrapped(text, WIDTH - INDENT.length - labelWidth).map((line, at) =>
      `${INDENT}${(at === 0 ? label : "").padEnd(labelWidth)}${look(line)}`
    );
  const lines = transcriptLines(transcript, options);
  const hidden = lines.length - MAX_LINES;
  const shown = hidden > 1 ? lines.slice(-MAX_LINES) : lines;
  return [
    ...(hidden > 1 ? [style.dim(INDENT + texts.linesBefore(hidden))] : []),
    ...shown.map((line) => style.dim(INDENT + line)),
    ...field(texts.expected, expected),
    ...field(texts.received, received),
    ...field(isLikely ? texts.likely : texts.fix, hint, style.bold),
    "",
    "",
  ].join("\n");
}

/** Lines such as `ana sent  MSG hel|lo\n`, where | stands between two writes or reads. */
function transcriptLines(
  transcript: readonly Exchange[],
  { show, texts }: TextReportOptions,
): string[] {
  const directionWidth = Math.max(texts.sent.length, texts.got.length);
  const width = Math.max(0, ...transcript.map(({ on }) => on.length));
  return runsOf(transcript).flatMap(({ by, on, exchanges }) => {
    const direction = by === "us" ? texts.sent : texts.got;
    const head = `${on.padEnd(width)} ${direction.padEnd(directionWidth)}  `;
    const text = exchanges.map(({ bytes, event }) =>
      bytes.length === 0 ? event ?? texts.end : show(bytes)
    ).join("|");
    const isLong = text.length + head.length > WIDTH - INDENT.length;
    const lines = isLong ? shortened(text.split(LINE_END), texts) : [text];
    return lines.map((line, at) => (at === 0 ? head : " ".repeat(head.length)) + line);
  });
}

/** The first and last lines of many. */
function shortened(lines: readonly string[], texts: CheckReportTexts): readonly string[] {
  const left = lines.length - 2 * MAX_END_LINES;
  if (left <= 1) return lines;
  const [head, tail] = [lines.slice(0, MAX_END_LINES), lines.slice(-MAX_END_LINES)];
  return [...head, texts.similarLines(left), ...tail];
}

/** Exchanges in a row in the same direction on the same connection. */
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
  { left = 0, outOfTime, advice, requirements }: ReportEnd,
  { style, texts }: TextReportOptions,
): string {
  const { ok, failed, warned, skipped } = countFindings(findings);
  const parts = [
    style.green(texts.ok(ok)),
    ...(failed.length === 0 ? [] : [style.red(texts.failed(failed.length, ids(failed)))]),
    ...(warned.length === 0 ? [] : [style.yellow(texts.warned(warned.length, ids(warned)))]),
    ...(skipped === 0 ? [] : [style.dim(texts.skipped(skipped))]),
  ];
  const stopped = outOfTime === undefined
    ? texts.interrupted(left)
    : texts.outOfTime(left, outOfTime);
  const result = left > 0 ? stopped : resultText(findings, failed, texts);
  const hasFailures = failed.length + warned.length > 0;
  const lines = [
    parts.join(", "),
    ...requirements === undefined ? [] : requirementLines(requirements, texts),
    style.bold(result),
    ...(advice === undefined ? [] : [style.bold(advice)]),
    ...(hasFailures ? [style.dim(texts.legend)] : []),
  ];
  return `\n${lines.join("\n")}\n`;
}

/** The scores, and what was not tried. */
function requirementLines(
  requirements: RequirementReport,
  texts: CheckReportTexts,
): readonly string[] {
  const indented = (lines: readonly string[]): string[] =>
    lines.flatMap((line) =>
      wrapped(line, WIDTH - 4).map((part, at) => `${at === 0 ? "  " : "    "}${part}`)
    );
  const notTried = notTriedLines(requirements, texts);
  const sheet = requirements.scores[0]?.sheet ?? "";
  return [
    texts.scores(sheet),
    ...indented(scoreLines(requirements, texts)),
    ...(notTried.length === 0 ? [] : [texts.notTried, ...indented(notTried)]),
  ];
}

function ids(checks: FindingCounts["failed"]): string {
  return checks.map(({ id }) => id).join(", ");
}

function resultText(
  findings: readonly Finding[],
  failed: FindingCounts["failed"],
  texts: CheckReportTexts,
): string {
  const [first] = failed;
  if (passes(findings)) return texts.passed;
  return first === undefined ? texts.nothingTried : texts.firstFailure(first.id);
}
