// A driver for a client that runs inside the test, on a real socket: input, output and exit go
// through the same interface as those of a program.

import type { ProgramExit } from "../../check/isolated_process.ts";
import type {
  Driver,
  Endpoint,
  ProgramRun,
  TerminalView,
  Visibility,
} from "../../check/client/client_driver.ts";
import type { Listener } from "../../check/client/accept_queue.ts";
import { CapturedOutput } from "../../check/captured_output.ts";
import type { Recorder, StepTimeouts } from "../../check/client/step_outcome.ts";
import { encodedText } from "../../check/client/encoded_text.ts";
import { pause, within } from "../../check/timing.ts";
import { type Clock, systemClock } from "../../shared/clock.ts";

/** In milliseconds of a {@linkcode FastClock}: long enough for a busy machine. */
export const TEST_TIMEOUTS: StepTimeouts = {
  startMs: 4_000,
  nameMs: 400,
  answerMs: 1_500,
  endMs: 1_500,
  quietMs: 120,
  idleMs: 60,
};

/** Real time for a client in the same process to read what was written, in milliseconds. */
const READ_MS = 2;

/**
 * A listener on 127.0.0.1 whose writes arrive as separate packets. Without TCP_NODELAY the system holds
 * a packet until the previous one is acknowledged, up to 40 ms: many pauses of a fast clock.
 */
export function promptListener(): { readonly listener: Listener; readonly endpoint: Endpoint } {
  const tcp = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { hostname: host, port } = tcp.addr;
  const listener: Listener = {
    async accept() {
      const conn = await tcp.accept();
      conn.setNoDelay();
      return {
        read: (buffer) => conn.read(buffer),
        async write(bytes) {
          const count = await conn.write(bytes);
          await pause(systemClock, READ_MS);
          return count;
        },
        closeWrite: () => conn.closeWrite(),
        close: () => conn.close(),
      };
    },
    close: () => tcp.close(),
  };
  return { listener, endpoint: { kind: "tcp", host, port } };
}

/** Input and output of a fake client. */
export interface ClientIo {
  readonly clock: Clock;
  connect(): Promise<Deno.Conn>;
  /** The next typed line; undefined at the end of the input. */
  line(): Promise<string | undefined>;
  show(text: string): void;
  /** Resolves when something more is typed, or the input ends. */
  nextTyping(): Promise<void>;
  /** Resolves at the first signal. */
  readonly signalled: Promise<string>;
  /** Pretends from now on to run in an endless loop. */
  spin(): void;
}

/** The `main` of a client: returns its exit code, or the signal that kills it. */
export type FakeClient = (io: ClientIo) => Promise<number | string>;

/** One run of a {@linkcode FakeClient}. */
export class FakeRun implements ClientIo {
  readonly conns: Deno.Conn[] = [];
  readonly signal = Promise.withResolvers<string>();
  readonly screen: CapturedOutput;
  readonly #lines: string[] = [];
  #inputEnded = false;
  #typed = Promise.withResolvers<void>();
  isSpinning = false;
  ending: ProgramExit | undefined;
  readonly exited: Promise<void>;

  constructor(
    client: FakeClient,
    readonly endpoint: Endpoint,
    record: Recorder,
    readonly clock: Clock,
  ) {
    this.screen = new CapturedOutput(record, clock);
    this.exited = this.#run(client);
  }

  get signalled(): Promise<string> {
    return this.signal.promise;
  }

  async connect(): Promise<Deno.Conn> {
    const conn = this.endpoint.kind === "tcp"
      ? await Deno.connect({ hostname: this.endpoint.host, port: this.endpoint.port })
      : await Deno.connect({ transport: "unix", path: this.endpoint.path });
    this.conns.push(conn);
    return conn;
  }

  async line(): Promise<string | undefined> {
    while (this.#lines.length === 0 && !this.#inputEnded) await this.#typed.promise;
    return this.#lines.shift();
  }

  nextTyping(): Promise<void> {
    return this.#typed.promise;
  }

  show(text: string): void {
    this.screen.add("stdout", encodedText(text));
  }

  spin(): void {
    this.isSpinning = true;
  }

  type(line: string | undefined): void {
    if (line === undefined) this.#inputEnded = true;
    else this.#lines.push(line);
    this.#typed.resolve();
    this.#typed = Promise.withResolvers<void>();
  }

  async stop(): Promise<void> {
    this.type(undefined);
    this.signal.resolve("SIGKILL");
    this.#closeAll();
    await this.exited;
  }

  async #run(client: FakeClient): Promise<void> {
    try {
      const end = await client(this);
      this.ending = typeof end === "number"
        ? { code: end, signal: null }
        : { code: 128, signal: end };
    } catch {
      this.ending = { code: 1, signal: null };
    }
    this.#closeAll(); // as the system does for a program that ends
  }

  #closeAll(): void {
    for (const conn of this.conns.splice(0)) {
      try {
        conn.close();
      } catch {
        // the client has closed it
      }
    }
  }
}

/** Drives a {@linkcode FakeClient}. */
export class FakeDriver implements Driver {
  readonly byHand = false;
  readonly timeouts = TEST_TIMEOUTS;
  onTerminal = false;
  /** What was typed of a line that is not entered yet. */
  #part = "";
  #run: FakeRun | undefined;

  constructor(
    readonly client: FakeClient,
    readonly endpoint: Endpoint,
    readonly record: Recorder,
    readonly clock: Clock,
  ) {}

  readonly namedByArgument = false;

  nameByArgument(): boolean {
    return false;
  }

  useTrace(): boolean {
    return false;
  }

  writes(): undefined {
    return undefined;
  }

  start(): Promise<undefined> {
    this.#part = "";
    this.#run = new FakeRun(this.client, this.endpoint, this.record, this.clock);
    return Promise.resolve(undefined);
  }

  useTerminal(wanted: boolean): boolean {
    this.onTerminal = wanted;
    return true;
  }

  type(...lines: readonly string[]): Promise<void> {
    for (const line of lines) {
      this.#running.type(this.#part + line);
      this.#part = "";
    }
    return Promise.resolve();
  }

  typePart(text: string): Promise<void> {
    this.#part += text;
    return Promise.resolve();
  }

  /** A terminal below whose messages the line being typed stands. */
  terminal(): TerminalView {
    const rows = [...this.#running.screen.text.trimEnd().split("\n"), this.#part];
    return { rows, cursorLine: this.#part };
  }

  typeName(name: string): Promise<void> {
    return this.type(name);
  }

  endInput(): Promise<void> {
    this.#running.type(undefined);
    return Promise.resolve();
  }

  signal(name: "SIGINT" | "SIGTERM"): Promise<boolean> {
    this.#running.signal.resolve(name);
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

  async ended(ms: number): Promise<ProgramExit | "running"> {
    const run = this.#running;
    if (run.ending === undefined && ms > 0) await within(this.clock, run.exited, ms);
    return run.ending ?? "running";
  }

  load(): Promise<number> {
    return Promise.resolve(this.#running.isSpinning ? 1 : 0);
  }

  async stop(): Promise<void> {
    const run = this.#run;
    this.#run = undefined;
    await run?.stop();
  }

  runWithBadArguments(): Promise<ProgramRun | undefined> {
    return Promise.resolve({ ending: { code: 1, signal: null }, output: "Usage: fake HOST PORT" });
  }

  get #running(): FakeRun {
    if (this.#run === undefined) throw new Error("not started");
    return this.#run;
  }
}
