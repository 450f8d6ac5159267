// What a report is: text for the start, for each finding as soon as it is there, and for the end.
// Pure; the forms are in report_text.ts, report_tap.ts and report_json.ts.

import type { Check, Finding } from "../finding.ts";

/** What is about to be checked. */
export interface CheckPlan {
  /** `the server at localhost:8080`, or `the client ./client localhost 4000`. */
  readonly subject: string;
  /** The dialect it should speak: `usermsg`. */
  readonly dialect: string;
  readonly checks: readonly Check[];
}

/** One form of report. Each answer ends with a newline, or is empty. */
export interface ReportFormat {
  begin(plan: CheckPlan): string;
  /** Findings come in the order of the plan. */
  finding(finding: Finding): string;
  /** `findings` are all of them. */
  end(findings: readonly Finding[], closing?: ReportEnd): string;
}

/** What else there is to say at the end. */
export interface ReportEnd {
  /** How many checks were not made, for somebody has interrupted. */
  readonly left?: number;
  /** One sentence on the check itself: another dialect would fit. */
  readonly advice?: string | undefined;
}

/** How many findings ended in each way; a failed check that was only advised is a warning. */
export interface FindingCounts {
  readonly ok: number;
  readonly failed: readonly Check[];
  readonly warned: readonly Check[];
  readonly skipped: number;
}

/** Counts the findings. */
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
