// A program under check in a session of its own: reads its streams, watches its limits, and kills
// everything that comes from it at the end. No wait is without bound.

import { type Clock, systemClock } from "../shared/clock.ts";
import { ProcessFamily, sendSignal } from "./process_family.ts";
import { type ProcessRow, sharedOutBytes } from "./process_table.ts";
import {
  limitedCommand,
  type PassedLimit,
  PROGRAM_LIMITS,
  type ProgramLimits,
} from "./program_limits.ts";
import type { PseudoTerminal } from "./pseudo_terminal.ts";
import { pause, within } from "./timing.ts";

/** How a program ended. */
export interface ProgramExit {
  readonly code: number;
  /** The signal that killed it, as `SIGPIPE`. */
  readonly signal: string | null;
  /** The limit for which the check has killed it. */
  readonly passed?: PassedLimit;
}

type OutputReader = ReadableStreamDefaultReader<Uint8Array>;

/** An output stream of a program; on a terminal there is one alone. */
export type OutputStream = "stdout" | "stderr" | "terminal";

/** What an {@linkcode IsolatedProcess} needs. */
export interface IsolatedProcessOptions {
  /** The program, as a path, and its arguments. */
  readonly words: readonly string[];
  /** Called with all that the program prints, up to the limit of its output. */
  readonly onOutput: (stream: OutputStream, bytes: Uint8Array) => void;
  /** Variables besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** (default {@linkcode PROGRAM_LIMITS}) */
  readonly limits?: ProgramLimits;
  /** The terminal that it runs on, closed at its end (default: it reads and writes pipes). */
  readonly terminal?: PseudoTerminal | undefined;
}

/** The variable that marks the processes of a program. */
const MARK = "MINICHAT_CHECKED";
/** Memory is measured this often, new processes are looked for at every fifth time, in milliseconds. */
const WATCH_MS = 100;
const LOOKS = 5;
/** For the rest of the output, after the program has ended, in milliseconds. */
const DRAIN_MS = 150;
/** After the end, a terminal that shows nothing for so long has shown all, in milliseconds. */
const QUIET_MS = 20;
/** For the system to report a killed program, in milliseconds. */
const REAP_MS = 1_000;
/** Bytes kept of the end of standard error. */
const TAIL_BYTES = 4096;

/** What a terminal sends for these keys. */
const CTRL_C = Uint8Array.of(3);
const CTRL_D = Uint8Array.of(4);

let started = 0;

/** A running program. */
export class IsolatedProcess {
  readonly #child: Deno.ChildProcess;
  readonly #family: ProcessFamily;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #readers: readonly OutputReader[];
  readonly #drained: Promise<unknown>;
  readonly #exited: Promise<void>;
  readonly #limits: ProgramLimits;
  readonly #onOutput: IsolatedProcessOptions["onOutput"];
  readonly #clock: Clock = systemClock;
  readonly #terminal: PseudoTerminal | undefined;
  #watch = { cancel: () => {} };
  #looks = 0;
  #printed = 0;
  #errors = new Uint8Array(0);
  #status: Deno.CommandStatus | undefined;
  #passed: PassedLimit | undefined;

  /** Starts the program; throws if there is no shell to start it. */
  constructor(
    { words, onOutput, env = {}, limits = PROGRAM_LIMITS, terminal }: IsolatedProcessOptions,
  ) {
    const mark = `${Deno.pid}-${++started}`;
    const [shell = "", ...args] = limitedCommand(words, terminal?.path);
    this.#terminal = terminal;
    this.#limits = limits;
    this.#onOutput = onOutput;
    this.#child = new Deno.Command(shell, {
      args,
      env: { ...env, [MARK]: mark },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      detached: true, // a session and a process group of its own
    }).spawn();
    this.#family = new ProcessFamily(this.#child.pid, `${MARK}=${mark}`);
    this.#stdin = this.#child.stdin.getWriter();
    const [stdout, stderr] = [this.#child.stdout.getReader(), this.#child.stderr.getReader()];
    this.#readers = [stdout, stderr];
    this.#drained = Promise.all([this.#pump(stdout, "stdout"), this.#pump(stderr, "stderr")]);
    terminal?.read((bytes) => this.#take("terminal", bytes));
    this.#exited = this.#child.status.then((status) => {
      this.#status = status;
    });
    this.#watchLater();
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** How it ended; undefined while it runs. */
  get exit(): ProgramExit | undefined {
    if (this.#status === undefined) return undefined;
    const { code, signal } = this.#status;
    return this.#passed === undefined ? { code, signal } : { code, signal, passed: this.#passed };
  }

  /** The end of what it printed on standard error, at most {@linkcode TAIL_BYTES} bytes. */
  get lastErrors(): string {
    return new TextDecoder().decode(this.#errors);
  }

  /** Its processes, without those that have ended. */
  processes(): readonly ProcessRow[] {
    return this.#family.find();
  }

  /** Waits at most `ms` for its end and for the output up to it; undefined if it still runs. */
  async ended(ms: number): Promise<ProgramExit | undefined> {
    if (this.#status === undefined && ms > 0) await within(this.#clock, this.#exited, ms);
    // A process that lives on may hold the output open for ever.
    if (this.#status !== undefined) await within(this.#clock, this.#drained, DRAIN_MS);
    if (this.#status !== undefined && this.#terminal !== undefined) await this.#terminalDrained();
    return this.exit;
  }

  /** Writes to its standard input; gives up after `ms`, for a program that never reads. */
  async write(bytes: Uint8Array, ms: number): Promise<void> {
    if (this.#terminal !== undefined) return await this.#terminal.write(bytes, ms, this.#clock);
    await within(this.#clock, this.#stdin.write(bytes).catch(() => {}), ms);
  }

  /** Ends its standard input, after what was written, or presses CTRL-D; gives up after `ms`. */
  async endInput(ms: number): Promise<void> {
    if (this.#terminal !== undefined) return await this.write(CTRL_D, ms);
    await within(this.#clock, this.#stdin.close().catch(() => {}), ms);
  }

  /** Sends a signal to its process group, as a terminal does; presses CTRL-C on a terminal. */
  signal(name: "SIGINT" | "SIGTERM"): void {
    if (this.#terminal !== undefined && name === "SIGINT") {
      void this.#terminal.write(CTRL_C, 0, this.#clock);
      return;
    }
    sendSignal(-this.#child.pid, name);
  }

  /**
   * Ends it: SIGTERM, then after at most `cleanupMs` SIGKILL for everything that comes from it. False
   * if a process could not be killed.
   */
  async end(cleanupMs: number): Promise<boolean> {
    this.#watch.cancel();
    if (this.#status === undefined && cleanupMs > 0) {
      this.signal("SIGTERM");
      await within(this.#clock, this.#exited, cleanupMs);
    }
    const isGone = await this.#family.kill(this.#clock);
    await within(this.#clock, this.#exited, REAP_MS);
    await within(this.#clock, this.#drained, DRAIN_MS);
    await this.#terminal?.close();
    const closed = [this.#stdin.abort(), ...this.#readers.map((reader) => reader.cancel())];
    // A process that could not be killed may hold them.
    await within(this.#clock, Promise.allSettled([...closed, this.#drained]), DRAIN_MS);
    return isGone;
  }

  /** Waits until nothing has come for a moment; a terminal has no end. */
  async #terminalDrained(): Promise<void> {
    for (let printed = -1; printed !== this.#printed && this.#passed === undefined;) {
      printed = this.#printed;
      await pause(this.#clock, QUIET_MS);
    }
  }

  async #pump(output: OutputReader, stream: OutputStream): Promise<void> {
    for (let bytes; (bytes = (await output.read()).value) !== undefined;) {
      this.#take(stream, bytes);
    }
  }

  #take(stream: OutputStream, bytes: Uint8Array): void {
    this.#printed += bytes.length;
    // What still comes is dropped.
    if (this.#printed > this.#limits.outputBytes) return this.#stopFor("outputBytes");
    if (stream !== "stdout") this.#addErrors(bytes);
    this.#onOutput(stream, bytes);
  }

  #addErrors(bytes: Uint8Array): void {
    const all = new Uint8Array(this.#errors.length + bytes.length);
    all.set(this.#errors);
    all.set(bytes, this.#errors.length);
    this.#errors = all.slice(-TAIL_BYTES);
  }

  #watchLater(): void {
    this.#watch = this.#clock.after(WATCH_MS, () => {
      const isFull = ++this.#looks % LOOKS === 0;
      const rows = isFull ? this.#family.find() : this.#family.living();
      if (usesMore(rows, this.#limits.memoryBytes)) this.#stopFor("memoryBytes");
      if (rows.length > this.#limits.processes) this.#stopFor("processes");
      if (this.#passed === undefined) this.#watchLater();
    });
  }

  #stopFor(limit: PassedLimit): void {
    if (this.#passed !== undefined) return;
    this.#passed = limit;
    this.#watch.cancel();
    void this.#family.kill(this.#clock);
  }
}

/** Whether processes use more memory than `bytes`; what they share counts once. */
function usesMore(rows: readonly ProcessRow[], bytes: number): boolean {
  const sum = (memory: (row: ProcessRow) => number): number =>
    rows.reduce((total, row) => total + memory(row), 0);
  if (sum(({ memoryBytes }) => memoryBytes) <= bytes) return false;
  return sum(({ pid, memoryBytes }) => sharedOutBytes(pid) ?? memoryBytes) > bytes;
}
