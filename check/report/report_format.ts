// The interface of a report: text for the start, for each finding as soon as it exists, and for the
// end. Pure. Implemented as text, TAP and JSON Lines.

import type { Check, Finding } from "../finding.ts";
import type { RequirementReport } from "./requirement_lines.ts";

/** The checks that are about to run. */
export interface CheckPlan {
  /** `the server at localhost:8080`, or `the client ./client at 127.0.0.1:4000`. */
  readonly subject: string;
  /** The dialect it should speak: `usermsg (sheet 004)`. */
  readonly dialect: string;
  readonly checks: readonly Check[];
  /** One line: how the dialect was guessed, if it was. */
  readonly guess?: string | undefined;
}

/** One form of report. Each result ends with a newline, or is empty. */
export interface ReportFormat {
  begin(plan: CheckPlan): string;
  /** Called in the order of the plan. */
  finding(finding: Finding): string;
  /** `findings` are all of them. */
  end(findings: readonly Finding[], closing?: ReportEnd): string;
}

/** Further facts for the end of a report. */
export interface ReportEnd {
  /** Number of checks that did not run, because the check was interrupted, or out of time. */
  readonly left?: number;
  /** The time that was up, as `1m40s`; absent if the check was interrupted. */
  readonly outOfTime?: string | undefined;
  /** A hint on the check itself, such as another dialect that would fit. */
  readonly advice?: string | undefined;
  /** Absent if the dialect is of no sheet. */
  readonly requirements?: RequirementReport | undefined;
}

/** Findings by outcome; a failed check that is only advised is a warning. */
export interface FindingCounts {
  readonly ok: number;
  readonly failed: readonly Check[];
  readonly warned: readonly Check[];
  readonly skipped: number;
}

/** Counts the findings by outcome. */
export function countFindings(findings: readonly Finding[]): FindingCounts {
  const failures = findings.filter(({ verdict }) => verdict.kind === "fail");
  const of = (level: Check["level"]): Check[] =>
    failures.map(({ check }) => check).filter((check) => check.level === level);
  return {
    ok: findings.filter(({ verdict }) => verdict.kind === "pass").length,
    failed: of("required"),
    warned: of("advised"),
    skipped: findings.filter(({ verdict }) => verdict.kind === "skip").length,
  };
}
