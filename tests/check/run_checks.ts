// Runs the checks of a dialect against a server of a test, quickly.

import assert from "node:assert/strict";
import type { Finding } from "../../check/finding.ts";
import { serverSuite } from "../../check/server/server_checks.ts";
import { runServerChecks } from "../../check/server/server_runner.ts";
import { type Address, dial } from "../../client/dial.ts";
import type { DialectName } from "../../protocol/dialect.ts";
import type { Clock } from "../../shared/clock.ts";
import { FastClock } from "../fast_clock.ts";
import { EN } from "../../texts/en.ts";

/** What is checked, and how. */
export interface CheckRun {
  readonly dialect: DialectName;
  readonly headerBytes?: 16 | 12 | 8;
  /** Longest wait for one thing, in milliseconds. */
  readonly timeoutMs: number;
  readonly clock?: Clock;
  /** Only these; all without it. */
  readonly only?: readonly string[];
}

/** What comes of checking the server at `address`. */
export async function runChecks(
  address: Address,
  { dialect, headerBytes = 16, timeoutMs, clock = new FastClock(), only }: CheckRun,
): Promise<readonly Finding[]> {
  const { checks, show } = serverSuite(dialect, { headerBytes });
  const told: Finding[] = [];
  let begun = 0;
  const result = await runServerChecks({
    address,
    dial: () => dial(address, EN.client),
    checks: checks.filter(({ check }) => only?.includes(check.id) ?? true),
    firstNumber: 1,
    timeoutMs,
    clock,
    show,
    onBegin: () => begun++,
    onFinding: (finding) => told.push(finding),
  });
  assert.ok(result.kind === "ran");
  assert.equal(begun, 1);
  assert.deepEqual(told, result.findings);
  return result.findings;
}

/** The ids of those that failed. */
export function failedIds(findings: readonly Finding[]): string[] {
  return findings.filter(({ verdict }) => verdict.kind === "fail").map(({ check }) => check.id);
}

/** The hint of the first failure. */
export function firstHint(findings: readonly Finding[]): string {
  for (const { verdict } of findings) if (verdict.kind === "fail") return verdict.hint;
  return "";
}

/** Most of the time a check of a broken server waits for what does not come. */
const AT_ONCE = 6;

/** The results of all jobs, of which some run at once. */
export async function atOnce<Result>(
  jobs: readonly (() => Promise<Result>)[],
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = jobs.entries();
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (const [at, job] of queue) results[at] = await job();
  });
  await Promise.all(workers);
  return results;
}

/** So much crosses the wire in these that they are played only where they are about the bug. */
const COSTLY = ["deaf", "sigpipe"];

/** All checks of the dialect, without the costly ones unless they are to fail. */
export function cheapChecks(dialect: DialectName, fails: readonly string[]): readonly string[] {
  const ids = serverSuite(dialect, { headerBytes: 16 }).checks.map(({ check }) => check.id);
  return ids.filter((id) => !COSTLY.includes(id) || fails.includes(id));
}
