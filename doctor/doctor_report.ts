// Formats the report of `minichat doctor`: a line for each finding, with its remedy below. Pure.

import stringWidth from "string-width";
import type { Style } from "../terminal/style.ts";
import type { Diagnosis, DiagnosisLevel } from "./diagnosis.ts";

/** Layout of the report. */
export interface DoctorReportOptions {
  readonly style: Style;
  readonly columns: number;
}

const MARKS: Readonly<Record<DiagnosisLevel, string>> = { ok: "ok", warn: "warn", fail: "FAIL" };
const MARK_WIDTH = 4;

/** The findings as text; the last line is a summary. */
export function textDoctorReport(
  findings: readonly Diagnosis[],
  options: DoctorReportOptions,
): string {
  const idWidth = Math.max(...findings.map(({ id }) => id.length));
  const lines = findings.map((finding) => findingText(finding, { ...options, idWidth }));
  return [...lines, "", summary(findings, options.style)].join("\n");
}

/** The findings as one JSON object. */
export function jsonDoctorReport(findings: readonly Diagnosis[]): string {
  return JSON.stringify({ ok: serverWouldRun(findings), checks: findings });
}

/** Whether a server would run. */
export function serverWouldRun(findings: readonly Diagnosis[]): boolean {
  return findings.every(({ verdict }) => verdict !== "fail");
}

function findingText(
  { id, verdict, found, remedy }: Diagnosis,
  { style, columns, idWidth }: DoctorReportOptions & { readonly idWidth: number },
): string {
  const colour = { ok: style.green, warn: style.yellow, fail: style.red }[verdict];
  const mark = colour(MARKS[verdict]) + " ".repeat(MARK_WIDTH - MARKS[verdict].length);
  const indent = " ".repeat(MARK_WIDTH + 2 + idWidth + 2);
  const width = Math.max(20, columns - indent.length);
  const [first = "", ...more] = wrapped(found, width);
  const help = remedy === undefined ? [] : wrapped(`To fix it: ${remedy}`, width).map(style.bold);
  const head = `${mark}  ${id.padEnd(idWidth)}  ${first}`;
  return [head, ...[...more, ...help].map((line) => indent + line)].join("\n");
}

/** Wraps text between words; a longer path is not split, so that it can be pasted. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && stringWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function summary(findings: readonly Diagnosis[], style: Style): string {
  const count = (verdict: DiagnosisLevel) =>
    findings.filter((finding) => finding.verdict === verdict).length;
  const [fails, warnings] = [count("fail"), count("warn")];
  const advice = warnings === 0 ? "" : `, ${warnings} ${warnings === 1 ? "warning" : "warnings"}`;
  if (fails === 0) return style.bold(`A server would run here${advice}`);
  const what = fails === 1 ? "1 thing" : `${fails} things`;
  return style.bold(`A server would not run here: ${what} to fix${advice}`);
}
