// The report as TAP, version 14, for programs that run tests. Pure. An advised check is a TODO: its
// failure is reported and fails no test run.

import type { CheckReportTexts } from "../../texts/texts.ts";
import type { Finding } from "../finding.ts";
import type { ReportFormat } from "./report_format.ts";
import { notTriedLines, scoreLines } from "./requirement_lines.ts";
import type { Show } from "../visible.ts";

/** The parts of a TAP report that depend on the dialect and the language. */
export interface TapReportOptions {
  /** How bytes of the transcript are shown. */
  readonly show: Show;
  readonly texts: CheckReportTexts;
}

/** A report in TAP. */
export function tapCheckReport({ show, texts }: TapReportOptions): ReportFormat {
  let number = 0;
  return {
    begin({ subject, dialect, checks, guess }) {
      const lines = [texts.subject(subject, dialect), ...guess === undefined ? [] : [guess]];
      const comments = lines.map((line) => `# ${escaped(line)}\n`).join("");
      return `TAP version 14\n${comments}1..${checks.length}\n`;
    },
    finding: (finding) => point(finding, ++number, show),
    end(_, { left = 0, outOfTime, advice, requirements } = {}) {
      const lines = requirements === undefined ? [] : [
        ...scoreLines(requirements, texts),
        ...notTriedLines(requirements, texts).map((line) => `${texts.notTried} ${line}`),
      ];
      if (advice !== undefined) lines.push(advice);
      const comment = lines.map((line) => `# ${escaped(line)}\n`).join("");
      if (left === 0) return comment;
      const because = outOfTime === undefined
        ? texts.interruptedBefore(left)
        : texts.outOfTime(left, outOfTime);
      return `${comment}Bail out! ${because}\n`;
    },
  };
}

function point(finding: Finding, number: number, show: Show): string {
  const { check, verdict } = finding;
  const description = `${number} - ${check.id}: ${escaped(check.title)} (${
    check.sources.join(" ")
  })`;
  switch (verdict.kind) {
    case "pass":
      return `ok ${description}\n`;
    case "skip":
      return `ok ${description} # SKIP ${escaped(verdict.because)}\n`;
    case "fail":
      return `not ok ${description}${check.level === "advised" ? " # TODO advised" : ""}\n${
        diagnostics(finding, show)
      }`;
    default:
      return verdict satisfies never;
  }
}

/** A `#` would begin a directive, and a backslash escapes it. */
function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("#", "\\#").replaceAll("\n", " ");
}

/** The YAML block of a failure; a JSON string is a YAML string. */
function diagnostics({ check, verdict, transcript, took }: Finding, show: Show): string {
  if (verdict.kind !== "fail") return "";
  const lines = [
    `message: ${JSON.stringify(verdict.hint)}`,
    ...verdict.isLikely ? ["likely: true"] : [],
    `severity: ${check.level === "required" ? "fail" : "comment"}`,
    `expected: ${JSON.stringify(verdict.expected)}`,
    `received: ${JSON.stringify(verdict.received)}`,
    `sources: [${check.sources.map((source) => JSON.stringify(source)).join(", ")}]`,
    `duration_ms: ${Math.round(took)}`,
    transcript.length === 0 ? "transcript: []" : "transcript:",
    ...transcript.map(({ by, on, bytes, event }) => {
      const what = event === undefined
        ? `bytes: ${JSON.stringify(show(bytes))}`
        : `event: ${event}`;
      return `  - { on: ${JSON.stringify(on)}, by: ${by}, ${what} }`;
    }),
  ];
  return ["---", ...lines, "..."].map((line) => `  ${line}\n`).join("");
}
