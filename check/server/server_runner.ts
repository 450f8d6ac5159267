// Plays checks against a server, one after the other, each on connections of its own. Notices when the
// server has died of one. Knows no dialect and prints nothing.

import type { Address, DialResult } from "../../client/dial.ts";
import { type Clock, systemClock } from "../../shared/clock.ts";
import type { Check, CheckVerdict, Finding } from "../finding.ts";
import { Mismatch } from "./mismatch.ts";
import { ProbeConnection } from "./probe_connection.ts";
import { ServerProbe } from "./server_probe.ts";
import { CHECK_TIMING, type CheckTiming, pause } from "../timing.ts";
import { type Show, visibleBytes } from "../visible.ts";

/** A check and the script that tries it. */
export interface ServerCheck {
  readonly check: Check;
  /** The checks without which this one can show nothing. */
  readonly needs: readonly string[];
  /** The likely reason when the server is gone afterwards. */
  readonly ifItDies?: string;
  /** Returns when all is well; throws a {@linkcode Mismatch} when it is not. */
  run(stage: ServerProbe): Promise<void>;
}

/** How checks are run. */
export interface ServerRun {
  readonly address: Address;
  dial(): Promise<DialResult>;
  readonly checks: readonly ServerCheck[];
  /** In the names of the first check's clients; two runs at once on one server need different ones. */
  readonly firstNumber: number;
  /** Longest wait for one thing, in milliseconds. */
  readonly timeoutMs: number;
  /** The system's, by default. */
  readonly clock?: Clock;
  /** {@linkcode CHECK_TIMING}, by default. */
  readonly timing?: CheckTiming;
  readonly show: Show;
  /** Ends it early: what is left is not tried. */
  readonly stop?: AbortSignal;
  /** Told once that there is a server and the checks begin. */
  onBegin(): void;
  /** Told of each finding as soon as it is there. */
  onFinding(finding: Finding): void;
}

/** The same with what is the default. */
type Run = ServerRun & { readonly clock: Clock; readonly timing: CheckTiming };

/** What came of it: findings, or one sentence when there is nothing to check. */
export type ServerRunResult =
  | { readonly kind: "ran"; readonly findings: readonly Finding[] }
  | { readonly kind: "unreachable"; readonly error: string };

const DIED =
  "The server ended during this check, or when the clients of the one before left: look at its last output (an exception? Segmentation fault? Broken pipe?), and run it under gdb or valgrind";

/** Runs `checks` in order; each failure leaves out what needs it. */
export async function runServerChecks(options: ServerRun): Promise<ServerRunResult> {
  const run = { clock: systemClock, timing: CHECK_TIMING, ...options };
  const first = await run.dial();
  if (!first.ok) return { kind: "unreachable", error: first.error };
  await leave(first.wire, run);
  run.onBegin();
  const findings: Finding[] = [];
  let isGone = false;
  for (const [at, row] of run.checks.entries()) {
    const because: string | undefined = isGone ? "the server is gone" : unmetNeed(row, findings);
    let finding: Finding;
    if (run.stop?.aborted) break;
    if (because === undefined) ({ finding, isGone } = await tryOne(row, run.firstNumber + at, run));
    else finding = skipped(row.check, because);
    if (run.stop?.aborted) break; // and this one may have been cut off
    findings.push(finding);
    run.onFinding(finding);
  }
  return { kind: "ran", findings };
}

function skipped(check: Check, because: string): Finding {
  return { check, verdict: { kind: "skip", because }, transcript: [], took: 0 };
}

/** Why a check makes no sense, when it does not. */
function unmetNeed({ needs }: ServerCheck, findings: readonly Finding[]): string | undefined {
  const unmet = findings.find(({ check, verdict }) =>
    needs.includes(check.id) && verdict.kind !== "pass"
  );
  return unmet && `${unmet.check.id} ${unmet.verdict.kind === "fail" ? "failed" : "was skipped"}`;
}

/** Plays one check; tells also whether the server is still there. */
async function tryOne(
  row: ServerCheck,
  number: number,
  run: Run,
): Promise<{ readonly finding: Finding; readonly isGone: boolean }> {
  const stage = new ServerProbe({ ...run, number });
  const began = run.clock.monotonic();
  const abort = (): void => void stage.close();
  run.stop?.addEventListener("abort", abort);
  let verdict: CheckVerdict = { kind: "pass" };
  try {
    await row.run(stage);
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    verdict = { kind: "fail", ...error.difference };
  } finally {
    run.stop?.removeEventListener("abort", abort);
    await stage.close();
  }
  // Not after each: a server that leaks a place for each visitor is to meet its own checks first.
  const inDoubt = verdict.kind === "fail" || row.ifItDies !== undefined;
  const isGone = inDoubt && !await isAlive(run);
  if (isGone) {
    verdict = {
      kind: "fail",
      expected: "the server goes on when this is over",
      received: "the server no longer accepts connections",
      hint: row.ifItDies ?? DIED,
    };
  }
  const took = run.clock.monotonic() - began;
  return { finding: { check: row.check, verdict, transcript: stage.transcript, took }, isGone };
}

/** Whether the server still accepts connections. */
async function isAlive(run: Run): Promise<boolean> {
  await pause(run.clock, run.timing.dyingMs);
  const dialled = await run.dial();
  if (dialled.ok) await leave(dialled.wire, run);
  return dialled.ok;
}

/** Leaves in order: to look whether a server lives must not be what it dies of. */
async function leave(
  wire: (DialResult & { readonly ok: true })["wire"],
  { clock, timing }: Run,
): Promise<void> {
  const nobody = new ProbeConnection(wire, {
    name: "nobody",
    timeoutMs: 0,
    clock,
    timing,
    show: visibleBytes,
    record: () => {},
  });
  await nobody.read().leave();
}
