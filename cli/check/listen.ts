// `minichat check --listen`: opens the socket that the client connects to, and makes the driver of
// that client: the command after `--`, or the person at this terminal.

import { endpointText, parseEndpoint } from "../../check/client/listen_address.ts";
import { type ClientGuess, guessClient } from "../../check/client/guess_client.ts";
import { checkClient } from "../../check/client/client_runner.ts";
import { addressProblem } from "../../check/client/command_line.ts";
import { findProgram } from "../../check/find_program.ts";
import type { Driver, Endpoint } from "../../check/client/client_driver.ts";
import type { Listener } from "../../check/client/accept_queue.ts";
import { PersonDriver, type Tester } from "../../check/client/person_driver.ts";
import { hasTerminals, ProgramDriver } from "../../check/client/program_driver.ts";
import type { ClientSuite } from "../../check/client/client_suite.ts";
import { PROGRAM_TIMEOUTS, type Recorder } from "../../check/client/step_outcome.ts";
import type { Finding } from "../../check/finding.ts";
import { quoted } from "../../protocol/failures.ts";
import type { Problem } from "../../protocol/problem.ts";
import { bindUnixSocket } from "../../server/net/unix_socket.ts";
import { errorText } from "../../shared/errors.ts";
import type { CheckReportTexts, ClientCheckTexts, Texts } from "../../texts/texts.ts";
import { print } from "../print.ts";

/** The client to check, and the callbacks. */
export interface CheckListenOptions {
  /** PORT, HOST:PORT or unix:PATH; port 0 takes any free one. */
  readonly at: string;
  /** The checks to make. */
  readonly suite: ClientSuite;
  readonly texts: Texts;
  /** The command that starts the client; empty if a person starts it. */
  readonly command: readonly string[];
  /** Longest wait for an answer of a program, in milliseconds; a person has more time. */
  readonly timeoutMs: number;
  /** Whether the command runs on a pseudo-terminal from the beginning. */
  readonly onTerminal: boolean;
  /** Called once, before the first finding. */
  readonly onPlan: (subject: string) => void;
  /** Called after each check. */
  readonly onFinding: (finding: Finding) => void;
  /** Ends the check early. */
  readonly stop: AbortSignal;
}

/** How the check ended. */
export type CheckListenEnd =
  | { readonly kind: "done" }
  | { readonly kind: "interrupted" }
  /** Wrong arguments. */
  | { readonly kind: "usage"; readonly problem: Problem }
  /** The address cannot be listened at, or the program does not exist. */
  | { readonly kind: "failed"; readonly problem: Problem };

/** A socket that waits for the client. */
interface Waiting {
  readonly kind: "waiting";
  readonly endpoint: Endpoint;
  readonly listener: Listener;
}

/** What {@linkcode guessAtListen} needs. */
export type GuessListenOptions = Omit<CheckListenOptions, "suite" | "onPlan" | "onFinding">;

/** What the client probably speaks, and where to wait for it again. */
export interface ListenGuess extends ClientGuess {
  readonly kind: "guess";
  readonly at: string;
}

/** Has the client started once to find out what it speaks. */
export async function guessAtListen(
  options: GuessListenOptions,
): Promise<ListenGuess | CheckListenEnd> {
  const waiting = await waitForClient(options);
  if (waiting.kind !== "waiting") return waiting;
  const { endpoint, listener } = waiting;
  const driver = (record: Recorder) => driverFor(options, endpoint, record);
  const { stop, texts: { clientChecks: texts } } = options;
  const guess = await guessClient({ listener, driver, stop, texts });
  if (stop.aborted) return { kind: "interrupted" };
  // A person goes on with the same port.
  const at = options.command.length === 0 ? endpointText(endpoint) : options.at;
  return { kind: "guess", ...guess, at };
}

/** Plays the server for one client until all checks are done or CTRL-C. */
export async function runCheckListen(options: CheckListenOptions): Promise<CheckListenEnd> {
  const { suite, stop, texts } = options;
  const waiting = await waitForClient(options);
  if (waiting.kind !== "waiting") return waiting;
  const { endpoint, listener } = waiting;
  options.onPlan(subjectText(options.command, endpoint, texts.checkReport));
  const driver = (record: Recorder) => driverFor(options, endpoint, record);
  const check = { suite, listener, driver, stop, texts: texts.clientChecks };
  for await (const finding of checkClient(check)) {
    options.onFinding(finding);
  }
  return stop.aborted ? { kind: "interrupted" } : { kind: "done" };
}

/** Judges the arguments and opens the socket. */
async function waitForClient(options: GuessListenOptions): Promise<Waiting | CheckListenEnd> {
  const { texts } = options;
  const wanted = parseEndpoint(options.at, texts.clientChecks);
  if ("error" in wanted) return { kind: "usage", problem: wanted };
  const problem = addressProblem(options.command, wanted, texts.clientChecks);
  if (problem !== undefined) return { kind: "usage", problem };
  const [program] = options.command;
  if (program !== undefined && findProgram(program, Deno.env.get("PATH")) === undefined) {
    const error = texts.clientChecks.command.noProgram(quoted(program));
    return { kind: "failed", problem: { error } };
  }
  if (options.onTerminal && !hasTerminals()) {
    return { kind: "failed", problem: { error: texts.clientChecks.command.noTerminal } };
  }
  const opened = await open(wanted, texts);
  if ("error" in opened) return { kind: "failed", problem: opened };
  return { kind: "waiting", ...opened };
}

function subjectText(
  command: readonly string[],
  endpoint: Endpoint,
  texts: CheckReportTexts,
): string {
  const place = endpointText(endpoint);
  return command.length === 0
    ? texts.clientAt(place)
    : texts.clientCommand(command.join(" "), place);
}

function driverFor(
  { command, timeoutMs, onTerminal, stop, texts: { clientChecks: texts } }: GuessListenOptions,
  endpoint: Endpoint,
  record: Recorder,
): Driver {
  if (command.length === 0) {
    return new PersonDriver({ tester: terminalTester(stop, texts), endpoint, texts });
  }
  const timeouts = { ...PROGRAM_TIMEOUTS, answerMs: timeoutMs };
  return new ProgramDriver({ words: command, endpoint, record, texts, timeouts, onTerminal });
}

/** Opens the socket; the endpoint has the actual port for port 0. */
async function open(
  wanted: Endpoint,
  { clientChecks: { command }, serve }: Texts,
): Promise<{ endpoint: Endpoint; listener: Listener } | Problem> {
  if (wanted.kind === "unix") {
    const bound = await bindUnixSocket(wanted.path, serve.listen);
    if ("error" in bound) return bound;
    const { listener, release } = bound;
    const close = (): void => {
      listener.close();
      release();
    };
    return { endpoint: wanted, listener: { accept: () => listener.accept(), close } };
  }
  try {
    const listener = Deno.listen({ hostname: wanted.host, port: wanted.port });
    return { endpoint: { ...wanted, port: listener.addr.port }, listener };
  } catch (problem) {
    return { error: command.cannotListen(endpointText(wanted), errorText(problem)) };
  }
}

/** The person at this terminal; orders go to standard error, so that the report can go to a file. */
function terminalTester(stop: AbortSignal, { tester }: ClientCheckTexts): Tester {
  const { promise: stopped, resolve } = Promise.withResolvers<undefined>();
  stop.addEventListener("abort", () => resolve(undefined));
  return {
    tell(line) {
      if (!stop.aborted) print(Deno.stderr, `>> ${line}`);
    },
    async ask(question) {
      if (!Deno.stdin.isTerminal()) return undefined;
      for (;;) {
        if (stop.aborted) return undefined;
        print(Deno.stderr, `?? ${question} ${tester.choices}`);
        // A read from a terminal cannot be cancelled: it ends with the program.
        const line = await Promise.race([readLine(), stopped]);
        if (line === undefined) return undefined;
        const answer = tester.answer(line);
        if (answer !== undefined) return answer;
      }
    },
  };
}

/** A line from a terminal, whose reads return whole lines; undefined at the end of the input. */
async function readLine(): Promise<string | undefined> {
  const buffer = new Uint8Array(1024);
  const count = await Deno.stdin.read(buffer);
  return count === null ? undefined : new TextDecoder().decode(buffer.subarray(0, count));
}
