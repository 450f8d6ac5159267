// The report as JSON Lines: `begin`, a `finding` for each check as soon as it is done, and `end`.
// Pure.

import { type Exchange, type Finding, passes } from "../finding.ts";
import type { CheckReportTexts } from "../../texts/texts.ts";
import { countFindings, type ReportFormat } from "./report_format.ts";
import { remedyOf, type RequirementReport, requirementTitle } from "./requirement_lines.ts";
import type { Show } from "../visible.ts";

/** A report for programs; each exchange has its bytes as text (made by `show`) and in hex. */
export function jsonCheckReport(show: Show, texts: CheckReportTexts): ReportFormat {
  return {
    begin({ subject, dialect, checks, guess }) {
      return line({ type: "begin", subject, dialect, checks, guess });
    },
    finding: ({ check, verdict, transcript, took }: Finding) =>
      line({
        type: "finding",
        ...check,
        result: verdict.kind,
        ...verdict.kind === "pass" ? {} : { ...verdict, kind: undefined },
        took: Math.round(took),
        transcript: transcript.map((exchange) => exchangeJson(exchange, show)),
      }),
    end(findings, { left = 0, outOfTime, advice, requirements } = {}) {
      const { ok, failed, warned, skipped } = countFindings(findings);
      return line({
        type: "end",
        passed: left === 0 && passes(findings),
        ok,
        failed: failed.map(({ id }) => id),
        warned: warned.map(({ id }) => id),
        skipped,
        ...left === 0 ? {} : { interrupted: left, outOfTime },
        advice,
        ...requirements === undefined ? {} : requirementsJson(requirements, texts),
      });
    },
  };
}

/** `exercises`: their scores; `requirements`: the state of each one. */
function requirementsJson({ states, scores }: RequirementReport, texts: CheckReportTexts) {
  return {
    exercises: scores.map(({ sheet, exercise, met, of }) => ({ sheet, exercise, met, of })),
    requirements: states.map(({ requirement: { id, exercise, of }, ...row }) => ({
      id,
      title: requirementTitle(id, texts),
      exercise,
      of,
      state: row.state,
      ...row.state === "not tried" ? { because: remedyOf(row.reason, texts) } : {},
    })),
  };
}

function exchangeJson({ by, on, bytes, event }: Exchange, show: Show) {
  return { on, by, text: show(bytes), hex: bytes.toHex(), event };
}

function line(value: unknown): string {
  return JSON.stringify(value) + "\n";
}
