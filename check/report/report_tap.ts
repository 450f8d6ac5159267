// The report as TAP, version 14, for the programs that run tests. Pure. What is only advised is TODO
// there: its failure is told and fails nothing.

import type { Finding } from "../finding.ts";
import type { ReportFormat } from "./report_format.ts";
import type { Show } from "../visible.ts";

/** A report in TAP; `show` makes the bytes of the transcript visible. */
export function tapCheckReport(show: Show): ReportFormat {
  let number = 0;
  return {
    begin({ subject, dialect, checks }) {
      return `TAP version 14\n# ${escaped(subject)} as ${dialect}\n1..${checks.length}\n`;
    },
    finding: (finding) => point(finding, ++number, show),
    end(_, { left = 0, advice } = {}) {
      const told = advice === undefined ? "" : `# ${escaped(advice)}\n`;
      return left === 0 ? told : `${told}Bail out! Interrupted before ${left} of the checks\n`;
    },
  };
}

function point(finding: Finding, number: number, show: Show): string {
  const { check, verdict } = finding;
  const words = `${number} - ${check.id}: ${escaped(check.title)} (${check.sources.join(" ")})`;
  switch (verdict.kind) {
    case "pass":
      return `ok ${words}\n`;
    case "skip":
      return `ok ${words} # SKIP ${escaped(verdict.because)}\n`;
    case "fail":
      return `not ok ${words}${check.level === "advised" ? " # TODO advised" : ""}\n${
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
