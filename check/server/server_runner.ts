// Runs checks against a server, one after the other, each on its own connections, and detects that
// the server has died.

import type { Address, DialResult } from "../../client/dial.ts";
import { type Clock, systemClock } from "../../shared/clock.ts";
import type { ServerCheckTexts } from "../../texts/texts.ts";
import type { Check, CheckVerdict, Finding } from "../finding.ts";
import { CHECK_TIMING, type CheckTiming, pause } from "../timing.ts";
import { type Show, visibleBytes } from "../visible.ts";
import { Mismatch, Untried } from "./mismatch.ts";
import { ProbeConnection } from "./probe_connection.ts";
import { deathHint, deathText, exceptionIn } from "./program_death.ts";
import type { ServedProgram } from "./served_program.ts";
import { MAX_CHECK_NUMBER, ServerProbe } from "./server_probe.ts";

/** A check and its script. */
export interface ServerCheck {
  readonly check: Check;
  /** Ids of the checks that must pass first; if one did not, this one is skipped. */
  readonly needs: readonly string[];
  /**
   * The hint if the server no longer runs afterwards (default `common.died`). `events`: how many
   * connections, messages and departures it has had.
   */
  readonly ifItDies?: (hints: ServerCheckTexts["hints"], events: number) => string;
  /** The same, where an end is so unlikely that only a failure makes one look for it. */
  readonly ifItEnds?: (hints: ServerCheckTexts["hints"], events: number) => string;
  /** What probably led to a crash of the server meanwhile; added to the hint about it. */
  readonly ifItCrashes?: (hints: ServerCheckTexts["hints"]) => string;
  /** Whether it needs a server that the check has started itself, and just for it. */
  readonly needsProgram?: true;
  /** Resolves if the server passes, throws a {@linkcode Mismatch} if not. */
  run(probe: ServerProbe): Promise<void>;
}

/** The server, the checks and the receivers of their findings. */
export interface ServerRun {
  readonly address: Address;
  dial(): Promise<DialResult>;
  /** The server as a program that the check starts, and starts again; absent if it runs already. */
  readonly program?: ServedProgram;
  readonly checks: readonly ServerCheck[];
  /** In the names of the first check's clients; runs on one server at the same time need others. */
  readonly firstNumber: number;
  /** Longest wait for one event, in milliseconds. */
  readonly timeoutMs: number;
  /** (default: the system's clock) */
  readonly clock?: Clock;
  /** (default {@linkcode CHECK_TIMING}) */
  readonly timing?: CheckTiming;
  readonly show: Show;
  readonly texts: ServerCheckTexts;
  /** Ends the run early: checks that have not ended get no finding. */
  readonly stop?: AbortSignal;
  /** Called once, when the server has accepted a connection and the checks begin. */
  onBegin(): void;
  /** Called with each finding as soon as its check ends. */
  onFinding(finding: Finding): void;
}

/** {@linkcode ServerRun} with its defaults. */
type Run = ServerRun & { readonly clock: Clock; readonly timing: CheckTiming };

/** The check of a loop without end. */
const ENDLESS = "endless";
/** The sheet says ten rounds; a server that ends sooner ends for another reason. */
const LEAST_ROUNDS = 10;

/** Numbers that one run uses at most, with what is guessed before and after it. */
const NUMBERS_OF_RUN = 100;

/** A number for {@linkcode ServerRun.firstNumber} that another run hardly has. */
export function randomFirstNumber(): number {
  return NUMBERS_OF_RUN * Math.floor(Math.random() * (MAX_CHECK_NUMBER / NUMBERS_OF_RUN - 1));
}

/** The findings, or an error message if no server answers. */
export type ServerRunResult =
  | { readonly kind: "ran"; readonly findings: readonly Finding[] }
  | { readonly kind: "unreachable"; readonly error: string };

/** Runs `checks` in order; skips those that need a check that did not pass. */
export async function runServerChecks(options: ServerRun): Promise<ServerRunResult> {
  const run = { clock: systemClock, timing: CHECK_TIMING, ...options };
  const { program } = run;
  if (program === undefined) {
    const first = await run.dial();
    if (!first.ok) return { kind: "unreachable", error: first.error };
    await leave(first.wire, run);
  }
  run.onBegin();
  const findings: Finding[] = [];
  /** Those since the server was last started here; all if it runs already. */
  const sinceStart: Finding[] = [];
  let hasDied = false;
  let isFresh = false;
  for (const [at, row] of run.checks.entries()) {
    let because: string | undefined = hasDied && program === undefined
      ? run.texts.skips.serverEnded
      : unmetNeed(row, findings, run.texts);
    let finding: Finding;
    if (run.stop?.aborted) break;
    if (because === undefined && program !== undefined) {
      if (!isFresh || row.needsProgram || !program.isServing) {
        sinceStart.length = 0;
        because = await startAgain(program);
      }
    }
    if (because === undefined) {
      ({ finding, hasDied } = await runOne(row, run.firstNumber + at, run, sinceStart));
    } else finding = skipped(row.check, because);
    if (run.stop?.aborted) break; // this check may have been interrupted
    isFresh = row.needsProgram === undefined && finding.verdict.kind !== "fail";
    findings.push(finding);
    sinceStart.push(finding);
    run.onFinding(finding);
  }
  return { kind: "ran", findings };
}

/** Starts the program again; returns why it cannot be started. */
async function startAgain(program: ServedProgram): Promise<string | undefined> {
  const problem = await program.start();
  return problem === undefined ? undefined : program.texts.notAgain(problem.error);
}

function skipped(check: Check, because: string): Finding {
  return { check, verdict: { kind: "skip", because }, transcript: [], took: 0 };
}

/** Why a check cannot show anything; undefined if all that it needs passed. */
function unmetNeed(
  { needs }: ServerCheck,
  findings: readonly Finding[],
  { skips }: ServerCheckTexts,
): string | undefined {
  const unmet = findings.find(({ check, verdict }) =>
    needs.includes(check.id) && verdict.kind !== "pass"
  );
  if (unmet === undefined) return undefined;
  const { check: { id }, verdict } = unmet;
  return verdict.kind === "fail" ? skips.failed(id) : skips.skipped(id);
}

/** Runs one check, and finds out whether the server has died. */
async function runOne(
  row: ServerCheck,
  number: number,
  run: Run,
  findings: readonly Finding[],
): Promise<{ readonly finding: Finding; readonly hasDied: boolean }> {
  const { program } = run;
  const address = program?.address ?? run.address;
  const probe = new ServerProbe({ ...run, address, number });
  const began = run.clock.monotonic();
  const printedBefore = program?.lastErrors ?? "";
  const abort = (): void => void probe.close();
  run.stop?.addEventListener("abort", abort);
  let verdict: CheckVerdict = { kind: "pass" };
  try {
    await row.run(probe);
  } catch (error) {
    if (error instanceof Untried) verdict = { kind: "skip", because: error.because };
    else if (error instanceof Mismatch) verdict = { kind: "fail", ...error.difference };
    else throw error;
  } finally {
    run.stop?.removeEventListener("abort", abort);
    await probe.close();
    program?.recordTo(() => {});
  }
  if (program !== undefined) {
    // A server that dies closes its connections before its end can be seen.
    if (verdict.kind === "fail") await program.ended(run.timing.dyingMs);
    verdict = withProgramErrors(verdict, program, { run, row, printedBefore });
  }
  // Not after each check: a server that leaks a place for each connection would fail other checks
  // first.
  const inDoubt = verdict.kind === "fail" || row.ifItDies !== undefined ||
    program?.isServing === false;
  const hasDied = inDoubt && !row.needsProgram && !await isAlive(run);
  if (hasDied && hasDoneItsRounds(run, probe, findings)) {
    verdict = { kind: "skip", because: run.texts.skips.hasDoneItsRounds };
  } else if (hasDied) {
    const { expected, received, hints } = run.texts;
    const cause = program === undefined ? undefined : deathHint(program, hints, row.ifItCrashes);
    verdict = {
      kind: "fail",
      expected: expected.common.stillRuns,
      received: program === undefined
        ? received.notAccepting
        : deathText(program, run.texts.program),
      hint: cause ??
        (row.ifItDies ?? row.ifItEnds)?.(hints, events(probe, findings)) ?? hints.common.died,
      ...cause === undefined ? { isLikely: true } : {},
    };
  }
  const took = run.clock.monotonic() - began;
  return { finding: { check: row.check, verdict, transcript: probe.transcript, took }, hasDied };
}

/**
 * Whether the server ended after the rounds of exercise 5 (R15), without an error: the check about
 * that is {@linkcode ENDLESS}, the others show nothing.
 */
function hasDoneItsRounds(run: Run, probe: ServerProbe, findings: readonly Finding[]): boolean {
  const { exit, lastErrors = "" } = run.program ?? {};
  if (exit?.code !== 0 || exit.signal !== null || lastErrors !== "") return false;
  if (!run.checks.some(({ check }) => check.id === ENDLESS)) return false;
  const transcripts = [...findings.map(({ transcript }) => transcript), probe.transcript];
  const departures = transcripts.map((exchanges) => new Set(exchanges.map(({ on }) => on)).size)
    .reduce((sum, clients) => sum + clients, 0);
  return events(probe, findings) + departures >= LEAST_ROUNDS;
}

/** About how many connections, messages and departures the server has had. */
function events(probe: ServerProbe, findings: readonly Finding[]): number {
  const transcripts = [...findings.map(({ transcript }) => transcript), probe.transcript];
  return transcripts.reduce((sum, transcript) => {
    const sent = transcript.filter(({ by, bytes }) => by === "us" && bytes.length > 0).length;
    const clients = new Set(transcript.map(({ on }) => on)).size;
    return sum + clients + sent;
  }, 0);
}

/** Adds how the program ended, or the exception that one of its threads has printed meanwhile. */
function withProgramErrors(
  verdict: CheckVerdict,
  program: ServedProgram,
  { run, row, printedBefore }: {
    readonly run: Run;
    readonly row: ServerCheck;
    readonly printedBefore: string;
  },
): CheckVerdict {
  if (verdict.kind !== "fail") return verdict;
  const { lastErrors, exit, texts } = program;
  if (exit !== undefined && (exit.signal !== null || exit.code !== 0)) {
    const death = deathText(program, texts);
    if (verdict.received.includes(death)) return verdict;
    const hint = deathHint(program, run.texts.hints, row.ifItCrashes) ?? verdict.hint;
    return { ...verdict, received: texts.alsoEnded(verdict.received, death), hint };
  }
  const line = exceptionIn(
    lastErrors.startsWith(printedBefore) ? lastErrors.slice(printedBefore.length) : lastErrors,
  );
  if (line === undefined || verdict.received.includes(line)) return verdict;
  return { ...verdict, received: texts.alsoPrinted(verdict.received, line) };
}

/** Whether the server still accepts connections. */
async function isAlive(run: Run): Promise<boolean> {
  await pause(run.clock, run.timing.dyingMs);
  if (run.program !== undefined) return run.program.isServing;
  const dialled = await run.dial();
  if (dialled.ok) await leave(dialled.wire, run);
  return dialled.ok;
}

/** Ends a connection in order, so that a look whether the server runs cannot make it die. */
async function leave(
  wire: (DialResult & { readonly ok: true })["wire"],
  { clock, timing, texts }: Run,
): Promise<void> {
  const connection = new ProbeConnection(wire, {
    name: "",
    timeoutMs: 0,
    clock,
    timing,
    show: visibleBytes,
    texts,
    record: () => {},
  });
  await connection.read().leave();
}
