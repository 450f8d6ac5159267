// `minichat check --listen`: opens the socket that somebody's client connects to, and finds whoever
// drives that client: the command behind `--`, or the person at this terminal.

import { endpointText, parseEndpoint } from "../../check/client/listen_address.ts";
import { checkClient } from "../../check/client/client_runner.ts";
import { addressProblem, findProgram } from "../../check/client/command_line.ts";
import type { Driver, Endpoint } from "../../check/client/client_driver.ts";
import type { Listener } from "../../check/client/accept_queue.ts";
import { PersonDriver, type Tester } from "../../check/client/person_driver.ts";
import { ProgramDriver } from "../../check/client/program_driver.ts";
import type { ClientSuite } from "../../check/client/client_suite.ts";
import { PROGRAM_TIMEOUTS, type Recorder } from "../../check/client/step_outcome.ts";
import type { Finding } from "../../check/finding.ts";
import { quoted } from "../../protocol/failures.ts";
import { bindUnixSocket } from "../../server/net/unix_socket.ts";
import { errorText } from "../../shared/errors.ts";
import { print } from "../print.ts";

/** What is checked, and who hears of it. */
export interface CheckListenOptions {
  /** PORT, HOST:PORT or unix:PATH; port 0 takes any free one. */
  readonly at: string;
  /** What is played, with the checks to make. */
  readonly sheet: ClientSuite;
  /** The words that start the client; empty when a person does. */
  readonly command: readonly string[];
  /** Longest wait for a program's answers, in milliseconds; a person has longer. */
  readonly timeoutMs: number;
  /** Told once, before the first finding. */
  readonly onPlan: (subject: string) => void;
  /** Told as soon as each check is done. */
  readonly onFinding: (finding: Finding) => void;
  /** Ends it early. */
  readonly stop: AbortSignal;
}

/** How it went; what was found was told to `onFinding`. */
export type CheckListenEnd =
  | { readonly kind: "done" }
  | { readonly kind: "interrupted" }
  /** The arguments make no sense: one sentence. */
  | { readonly kind: "usage"; readonly problem: string }
  /** There is nowhere to listen, or nothing to start: one sentence. */
  | { readonly kind: "failed"; readonly problem: string };

/** Plays the server for one client until every check was made or CTRL-C. */
export async function runCheckListen(options: CheckListenOptions): Promise<CheckListenEnd> {
  const wanted = parseEndpoint(options.at);
  if ("error" in wanted) return { kind: "usage", problem: wanted.error };
  const problem = addressProblem(options.command, wanted);
  if (problem !== undefined) return { kind: "usage", problem: problem.error };
  const [program] = options.command;
  if (program !== undefined && findProgram(program, Deno.env.get("PATH")) === undefined) {
    const problem = `No such program: ${quoted(program)}, give its path, as in ./client`;
    return { kind: "failed", problem };
  }
  const opened = await open(wanted);
  if (typeof opened === "string") return { kind: "failed", problem: opened };
  const { meeting, door } = opened;
  options.onPlan(subjectText(options.command, meeting));
  const driver = (record: Recorder) => driverFor(options, meeting, record);
  const { sheet, stop } = options;
  for await (const finding of checkClient({ sheet, door, driver, stop })) {
    options.onFinding(finding);
  }
  return stop.aborted ? { kind: "interrupted" } : { kind: "done" };
}

function subjectText(command: readonly string[], meeting: Endpoint): string {
  const place = endpointText(meeting);
  return command.length === 0
    ? `the client that connects to ${place}`
    : `the client ${command.join(" ")} at ${place}`;
}

function driverFor(
  { command, timeoutMs, stop }: CheckListenOptions,
  meeting: Endpoint,
  record: Recorder,
): Driver {
  if (command.length === 0) return new PersonDriver({ person: terminalPerson(stop), meeting });
  const patience = { ...PROGRAM_TIMEOUTS, answerMs: timeoutMs };
  return new ProgramDriver({ words: command, meeting, record, timeouts: patience });
}

/** The socket, and where it really is once it is open; or why there is none. */
async function open(wanted: Endpoint): Promise<{ meeting: Endpoint; door: Listener } | string> {
  if (wanted.kind === "unix") {
    const bound = await bindUnixSocket(wanted.path);
    if ("error" in bound) return bound.error;
    const { listener, release } = bound;
    const close = (): void => {
      listener.close();
      release();
    };
    return { meeting: wanted, door: { accept: () => listener.accept(), close } };
  }
  try {
    const listener = Deno.listen({ hostname: wanted.host, port: wanted.port });
    return { meeting: { ...wanted, port: listener.addr.port }, door: listener };
  } catch (problem) {
    const reason = errorText(problem);
    return `Cannot listen at ${endpointText(wanted)}: ${reason}`;
  }
}

/** The person at this terminal: told on standard error, so that the report can go to a file. */
function terminalPerson(stop: AbortSignal): Tester {
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
        print(Deno.stderr, `?? ${question} [y/n]`);
        // A read from a terminal cannot be called off: it ends with the program.
        const answer = await Promise.race([readLine(), stopped]);
        if (answer === undefined) return undefined;
        if (/^\s*[yo]/i.test(answer)) return true; // oui counts too
        if (/^\s*n/i.test(answer)) return false;
      }
    },
  };
}

/** A line from a terminal, which hands over whole lines; nothing at the end of the input. */
async function readLine(): Promise<string | undefined> {
  const buffer = new Uint8Array(1024);
  const count = await Deno.stdin.read(buffer);
  return count === null ? undefined : new TextDecoder().decode(buffer.subarray(0, count));
}
