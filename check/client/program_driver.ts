// Drives a client as a child process: types into its standard input, reads its output, and ends it
// with everything that comes from it.

import type { Problem } from "../../protocol/problem.ts";
import { systemClock } from "../../shared/clock.ts";
import type { ClientCheckTexts } from "../../texts/texts.ts";
import type { Driver, Endpoint, ProgramRun, TerminalView, Visibility } from "./client_driver.ts";
import { commandWords, hasNamePlaceholder, withBadPort, withoutAddress } from "./command_line.ts";
import { CapturedOutput } from "../captured_output.ts";
import { TRACED_CALLS, tracedWrites } from "./traced_writes.ts";
import { findProgram, lineBufferedCommand, PROGRAM_ENVIRONMENT } from "../find_program.ts";
import { PROGRAM_TIMEOUTS, type Recorder, type StepTimeouts } from "./step_outcome.ts";
import { encodedText } from "./encoded_text.ts";
import { IsolatedProcess, type ProgramExit } from "../isolated_process.ts";
import { type ProcessRow, waitedMs } from "../process_table.ts";
import { PseudoTerminal } from "../pseudo_terminal.ts";
import { pause } from "../timing.ts";

/** Shortest time between two measurements of the load, in milliseconds. */
const LOAD_STEP_MS = 50;
/** On a busy machine a load is measured for at most this many times as long. */
const LOAD_WINDOWS = 20;

/** Time for a client to clean up between SIGTERM and SIGKILL, in milliseconds. */
const CLEANUP_MS = 500;
/** Longest run with wrong arguments, in milliseconds. */
const WRONG_RUN_MS = 5_000;

/** What the key sends; the terminal makes it a newline unless the program wants every key. */
const ENTER = "\r";
/** The terminal of a client. Wide, so that few lines are broken. */
const SIZE = { rows: 40, columns: 200 };
const TERM = "xterm-256color";

/** What a {@linkcode ProgramDriver} needs. */
export interface ProgramOptions {
  /** The command with its placeholders. */
  readonly words: readonly string[];
  readonly endpoint: Endpoint;
  readonly record: Recorder;
  readonly texts: ClientCheckTexts;
  /** (default {@linkcode PROGRAM_TIMEOUTS}) */
  readonly timeouts?: StepTimeouts;
  /** Whether it runs on a terminal and not on pipes (default false). */
  readonly onTerminal?: boolean;
}

/** One run of the program. */
interface Run {
  readonly process: IsolatedProcess;
  readonly screen: CapturedOutput;
  /** Where strace writes. */
  readonly trace: string | undefined;
}

/** Drives a client as a command. */
export class ProgramDriver implements Driver {
  readonly byHand = false;
  onTerminal: boolean;
  namedByArgument: boolean;
  readonly timeouts: StepTimeouts;
  readonly #words: readonly string[];
  readonly #endpoint: Endpoint;
  readonly #record: Recorder;
  readonly #texts: ClientCheckTexts;
  #run: Run | undefined;
  #tracer: string | undefined;
  #stopped: Promise<unknown> = Promise.resolve();

  constructor(
    { words, endpoint, record, texts, timeouts, onTerminal = false }: ProgramOptions,
  ) {
    this.#words = words;
    this.#endpoint = endpoint;
    this.#record = record;
    this.#texts = texts;
    this.timeouts = timeouts ?? PROGRAM_TIMEOUTS;
    this.onTerminal = onTerminal;
    this.namedByArgument = hasNamePlaceholder(words);
  }

  useTerminal(wanted: boolean): boolean {
    if (wanted && !hasTerminals()) return false;
    this.onTerminal = wanted;
    return true;
  }

  nameByArgument(wanted: boolean): boolean {
    if (hasNamePlaceholder(this.#words)) return false;
    this.namedByArgument = wanted;
    return true;
  }

  useTrace(wanted: boolean): boolean {
    const program = findProgram("strace", Deno.env.get("PATH"));
    if (wanted && program === undefined) return false;
    this.#tracer = wanted ? program : undefined;
    return true;
  }

  writes(): readonly number[] | undefined {
    const file = this.#run?.trace;
    return file === undefined ? undefined : tracedWrites(contentOf(file), this.#endpoint);
  }

  start(name: string): Promise<Problem | undefined> {
    const words = commandWords(this.#words, this.#endpoint, name);
    const isAdded = this.namedByArgument && !hasNamePlaceholder(this.#words);
    const started = this.#spawn(isAdded ? [...words, name] : words, this.onTerminal);
    if ("error" in started) return Promise.resolve(started);
    this.#run = started;
    return Promise.resolve(undefined);
  }

  async type(...lines: readonly string[]): Promise<void> {
    const enter = this.onTerminal ? ENTER : "\n";
    await this.typePart(lines.map((line) => line + enter).join(""));
  }

  async typePart(text: string): Promise<void> {
    const bytes = encodedText(text);
    this.#record({ by: "us", on: this.onTerminal ? "terminal" : "stdin", bytes });
    await this.#running.process.write(bytes, this.timeouts.answerMs);
  }

  async typeName(name: string): Promise<void> {
    await this.type(name);
  }

  async endInput(): Promise<void> {
    await this.#running.process.endInput(this.timeouts.answerMs);
  }

  signal(name: "SIGINT" | "SIGTERM"): Promise<boolean> {
    this.#record({ by: "us", on: "signal", bytes: new Uint8Array(0), event: name });
    // To the whole group, as a terminal does: in sheet 003 the children handle the signals.
    this.#running.process.signal(name);
    return Promise.resolve(true);
  }

  clearOutput(): void {
    this.#run?.screen.clear();
  }

  async waitForOutput(texts: readonly string[]): Promise<Visibility> {
    return await this.#running.screen.shows(texts, this.timeouts.answerMs) ? "yes" : "no";
  }

  async outputLacks(text: string): Promise<Visibility> {
    return await this.#running.screen.shows([text], 2 * this.timeouts.quietMs) ? "no" : "yes";
  }

  screen(): string | undefined {
    return this.#run?.screen.text;
  }

  terminal(): TerminalView | undefined {
    return this.#run?.screen.screen;
  }

  async ended(ms: number): Promise<ProgramExit | "running" | "unseen"> {
    return await this.#running.process.ended(ms) ?? "running";
  }

  async load(ms: number): Promise<number | undefined> {
    const { process } = this.#running;
    const before = timesOf(process.processes());
    const from = performance.now();
    for (let own = 0;;) {
      await pause(systemClock, Math.max(LOAD_STEP_MS, ms - own));
      const after = timesOf(process.processes());
      if (before === undefined || after === undefined) return undefined;
      const elapsed = performance.now() - from;
      // On a busy machine even an endless loop gets little: time in the run queue does not count.
      own = elapsed - (after.waited - before.waited);
      if (own < ms && elapsed < LOAD_WINDOWS * ms) continue;
      return (after.ran - before.ran) / Math.max(own, ms);
    }
  }

  async stop(): Promise<void> {
    const run = this.#run;
    this.#run = undefined;
    if (run !== undefined) this.#stopped = ended(run);
    await this.#stopped; // also when an interrupt has begun to end it
  }

  async runWithBadArguments(fault: "no-address" | "bad-port"): Promise<ProgramRun | undefined> {
    const words = fault === "no-address"
      ? withoutAddress(this.#words)
      : withBadPort(this.#words, this.#endpoint);
    if (words === undefined || words.length === 0) return undefined;
    const run = this.#spawn(words);
    if ("error" in run) return undefined;
    const { process, screen } = run;
    await process.endInput(WRONG_RUN_MS);
    const ending = await process.ended(WRONG_RUN_MS);
    await process.end(0);
    return ending === undefined ? undefined : { ending, output: screen.text };
  }

  get #running(): Run {
    if (this.#run === undefined) throw new Error("The client was not started");
    return this.#run;
  }

  #traceWords(file: string): readonly string[] {
    return [this.#tracer ?? "", "-f", "-qq", "-e", `trace=${TRACED_CALLS}`, "-o", file];
  }

  #spawn(words: readonly string[], onTerminal = false): Run | Problem {
    const command = lineBufferedCommand(words);
    if (command === undefined) {
      return { error: this.#texts.command.noProgram(`"${words[0] ?? ""}"`) };
    }
    const terminal = onTerminal ? PseudoTerminal.open(SIZE) : undefined;
    if (onTerminal && terminal === undefined) return { error: this.#texts.command.noTerminal };
    const size = terminal === undefined ? undefined : SIZE;
    const screen = new CapturedOutput(this.#record, systemClock, size);
    const trace = this.#tracer === undefined ? undefined : Deno.makeTempFileSync();
    const process = new IsolatedProcess({
      words: trace === undefined ? command : [...this.#traceWords(trace), ...command],
      env: terminal === undefined ? PROGRAM_ENVIRONMENT : { ...PROGRAM_ENVIRONMENT, TERM },
      terminal,
      onOutput: (stream, bytes) => screen.add(stream, bytes),
    });
    return { process, screen, trace };
  }
}

async function ended({ process, trace }: Run): Promise<void> {
  await process.end(CLEANUP_MS);
  if (trace !== undefined) Deno.removeSync(trace);
}

function contentOf(file: string): string {
  try {
    return Deno.readTextFileSync(file);
  } catch {
    return ""; // the run has ended
  }
}

/** Whether this system has pseudo-terminals that a program can be given. */
export function hasTerminals(): boolean {
  const terminal = PseudoTerminal.open(SIZE);
  void terminal?.close();
  return terminal !== undefined;
}

/** Times of a program's processes since they began, in milliseconds. */
interface RunTimes {
  readonly ran: number;
  /** In the run queue, summed over threads. */
  readonly waited: number;
}

/** Undefined if none lives, or there is no /proc. */
function timesOf(rows: readonly ProcessRow[]): RunTimes | undefined {
  if (rows.length === 0) return undefined;
  const sum = (time: (row: ProcessRow) => number): number =>
    rows.reduce((total, row) => total + time(row), 0);
  return { ran: sum(({ ranMs }) => ranMs), waited: sum(({ pid }) => waitedMs(pid)) };
}
