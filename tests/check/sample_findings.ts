// Findings of every kind, for the tests of the reports.

import type { Check, Exchange, Finding } from "../../check/finding.ts";
import { exerciseScores, requirementStates } from "../../check/requirement_state.ts";

const ENCODER = new TextEncoder();

/** A check of R90 and D17. */
export function sampleCheck(id: string, level: Check["level"] = "required"): Check {
  return { id, level, sources: ["R90", "D17"], title: `Does # what ${id} asks` };
}

/** An exchange of a text. */
export function exchange(by: Exchange["by"], on: string, text: string): Exchange {
  return { by, on, bytes: ENCODER.encode(text) };
}

/** A check that passed. */
export const PASSED: Finding = {
  check: sampleCheck("talk"),
  verdict: { kind: "pass" },
  transcript: [exchange("us", "ana", "MSG hi\n")],
  took: 3.4,
};

/** A required check that failed. */
export const FAILED: Finding = {
  check: sampleCheck("two-pieces"),
  verdict: {
    kind: "fail",
    expected: "bob gets MSG ana hello\\n within 2 s",
    received: "MSG ana hel\\n",
    hint: "A short read is taken for a whole message",
  },
  transcript: [
    exchange("us", "ana", "MSG hel"),
    exchange("us", "ana", "lo\n"),
    exchange("them", "bob", "MSG ana hel\n"),
    exchange("us", "ana", ""),
  ],
  took: 2001.6,
};

/** An advised check that failed. */
export const WARNED: Finding = { ...FAILED, check: sampleCheck("newline", "advised") };

/** A check that was skipped. */
export const SKIPPED: Finding = {
  check: sampleCheck("order"),
  verdict: { kind: "skip", because: "two-pieces failed" },
  transcript: [],
  took: 0,
};

/** All of them, in an order that a run may have. */
export const FINDINGS: readonly Finding[] = [PASSED, FAILED, WARNED, SKIPPED];

/** The plan of {@linkcode FINDINGS}. */
export const PLAN = {
  subject: "the server at localhost:8080",
  dialect: "usermsg (sheet 004)",
  checks: FINDINGS.map(({ check }) => check),
};

const STATES = requirementStates({
  sheet: "004",
  subject: "server",
  checks: PLAN.checks,
  findings: [WARNED, PASSED],
});

/** The requirements of sheet 004 after {@linkcode PASSED} and {@linkcode WARNED} (R90). */
export const REQUIREMENTS = { states: STATES, scores: exerciseScores(STATES, "server") };
