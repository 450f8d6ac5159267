// Drives a client as a child process: types into its standard input, reads its output, and ends its
// whole process group.

import type { Problem } from "../../protocol/problem.ts";
import { systemClock } from "../../shared/clock.ts";
import type { ClientCheckTexts } from "../../texts/texts.ts";
import type { Driver, Endpoint, ProgramExit, ProgramRun, Visibility } from "./client_driver.ts";
import { commandWords, findProgram, withBadPort, withoutAddress } from "./command_line.ts";
import { CapturedOutput } from "./captured_output.ts";
import { PROGRAM_TIMEOUTS, type Recorder, type StepTimeouts } from "./step_outcome.ts";
import { encodedText } from "./describe_exit.ts";
import { processGroupTimes } from "./process_group_cpu.ts";
import { pause, within } from "../timing.ts";

/** Shortest time between two measurements of the load, in milliseconds. */
const LOAD_STEP_MS = 50;
/** On a busy machine a load is measured for at most this many times as long. */
const LOAD_WINDOWS = 20;

/** Time for a client to clean up between SIGTERM and SIGKILL, in milliseconds. */
const CLEANUP_MS = 500;
/** Longest run with wrong arguments, in milliseconds. */
const WRONG_RUN_MS = 5_000;

/** What a {@linkcode ProgramDriver} needs. */
export interface ProgramOptions {
  /** The command with its placeholders. */
  readonly words: readonly string[];
  readonly endpoint: Endpoint;
  readonly record: Recorder;
  readonly texts: ClientCheckTexts;
  /** (default {@linkcode PROGRAM_TIMEOUTS}) */
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
  readonly #endpoint: Endpoint;
  readonly #record: Recorder;
  readonly #texts: ClientCheckTexts;
  #process: Process | undefined;

  constructor({ words, endpoint, record, texts, timeouts }: ProgramOptions) {
    this.#words = words;
    this.#endpoint = endpoint;
    this.#record = record;
    this.#texts = texts;
    this.timeouts = timeouts ?? PROGRAM_TIMEOUTS;
  }

  start(): Promise<Problem | undefined> {
    const started = this.#spawn(commandWords(this.#words, this.#endpoint));
    if ("error" in started) return Promise.resolve(started);
    this.#process = started;
    return Promise.resolve(undefined);
  }

  async type(line: string): Promise<void> {
    const bytes = encodedText(line + "\n");
    this.#record({ by: "us", on: "stdin", bytes });
    // Bounded: the pipe of a client that never reads its input stays full.
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
    // To the whole group, as a terminal does: in sheet 003 the children handle the signals.
    signalGroup(this.#running, name);
    return Promise.resolve(true);
  }

  clearOutput(): void {
    this.#process?.screen.clear();
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
      // On a busy machine even an endless loop gets little: time in the run queue does not count.
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
      : withBadPort(this.#words, this.#endpoint);
    if (words === undefined || words.length === 0) return undefined;
    const process = this.#spawn(words);
    if ("error" in process) return undefined;
    await process.stdin.close().catch(() => {});
    await within(systemClock, process.exited, WRONG_RUN_MS);
    const ended = process.ending;
    await endProcess(process, 0);
    return ended === undefined ? undefined : { ending: ended, output: process.screen.text };
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
      return { error: this.#texts.command.noProgram(`"${program}"`) };
    }
    // A C program buffers its output to a pipe until the buffer is full; stdbuf makes it line-buffered.
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
      detached: true, // a process group of its own, to be killed as a whole
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

/** Kills the program and all processes of its group, and closes its streams. */
async function endProcess(process: Process, cleanupMs: number): Promise<void> {
  if (process.ending === undefined && cleanupMs > 0) {
    signalGroup(process, "SIGTERM");
    await within(systemClock, process.exited, cleanupMs);
  }
  signalGroup(process, "SIGKILL"); // also children that outlive their parent
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
