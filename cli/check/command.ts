// `minichat check`: runs the checks of a server or a client, prints the report and returns the exit
// code.

import { clientSuite } from "../../check/client/client_suites.ts";
import { type Check, type Finding, passes } from "../../check/finding.ts";
import { exerciseScores, requirementStates } from "../../check/requirement_state.ts";
import { type CheckSubject, type SheetNumber, sheetOf } from "../../check/sheet_requirements.ts";
import { jsonCheckReport } from "../../check/report/report_json.ts";
import { tapCheckReport } from "../../check/report/report_tap.ts";
import { textCheckReport } from "../../check/report/report_text.ts";
import type { CheckPlan, ReportEnd, ReportFormat } from "../../check/report/report_format.ts";
import { dialectSuggestion, guessDialect } from "../../check/server/guess_dialect.ts";
import { guessServed } from "../../check/server/guess_served.ts";
import { JOIN_NAME } from "../../check/server/plain_joining.ts";
import type { ServedProgram } from "../../check/server/served_program.ts";
import {
  randomFirstNumber,
  runServerChecks,
  type ServerCheck,
} from "../../check/server/server_runner.ts";
import { type ServerSuite, serverSuite, turnsSuite } from "../../check/server/server_checks.ts";
import { adoptOrphans } from "../../check/process_family.ts";
import { type Show, visibleBytes } from "../../check/visible.ts";
import { type Address, addressText, dial } from "../../client/dial.ts";
import { quoted } from "../../protocol/failures.ts";
import type { Problem } from "../../protocol/problem.ts";
import { formatDuration } from "../../shared/duration.ts";
import { terminalStyle, wantsColour } from "../../terminal/style.ts";
import { chosenTexts } from "../language.ts";
import { print } from "../print.ts";
import { onEndSignal } from "../signals.ts";
import { type CheckListenEnd, guessAtListen, runCheckListen } from "./listen.ts";
import { type CheckFlags, type CheckOptions, checkOptions } from "./options.ts";
import { startServed } from "./serve.ts";
import { DEFAULT_HEADER_BYTES } from "../dialect_options.ts";
import { serverAddress } from "../server_address.ts";

const INTERRUPTED = 130;
/** Defaults of --max-time in milliseconds; a person who starts the client has all the time. */
const MAX_TIME_MS = { server: 300_000, program: 100_000 };
const USAGE =
  "Usage: minichat check HOST [PORT] [--dialect DIALECT], or HOST:PORT, or unix:PATH instead of HOST\n" +
  "       minichat check --serve [--dialect DIALECT] -- COMMAND ARGS...\n" +
  "       minichat check --listen ADDRESS [--dialect DIALECT] [-- COMMAND ARGS...]";

/** Checks a server or a client; returns the exit code. */
export async function runCheck(
  flags: CheckFlags,
  command: readonly string[],
): Promise<number> {
  const options = checkOptions(flags);
  if (options.tap && options.json) return misused({ error: "Give --tap or --json, not both" });
  const { listen } = options;
  const problem = contradiction(options, command);
  if (problem !== undefined) return misused(problem);
  const end = onEndSignal(Deno.stdin.isTerminal() ? "terminal" : "pipe");
  if (options.pty && command.length === 0) {
    return misused({ error: "--pty is for the client that a command after -- starts" });
  }
  if (command.length > 0) adoptOrphans();
  const isByHand = listen !== undefined && command.length === 0;
  const byDefault = listen === undefined ? MAX_TIME_MS.server : MAX_TIME_MS.program;
  const { maxTime = isByHand ? undefined : byDefault } = options;
  const stop = maxTime === undefined
    ? end.signal
    : AbortSignal.any([end.signal, AbortSignal.timeout(maxTime)]);
  const timed = { ...options, maxTime };
  try {
    return listen === undefined
      ? await checkServer({ ...timed, command, stop })
      : await checkClientAt(listen, { ...timed, command, stop });
  } finally {
    end.ignore();
  }
}

/** Why these flags and this command do not fit together; undefined if they do. */
function contradiction(
  { listen, serve, turns, dialect, host, list }: CheckOptions,
  command: readonly string[],
): Problem | undefined {
  if (serve && listen !== undefined) return { error: "Give --serve or --listen, not both" };
  if (serve && command.length === 0) {
    return { error: "Missing the command that starts the server, after --" };
  }
  if (serve && host !== undefined) {
    return { error: `Put -- before the command that starts the server: ${quoted(host)}` };
  }
  if (!serve && listen === undefined && command.length > 0) {
    return { error: "A command after -- is for --serve or --listen" };
  }
  if (turns && !serve) return { error: "--turns needs --serve" };
  if (turns && dialect !== undefined) return { error: "Give --turns or --dialect, not both" };
  if (dialect !== undefined || turns) return undefined;
  return list ? { error: "--list needs --dialect" } : undefined;
}

/** The options, the command of `--serve`, and the signal that ends the check early. */
interface ServerCheckOptions extends CheckOptions {
  readonly command: readonly string[];
  readonly stop: AbortSignal;
  /** How the dialect was guessed, if it was. */
  readonly guess?: string;
}

/** Guesses the dialect where none was given, and checks the server. */
async function checkServer(options: ServerCheckOptions): Promise<number> {
  const { dialect, turns, serve, command, stop } = options;
  if (dialect !== undefined || turns) return await checkServerAs(options);
  const program = serve ? await startServed(command, stop) : undefined;
  if (program !== undefined && "error" in program) {
    print(Deno.stderr, program.error);
    return 1;
  }
  const address = program?.address ?? whereTo(options);
  if ("error" in address) return misused(address);
  const run = serverRun(address, options);
  const guess = program === undefined
    ? await guessDialect(run, options.header)
    : await guessServed({ ...run, ...servedRun(program, options) }, options.header)
      .finally(() => program.close());
  if (stop.aborted) return INTERRUPTED;
  if (guess.kind === "turns") {
    return await checkServerAs({ ...options, turns: true, guess: guess.why });
  }
  if (guess.kind === "guessed") {
    const { headerBytes: header, why } = guess;
    return await checkServerAs({ ...options, dialect: guess.dialect, header, guess: why });
  }
  print(Deno.stderr, guess.error);
  return 1;
}

/** What all runs of checks of that server have in common. */
function serverRun(address: Address, { timeout, stop }: ServerCheckOptions) {
  return {
    address,
    dial: () => dial(address, chosenTexts().client, "start yours first, then check it"),
    firstNumber: randomFirstNumber(),
    timeoutMs: timeout,
    texts: chosenTexts().serverChecks,
    stop,
  };
}

/** The same of a server that the check starts, and that may listen elsewhere each time. */
function servedRun(program: ServedProgram, options: ServerCheckOptions) {
  return { program, dial: () => serverRun(program.address, options).dial() };
}

async function checkServerAs(options: ServerCheckOptions): Promise<number> {
  const suite = suiteOf(options);
  const problem = joinProblem(options, suite.choosesJoin);
  if (problem !== undefined) return misused(problem);
  const checks = chosen(suite.checks, options);
  if (typeof checks === "number") return checks;
  if (!options.serve) {
    const address = whereTo(options);
    if ("error" in address) return misused(address);
    const subject = chosenTexts().checkReport.server(addressText(address));
    return await reportOn({ address, subject, suite, checks }, options);
  }
  const program = await startServed(options.command, options.stop);
  if ("error" in program) {
    if (options.stop.aborted && timeUp(options.stop, options) === undefined) return INTERRUPTED;
    print(Deno.stderr, program.error);
    return 1;
  }
  try {
    const subject = chosenTexts().checkReport.servedCommand(options.command.join(" "));
    const { address } = program;
    return await reportOn({ address, program, subject, suite, checks }, options);
  } finally {
    await program.close();
  }
}

function suiteOf({ dialect = "plain", turns, serve, header, join }: CheckOptions): ServerSuite {
  const texts = chosenTexts().serverChecks;
  if (turns) return turnsSuite(texts);
  const choices = {
    headerBytes: header ?? DEFAULT_HEADER_BYTES,
    join: join?.replaceAll("\\n", "\n"),
    isServed: serve === true,
  };
  return serverSuite(dialect, choices, texts);
}

/** A server to check. */
interface CheckedServer {
  /** Where it listens; where it listened first if the check starts it. */
  readonly address: Address;
  readonly program?: ServedProgram;
  readonly subject: string;
  readonly suite: ServerSuite;
  readonly checks: readonly ServerCheck[];
}

/** Runs the checks and prints the report; returns the exit code. */
async function reportOn(
  { address, program, subject, suite, checks }: CheckedServer,
  options: ServerCheckOptions,
): Promise<number> {
  const { stop, dialect, turns, guess } = options;
  const report = reportFor(options, suite.show);
  const run = {
    ...serverRun(address, options),
    ...program === undefined ? {} : servedRun(program, options),
    show: suite.show,
  };
  const result = await runServerChecks({
    ...run,
    checks,
    onBegin: () => printPart(report.begin({ ...planFor(subject, suite.title, checks), guess })),
    onFinding: (finding) => printPart(report.finding(finding)),
  });
  if (result.kind === "unreachable") {
    print(Deno.stderr, result.error);
    return 1;
  }
  const planned = stop.aborted ? checks.length : undefined;
  const outOfTime = timeUp(stop, options);
  const advice = turns || stop.aborted
    ? undefined
    : await dialectSuggestion(result.findings, run, suite.title) ?? suite.remark?.();
  const sheet = turns ? "002" : dialect === undefined ? undefined : sheetOf(dialect);
  const requirements = requirementReport(sheet, "server", suite.checks, result.findings);
  return ended(report, result.findings, { planned, advice, outOfTime, requirements });
}

/** The time that is up, as `1m40s`; undefined if it is not. */
function timeUp(stop: AbortSignal, { maxTime }: CheckOptions): string | undefined {
  const isUp = stop.aborted && stop.reason instanceof DOMException &&
    stop.reason.name === "TimeoutError";
  return isUp && maxTime !== undefined ? formatDuration(maxTime) : undefined;
}

/** What is wrong with `--join`; undefined if it can be used. */
function joinProblem({ join }: CheckOptions, isFitting = false): Problem | undefined {
  if (join === undefined) return undefined;
  if (!isFitting) return { error: "--join is for the dialect plain" };
  if (join.includes(JOIN_NAME)) return undefined;
  return {
    error: `Write ${JOIN_NAME} in --join where the name stands: --join '/pseudo ${JOIN_NAME}'`,
  };
}

/** The state of each requirement of the dialect's sheet; undefined if no sheet defines it. */
function requirementReport(
  sheet: SheetNumber | undefined,
  subject: CheckSubject,
  rows: readonly { readonly check: Check }[],
  findings: readonly Finding[],
): ReportEnd["requirements"] {
  if (sheet === undefined) return undefined;
  const checks = rows.map(({ check }) => check);
  const states = requirementStates({ sheet, subject, checks, findings });
  return { states, scores: exerciseScores(states, subject) };
}

/** Prints the end of the report; `planned` is the number of checks, if they were interrupted. */
function ended(
  report: ReportFormat,
  findings: readonly Finding[],
  { planned, ...closing }: Omit<ReportEnd, "left"> & { readonly planned?: number | undefined },
): number {
  const left = planned === undefined ? 0 : planned - findings.length;
  printPart(report.end(findings, { left, ...closing }));
  if (left > 0 && closing.outOfTime === undefined) return INTERRUPTED;
  if (left > 0) return 1;
  return passes(findings) ? 0 : 1;
}

async function checkClientAt(
  listen: string,
  options: CheckOptions & { readonly command: readonly string[]; readonly stop: AbortSignal },
): Promise<number> {
  const { command, stop, timeout, host } = options;
  const texts = chosenTexts();
  if (host !== undefined) {
    return misused({ error: `Put -- before the command that starts the client: ${quoted(host)}` });
  }
  const run = { texts, command, timeoutMs: timeout, onTerminal: options.pty === true, stop };
  const guess = options.dialect === undefined
    ? await guessAtListen({ ...run, at: listen })
    : undefined;
  if (guess !== undefined && guess.kind !== "guess") return notStarted(guess);
  const { dialect = guess?.dialect ?? "plain" } = options;
  const { clientSheet: sheet = sheetOf(dialect) } = options;
  const suite = clientSuite(dialect, texts.clientChecks, sheet);
  const why = guess === undefined
    ? undefined
    : texts.clientChecks.guess.because(suite.title, dialect, visibleBytes(guess.head));
  const steps = chosen(suite.steps, options);
  if (typeof steps === "number") return steps;
  const report = reportFor(options, suite.show);
  const findings: Finding[] = [];
  const end = await runCheckListen({
    ...run,
    at: guess?.at ?? listen,
    suite: { ...suite, steps },
    onPlan: (subject) =>
      printPart(report.begin({ ...planFor(subject, suite.title, steps), guess: why })),
    onFinding: (finding) => {
      findings.push(finding);
      printPart(report.finding(finding));
    },
  });
  const requirements = requirementReport(sheet, "client", suite.steps, findings);
  if (end.kind !== "done" && end.kind !== "interrupted") return notStarted(end);
  return ended(report, findings, {
    planned: end.kind === "interrupted" ? steps.length : undefined,
    outOfTime: timeUp(stop, options),
    requirements,
  });
}

/** Says why there was no check. */
function notStarted(end: CheckListenEnd): number {
  switch (end.kind) {
    case "usage":
      return misused(end.problem);
    case "failed":
      print(Deno.stderr, end.problem.error);
      return 1;
    case "interrupted":
      return INTERRUPTED;
    case "done":
      return 1;
    default:
      return end satisfies never;
  }
}

/** Prints a part of the report, which may be empty. */
function printPart(text: string): void {
  if (text !== "") print(Deno.stdout, text.replace(/\n$/, ""));
}

/** The report format that the flags ask for. */
function reportFor(
  { tap, json, noColor }: Pick<CheckOptions, "tap" | "json" | "noColor">,
  show: Show,
): ReportFormat {
  const texts = chosenTexts().checkReport;
  if (json) return jsonCheckReport(show, texts);
  if (tap) return tapCheckReport({ show, texts });
  const enabled = !noColor && wantsColour(Deno.env, Deno.stdout.isTerminal());
  return textCheckReport({ style: terminalStyle({ enabled }), show, texts });
}

/** The checks that `--only` names, else all; the exit code if none is to be run. */
function chosen<Row extends { readonly check: Check }>(
  rows: readonly Row[],
  { only, list }: CheckOptions,
): readonly Row[] | number {
  const unknown = only.find((id) => !rows.some(({ check }) => check.id === id));
  if (unknown !== undefined) {
    return misused({ error: `No such check: ${quoted(unknown)}, --list shows them` });
  }
  const wanted = only.length === 0 ? rows : rows.filter(({ check }) => only.includes(check.id));
  return list ? printList(wanted) : wanted;
}

function planFor(
  subject: string,
  dialect: string,
  rows: readonly { readonly check: Check }[],
): CheckPlan {
  return { subject, dialect, checks: rows.map(({ check }) => check) };
}

function whereTo({ host, port }: CheckOptions): Address | Problem {
  if (host === undefined) return { error: "Missing HOST: say where the server listens" };
  return serverAddress({ host, port });
}

function printList(checks: readonly { readonly check: Check }[]): number {
  const { levels } = chosenTexts().checkReport;
  const width = Math.max(...checks.map(({ check }) => check.id.length));
  for (const { check: { id, level, title, sources } } of checks) {
    print(Deno.stdout, `${id.padEnd(width)}  ${levels[level]}  ${title} (${sources.join(" ")})`);
  }
  return 0;
}

function misused({ error }: Problem): number {
  print(Deno.stderr, `${USAGE}\nError: ${error}`);
  return 2;
}
