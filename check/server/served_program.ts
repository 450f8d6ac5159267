// A server that the check starts itself: finds where it listens, types at its console, reads its
// screen, and starts it again where a check needs a fresh one.

import type { Address } from "../../client/dial.ts";
import { addressText } from "../../client/dial.ts";
import type { Problem } from "../../protocol/problem.ts";
import { type Clock, systemClock } from "../../shared/clock.ts";
import type { ServedProgramTexts } from "../../texts/texts.ts";
import { utf8Bytes } from "../bytes.ts";
import { CapturedOutput } from "../captured_output.ts";
import type { Exchange } from "../finding.ts";
import { lineBufferedCommand, PROGRAM_ENVIRONMENT } from "../find_program.ts";
import { IsolatedProcess, type ProgramExit } from "../isolated_process.ts";
import { exitText } from "../program_exit.ts";
import { PseudoTerminal } from "../pseudo_terminal.ts";
import { pause } from "../timing.ts";
import { listeningSockets } from "./listening_sockets.ts";
import { lastLines } from "./program_death.ts";
import { commandFor, takesPort, wrongCommand, type WrongUse } from "./server_command.ts";

/** What a {@linkcode ServedProgram} needs. */
export interface ServedProgramOptions {
  /** The command; `{port}`, `{host}` and `{path}` in it are replaced by the address. */
  readonly words: readonly string[];
  readonly texts: ServedProgramTexts;
  /** Ends a wait for the program to listen. */
  readonly stop?: AbortSignal;
}

/** How the program is started. */
export interface StartOptions {
  /** The port to give it (default a free one). */
  readonly port?: number;
  /** Its console is a terminal, not a pipe. */
  readonly onTerminal?: boolean;
}

/** A run of the program with a command that it should refuse. */
export interface WrongRun {
  /** How it ended; undefined if it went on. */
  readonly exit: ProgramExit | undefined;
  /** Where it listened all the same. */
  readonly listens: Address | undefined;
  /** Standard output and standard error. */
  readonly output: string;
}

/** Longest time from the start of a server to its listening, in milliseconds. */
const START_MS = 10_000;
const POLL_MS = 20;
const START_ATTEMPTS = 3;
/** For a server that opens another socket before the one it was given, in milliseconds. */
const SETTLE_MS = 200;
/** Between SIGTERM and SIGKILL, in milliseconds. */
const CLEANUP_MS = 300;
/** Longest run with a wrong command, in milliseconds. */
const WRONG_RUN_MS = 3_000;
/** Longest write to the console, in milliseconds. */
const TYPE_MS = 1_000;
const LOOPBACK = "127.0.0.1";
/** The terminal of a server's console; wide, so that few lines are broken. */
const SIZE = { rows: 50, columns: 200 };
const TERM = "xterm";

/** A server as a command. */
export class ServedProgram {
  readonly texts: ServedProgramTexts;
  readonly #clock: Clock = systemClock;
  readonly #options: ServedProgramOptions;
  readonly #directory = Deno.makeTempDirSync({ prefix: "minichat-check-" });
  #process: IsolatedProcess | undefined;
  #screen = new CapturedOutput(() => {});
  #wanted: Address | undefined;
  #at: Address | undefined;
  /** What Enter sends. */
  #enter = "\n";
  #record: (exchange: Exchange) => void = () => {};

  constructor(options: ServedProgramOptions) {
    this.texts = options.texts;
    this.#options = options;
  }

  /** Where it listens. */
  get address(): Address {
    if (this.#at === undefined) throw new Error("The server was not started");
    return this.#at;
  }

  /** Its output since the last `clear()`. */
  get screen(): CapturedOutput {
    return this.#screen;
  }

  /** How it ended; undefined while it runs. */
  get exit(): ProgramExit | undefined {
    return this.#process?.exit;
  }

  /** The end of what it printed on standard error. */
  get lastErrors(): string {
    return this.#process?.lastErrors ?? "";
  }

  /** Whether one of its processes accepts connections at its address. */
  get isServing(): boolean {
    const { exit, processes } = { exit: this.exit, processes: this.#process?.processes() ?? [] };
    if (exit !== undefined && processes.length === 0) return false;
    if (Deno.build.os !== "linux") return exit === undefined;
    const places = listeningSockets(processes.map(({ pid }) => pid));
    return places.some((place) => isSame(place, this.#at) || isMoved(place, this.#at));
  }

  /** The same as text. */
  get place(): string {
    return addressText(this.address);
  }

  /** Whether its command says on which port it listens. */
  get takesPort(): boolean {
    return takesPort(this.#options.words);
  }

  /** That it listens elsewhere than it should; undefined if not. */
  get note(): string | undefined {
    if (this.#wanted === undefined || this.#at === undefined) return undefined;
    if (isSame(this.#wanted, this.#at)) return undefined;
    return this.texts.listensElsewhere(addressText(this.#at), addressText(this.#wanted));
  }

  /** Passes to `record` what is typed and printed from now on. */
  recordTo(record: (exchange: Exchange) => void): void {
    this.#record = record;
  }

  /** Starts it, and ends it first if it runs; returns why it does not serve. */
  async start(options: StartOptions = {}): Promise<Problem | undefined> {
    for (let attempt = 1;; attempt++) {
      const problem = await this.#start(options);
      if (problem === undefined || options.port !== undefined) return problem;
      // Between the choice of a free port and bind(), another program may take it.
      const isTaken = this.#wanted?.kind === "tcp" && !isFree(this.#wanted.port);
      if (!isTaken || attempt === START_ATTEMPTS || this.#options.stop?.aborted) return problem;
    }
  }

  async #start({ port, onTerminal = false }: StartOptions): Promise<Problem | undefined> {
    await this.end(CLEANUP_MS);
    const { words } = this.#options;
    const path = `${this.#directory}/soquette`;
    const given = { host: LOOPBACK, port: port ?? freePort(), path };
    const { command, wanted } = commandFor(words, given);
    this.#wanted = wanted;
    const terminal = onTerminal ? PseudoTerminal.open(SIZE) : undefined;
    if (onTerminal && terminal === undefined) return { error: this.texts.noTerminal };
    this.#enter = onTerminal ? "\r" : "\n";
    this.#screen = new CapturedOutput((exchange) => this.#record(exchange));
    const spawned = this.#spawn(command, { screen: this.#screen, terminal });
    if ("error" in spawned) {
      await terminal?.close();
      return spawned;
    }
    this.#process = spawned;
    const found = await this.#listening(spawned);
    if (found !== undefined && !("error" in found)) {
      this.#at = found;
      return undefined;
    }
    const lines = lastLines(spawned.lastErrors || this.#screen.text);
    await this.end(0);
    return found ?? { error: this.texts.neverListened(START_MS / 1000, lines) };
  }

  /** Types a line and Enter at its console. */
  async type(line: string): Promise<void> {
    const bytes = utf8Bytes(line + this.#enter);
    this.#record({ by: "us", on: "console", bytes });
    await this.#process?.write(bytes, TYPE_MS);
  }

  /** Sends a signal to its process group, as a terminal does. */
  signal(name: "SIGINT" | "SIGTERM"): void {
    this.#record({ by: "us", on: "console", bytes: new Uint8Array(0), event: name });
    this.#process?.signal(name);
  }

  /** Waits at most `ms` for its end; undefined if it still runs. */
  async ended(ms: number): Promise<ProgramExit | undefined> {
    return await this.#process?.ended(ms);
  }

  /** Ends it with all that comes from it; it has `cleanupMs` milliseconds after SIGTERM. */
  async end(cleanupMs: number): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    await running?.end(cleanupMs);
    // A socket file that a killed server left behind would stop the next one.
    if (this.#at?.kind === "unix" && isSocketFile(this.#at)) Deno.removeSync(this.#at.path);
  }

  /** Runs it with a command that it should refuse; undefined if there is no such command. */
  async runWrongly(use: WrongUse): Promise<WrongRun | undefined> {
    const command = wrongCommand(this.#options.words, use);
    if (command === undefined) return undefined;
    const screen = new CapturedOutput((exchange) => this.#record(exchange));
    const spawned = this.#spawn(command, { screen });
    if ("error" in spawned) return undefined;
    const clock = this.#clock;
    const deadline = clock.monotonic() + WRONG_RUN_MS;
    let listens: Address | undefined;
    while (clock.monotonic() < deadline && listens === undefined) {
      if (await spawned.ended(POLL_MS) !== undefined) break;
      [listens] = listeningSockets(spawned.processes().map(({ pid }) => pid));
    }
    const { exit } = spawned;
    await spawned.end(0);
    return { exit, listens, output: screen.text };
  }

  /** Ends it for good and removes its directory. */
  async close(): Promise<void> {
    await this.end(CLEANUP_MS);
    Deno.removeSync(this.#directory, { recursive: true });
  }

  #spawn(
    words: readonly string[],
    { screen, terminal }: {
      readonly screen: CapturedOutput;
      readonly terminal?: PseudoTerminal | undefined;
    },
  ): IsolatedProcess | Problem {
    const command = lineBufferedCommand(words);
    if (command === undefined) return { error: this.texts.noProgram(words[0] ?? "") };
    return new IsolatedProcess({
      words: command,
      env: terminal === undefined ? PROGRAM_ENVIRONMENT : { ...PROGRAM_ENVIRONMENT, TERM },
      terminal,
      onOutput: (stream, bytes) => screen.add(stream, bytes),
    });
  }

  /** Waits until the program listens; why it never will, or undefined if it did not in time. */
  async #listening(process: IsolatedProcess): Promise<Address | Problem | undefined> {
    const clock = this.#clock;
    const began = clock.monotonic();
    let firstAt: number | undefined;
    for (let now = began; now < began + START_MS; now = clock.monotonic()) {
      const processes = process.processes();
      const places = listeningSockets(processes.map(({ pid }) => pid));
      if (places.length > 0) firstAt ??= now;
      const isSettled = firstAt !== undefined && now - firstAt >= SETTLE_MS;
      const renamed = places.some((one) => isMoved(one, this.#wanted)) ? this.#wanted : undefined;
      const place = places.find((one) => isSame(one, this.#wanted)) ?? renamed ??
        (this.#wanted === undefined || isSettled ? places.find(isReachable) : undefined);
      if (place !== undefined) return place;
      const exit = await process.ended(0);
      if (exit !== undefined && processes.length === 0) {
        const lines = lastLines(process.lastErrors || this.#screen.text);
        return { error: this.texts.endedFirst(exitText(exit, this.texts.exits), lines) };
      }
      if (this.#options.stop?.aborted) return undefined;
      if (Deno.build.os !== "linux" && await answers(this.#wanted)) return this.#wanted;
      await pause(clock, POLL_MS);
    }
    return undefined;
  }
}

/** Whether two addresses have the same port or path. */
function isSame(one: Address, other: Address | undefined): boolean {
  if (other === undefined || one.kind !== other.kind) return false;
  return one.kind === "unix"
    ? one.path === (other as typeof one).path
    : one.port === (other as typeof one).port;
}

/** Whether it is a socket file under another name than it was bound to: /proc keeps the first one. */
function isMoved(one: Address, other: Address | undefined): boolean {
  return one.kind === "unix" && !isReachable(one) && isSocketFile(other);
}

/** False for a socket file that is gone or was renamed. */
function isReachable(address: Address): boolean {
  return address.kind === "tcp" || isSocketFile(address);
}

function isSocketFile(address: Address | undefined): boolean {
  if (address?.kind !== "unix") return false;
  try {
    return Deno.lstatSync(address.path).isSocket === true;
  } catch {
    return false;
  }
}

function isFree(port: number): boolean {
  try {
    Deno.listen({ hostname: LOOPBACK, port }).close();
    return true;
  } catch {
    return false;
  }
}

function freePort(): number {
  const listener = Deno.listen({ hostname: LOOPBACK, port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

/** Whether a connection is accepted there: where no /proc shows it. */
async function answers(address: Address | undefined): Promise<boolean> {
  if (address === undefined) return false;
  try {
    const conn = address.kind === "unix"
      ? await Deno.connect({ transport: "unix", path: address.path })
      : await Deno.connect({ hostname: address.host, port: address.port });
    conn.close();
    return true;
  } catch {
    return false;
  }
}
