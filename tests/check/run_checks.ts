// Runs the checks of a dialect against a test's server, on a fast clock.

import { CHECK_TIMING, type CheckTiming } from "../../check/timing.ts";
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { Finding } from "../../check/finding.ts";
import { serverSuite } from "../../check/server/server_checks.ts";
import { runServerChecks } from "../../check/server/server_runner.ts";
import { type Address, dial } from "../../client/dial.ts";
import type { DialectName } from "../../protocol/dialect.ts";
import type { Clock } from "../../shared/clock.ts";
import { EN } from "../../texts/en.ts";
import { FastClock } from "../fast_clock.ts";

/** The dialect and the options of a run. */
export interface CheckRun {
  readonly dialect: DialectName;
  readonly headerBytes?: 16 | 12 | 8;
  /** Longest wait for one event, in milliseconds. */
  readonly timeoutMs: number;
  readonly clock?: Clock;
  /** Ids of the checks to run (default all). */
  readonly only?: readonly string[];
}

/**
 * For servers in this process, by a fast clock: long enough for the server to read what was written
 * before a pause, on a busy machine too.
 */
const TIMING: CheckTiming = { ...CHECK_TIMING, apartMs: 160, registerMs: 120, leaveMs: 300 };

/** The findings about the server at `address`. */
export async function runChecks(
  address: Address,
  { dialect, headerBytes = 16, timeoutMs, clock = new FastClock(), only }: CheckRun,
): Promise<readonly Finding[]> {
  const { checks, show } = serverSuite(dialect, { headerBytes }, EN.serverChecks);
  const reported: Finding[] = [];
  let begun = 0;
  const result = await runServerChecks({
    address,
    dial: () => dial(address, EN.client),
    checks: checks.filter(({ check }) => only?.includes(check.id) ?? true),
    firstNumber: 1,
    timeoutMs,
    timing: TIMING,
    clock,
    show,
    texts: EN.serverChecks,
    onBegin: () => begun++,
    onFinding: (finding) => reported.push(finding),
  });
  assert(result.kind === "ran");
  assertStrictEquals(begun, 1);
  assertEquals(reported, result.findings);
  return result.findings;
}

/** The ids of the checks that failed. */
export function failedIds(findings: readonly Finding[]): string[] {
  return findings.filter(({ verdict }) => verdict.kind === "fail").map(({ check }) => check.id);
}

/** The hint of the first failure. */
export function firstHint(findings: readonly Finding[]): string {
  for (const { verdict } of findings) if (verdict.kind === "fail") return verdict.hint;
  return "";
}

/** Jobs at the same time: a check of a broken server mostly waits for bytes that do not come. */
const CONCURRENT_JOBS = 6;

/** The results of all jobs, {@linkcode CONCURRENT_JOBS} at a time, in the order of `jobs`. */
export async function runConcurrently<Result>(
  jobs: readonly (() => Promise<Result>)[],
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = jobs.entries();
  const workers = Array.from({ length: CONCURRENT_JOBS }, async () => {
    for (const [at, job] of queue) results[at] = await job();
  });
  await Promise.all(workers);
  return results;
}

/** Checks that transfer so many bytes that they run only for the bugs that they must find. */
const COSTLY = ["deaf", "sigpipe"];

/** All checks of the dialect, without the costly ones that are not in `fails`. */
export function cheapChecks(dialect: DialectName, fails: readonly string[]): readonly string[] {
  const ids = serverSuite(dialect, { headerBytes: 16 }, EN.serverChecks).checks.map(({ check }) =>
    check.id
  );
  return ids.filter((id) => !COSTLY.includes(id) || fails.includes(id));
}
