// Findings of every kind, as the reports' tests print them.

import type { Check, Exchange, Finding } from "../../check/finding.ts";

const ENCODER = new TextEncoder();

/** A check that is asked for in R90. */
export function sampleCheck(id: string, level: Check["level"] = "required"): Check {
  return { id, level, sources: ["R90", "D17"], title: `Does # what ${id} asks` };
}

/** Bytes that crossed the wire. */
export function exchange(by: Exchange["by"], on: string, text: string): Exchange {
  return { by, on, bytes: ENCODER.encode(text) };
}

/** One that passed. */
export const PASSED: Finding = {
  check: sampleCheck("talk"),
  verdict: { kind: "pass" },
  transcript: [exchange("us", "ana", "MSG hi\n")],
  took: 3.4,
};

/** One that failed although the sheet asks for it. */
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

/** The same for one that is only advised. */
export const WARNED: Finding = { ...FAILED, check: sampleCheck("newline", "advised") };

/** One that was not tried. */
export const SKIPPED: Finding = {
  check: sampleCheck("order"),
  verdict: { kind: "skip", because: "two-pieces failed" },
  transcript: [],
  took: 0,
};

/** One of each, in an order that a run may have. */
export const FINDINGS: readonly Finding[] = [PASSED, FAILED, WARNED, SKIPPED];

/** The plan of {@linkcode FINDINGS}. */
export const PLAN = {
  subject: "the server at localhost:8080",
  dialect: "usermsg (sheet 004)",
  checks: FINDINGS.map(({ check }) => check),
};
