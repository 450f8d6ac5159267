// A client that we start ourselves: typed into through its standard input, ended with all that it has
// started. The one file of the check that runs programs.

import type { Problem } from "../../protocol/problem.ts";
import { systemClock } from "../../shared/clock.ts";
import type { Driver, Endpoint, ProgramExit, ProgramRun, Visibility } from "./client_driver.ts";
import { commandWords, findProgram, withBadPort, withoutAddress } from "./command_line.ts";
import { CapturedOutput } from "./captured_output.ts";
import { PROGRAM_TIMEOUTS, type Recorder, type StepTimeouts } from "./step_outcome.ts";
import { encodedText } from "./describe_exit.ts";
import { processGroupTimes } from "./process_group_cpu.ts";
import { pause, within } from "../timing.ts";

/** A load is looked at no more often, in milliseconds. */
const LOAD_STEP_MS = 50;
/** On a busy machine a load is looked at for so many times as long at the most. */
const LOAD_WINDOWS = 20;

/** After SIGTERM a client may clean up that long, in milliseconds, before SIGKILL. */
const CLEANUP_MS = 500;
/** How long a run with wrong arguments may take. */
const WRONG_RUN_MS = 5_000;

/** What a {@linkcode ProgramDriver} needs. */
export interface ProgramOptions {
  /** The command with its placeholders. */
  readonly words: readonly string[];
  readonly meeting: Endpoint;
  readonly record: Recorder;
  readonly timeouts?: StepTimeouts;
}

/** One run of the program. */
interface Process {
  readonly child: Deno.ChildProcess;
  readonly stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly screen: CapturedOutput;
  readonly pumps: Promise<unknown>;
  readonly exited: Promise<void>;
  ending: ProgramExit | undefined;
}

/** Drives a client as a command. */
export class ProgramDriver implements Driver {
  readonly byHand = false;
  readonly timeouts: StepTimeouts;
  readonly #words: readonly string[];
  readonly #meeting: Endpoint;
  readonly #record: Recorder;
  #process: Process | undefined;

  constructor({ words, meeting, record, timeouts }: ProgramOptions) {
    this.#words = words;
    this.#meeting = meeting;
    this.#record = record;
    this.timeouts = timeouts ?? PROGRAM_TIMEOUTS;
  }

  start(): Promise<Problem | undefined> {
    const started = this.#spawn(commandWords(this.#words, this.#meeting));
    if ("error" in started) return Promise.resolve(started);
    this.#process = started;
    return Promise.resolve(undefined);
  }

  async type(line: string): Promise<void> {
    const bytes = encodedText(line + "\n");
    this.#record({ by: "us", on: "stdin", bytes });
    // Bounded: a client that never reads its input leaves a full pipe behind.
    await within(
      systemClock,
      this.#running.stdin.write(bytes).catch(() => {}),
      this.timeouts.answerMs,
    );
  }

  async typeName(name: string): Promise<void> {
    await this.type(name);
  }

  async endInput(): Promise<void> {
    await within(systemClock, this.#running.stdin.close().catch(() => {}), this.timeouts.answerMs);
  }

  signal(name: "SIGINT" | "SIGTERM"): Promise<boolean> {
    this.#record({ by: "us", on: "signal", bytes: new Uint8Array(0), event: name });
    // To the whole group, as a terminal does: sheet 003's parent leaves signals to its children.
    signalGroup(this.#running, name);
    return Promise.resolve(true);
  }

  clearOutput(): void {
    this.#process?.screen.look();
  }

  async waitForOutput(texts: readonly string[]): Promise<Visibility> {
    return await this.#running.screen.shows(texts, this.timeouts.answerMs) ? "yes" : "no";
  }

  async outputLacks(text: string): Promise<Visibility> {
    return await this.#running.screen.shows([text], 2 * this.timeouts.quietMs) ? "no" : "yes";
  }

  screen(): string | undefined {
    return this.#process?.screen.text;
  }

  async ended(ms: number): Promise<ProgramExit | "running" | "unseen"> {
    const process = this.#running;
    if (process.ending === undefined && ms > 0) await within(systemClock, process.exited, ms);
    if (process.ending !== undefined) {
      await within(systemClock, process.pumps, this.timeouts.quietMs);
    }
    return process.ending ?? "running";
  }

  async load(ms: number): Promise<number | undefined> {
    const { pid } = this.#running.child;
    const before = processGroupTimes(pid);
    const from = performance.now();
    for (let own = 0;;) {
      await pause(systemClock, Math.max(LOAD_STEP_MS, ms - own));
      const after = processGroupTimes(pid);
      if (before === undefined || after === undefined) return undefined;
      const elapsed = performance.now() - from;
      // On a busy machine even an endless loop gets little: what it waits for its turn does not count.
      own = elapsed - (after.waited - before.waited);
      if (own < ms && elapsed < LOAD_WINDOWS * ms) continue;
      return (after.ran - before.ran) / Math.max(own, ms);
    }
  }

  async stop(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    if (process !== undefined) await endProcess(process, CLEANUP_MS);
  }

  async runWithBadArguments(fault: "no-address" | "bad-port"): Promise<ProgramRun | undefined> {
    const words = fault === "no-address"
      ? withoutAddress(this.#words)
      : withBadPort(this.#words, this.#meeting);
    if (words === undefined || words.length === 0) return undefined;
    const process = this.#spawn(words);
    if ("error" in process) return undefined;
    await process.stdin.close().catch(() => {});
    await within(systemClock, process.exited, WRONG_RUN_MS);
    const ended = process.ending;
    await endProcess(process, 0);
    return ended === undefined ? undefined : { ending: ended, said: process.screen.text };
  }

  get #running(): Process {
    if (this.#process === undefined) throw new Error("The client was not started");
    return this.#process;
  }

  #spawn(words: readonly string[]): Process | Problem {
    const [program = "", ...args] = words;
    const path = Deno.env.get("PATH");
    const found = findProgram(program, path);
    if (found === undefined) {
      return { error: `No such program: "${program}", give its path, as in ./client` };
    }
    // A C program's output to a pipe waits in its buffer: without this nothing would be seen.
    const unbuffer = findProgram("stdbuf", path);
    const [command, rest] = unbuffer === undefined
      ? [found, args]
      : [unbuffer, ["-oL", found, ...args]];
    const child = new Deno.Command(command, {
      args: rest,
      env: { PYTHONUNBUFFERED: "1", NO_COLOR: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      detached: true, // a group of its own: ended with all it started
    }).spawn();
    return watched(child, this.#record);
  }
}

function watched(child: Deno.ChildProcess, record: Recorder): Process {
  const screen = new CapturedOutput(record);
  const pumps = Promise.all([
    screen.pump(child.stdout, "stdout"),
    screen.pump(child.stderr, "stderr"),
  ]);
  const process: Process = {
    child,
    stdin: child.stdin.getWriter(),
    screen,
    pumps,
    exited: child.status.then(({ code, signal }) => {
      process.ending = { code, signal };
    }),
    ending: undefined,
  };
  return process;
}

/** Ends a program and whatever it started, and takes its streams back. */
async function endProcess(process: Process, cleanupMs: number): Promise<void> {
  if (process.ending === undefined && cleanupMs > 0) {
    signalGroup(process, "SIGTERM");
    await within(systemClock, process.exited, cleanupMs);
  }
  signalGroup(process, "SIGKILL"); // children that outlive their parent too
  await process.exited;
  await process.stdin.abort().catch(() => {});
  await process.pumps;
}

function signalGroup({ child }: Process, name: Deno.Signal): void {
  try {
    Deno.kill(-child.pid, name);
  } catch {
    // ESRCH: all of them have ended
  }
}
