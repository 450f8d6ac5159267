// One connection to the server that is checked: sends exactly what it is told to, keeps what comes, and
// waits for patterns with a deadline. Knows no dialect.

import type { DialResult } from "../../client/dial.ts";
import { writeAll } from "../../shared/write_all.ts";
import type { Clock } from "../../shared/clock.ts";
import { latin1, latin1Bytes } from "../bytes.ts";
import { Mismatch } from "./mismatch.ts";
import { type CheckTiming, pause, within } from "../timing.ts";
import type { Show } from "../visible.ts";

/** The socket, as client/dial.ts opens it. */
type Wire = (DialResult & { readonly ok: true })["wire"];

/** What a player is given. */
export interface ProbeConnectionOptions {
  /** Who it is in the transcript and in the chat. */
  readonly name: string;
  /** Longest wait, in milliseconds. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly timing: CheckTiming;
  readonly show: Show;
  /** Told of all bytes, in order. */
  record(by: "us" | "them", bytes: Uint8Array, event?: "reset"): void;
}

/** What is waited for, in words, and what is likely wrong when it does not come. */
export interface ExpectedMatch {
  /** `MSG ana hello\n`. */
  readonly expected: string;
  readonly hint: Hint;
}

/** A remedy, or how to find it by what a connection looks like when it failed. */
export type Hint = string | ((player: ProbeConnection) => string);

/** What came up to what was waited for, a character for each byte. */
export interface ReceivedMatch {
  readonly before: string;
  readonly match: RegExpExecArray;
}

const END = new Uint8Array(0);
const READ_BYTES = 64 * 1024;

/** A client under our control. */
export class ProbeConnection {
  readonly name: string;
  readonly #wire: Wire;
  readonly #options: ProbeConnectionOptions;
  #pump: Promise<void> | undefined;
  /** What came and was not waited for yet, a character for each byte. */
  #rest = "";
  #ended: "no" | "closed" | "reset" = "no";
  #isStuck = false;
  #hasHeard = false;
  #isClosed = false;
  #wake: () => void = () => {};

  /** A player that reads nothing until {@linkcode read} is called. */
  constructor(wire: Wire, options: ProbeConnectionOptions) {
    this.name = options.name;
    this.#wire = wire;
    this.#options = options;
  }

  /** Begins to take what comes. */
  read(): this {
    this.#pump ??= this.#read();
    return this;
  }

  /** What came and was not waited for yet, a character for each byte. */
  get rest(): string {
    return this.#rest;
  }

  /** Whether the server has ended the connection. */
  get hasEnded(): boolean {
    return this.#ended !== "no";
  }

  /** Whether the server has ended the connection before it said anything on it. */
  get isClosedUnused(): boolean {
    return this.hasEnded && !this.#hasHeard;
  }

  /** Sends `bytes` in one write; a server that has closed or does not read fails the check. */
  async send(bytes: Uint8Array, hint: Hint = notRead): Promise<void> {
    this.#options.record("us", bytes);
    const problem = await this.#withDeadline(this.#write(bytes), "its buffers are full");
    if (problem === undefined) return;
    this.#isStuck = true; // the end of the stream would wait behind these bytes
    // A write hears of the end sooner than the reading does that tells how it came.
    if (problem === CLOSED && !this.hasEnded) {
      await this.#somethingComes(this.#options.timing.endMs);
    }
    throw new Mismatch({
      expected: `the server reads what ${this.name} sends`,
      received: problem,
      hint: this.#told(hint),
    });
  }

  /** Sends `bytes` in pieces that the server reads one by one; `cuts` are where they end. */
  async sendCut(
    bytes: Uint8Array,
    cuts: readonly number[],
    apart: keyof CheckTiming = "apartMs",
  ): Promise<void> {
    let from = 0;
    for (const to of [...cuts, bytes.length]) {
      if (from > 0) await this.pause(apart);
      await this.send(bytes.subarray(from, to));
      from = to;
    }
  }

  /** Lets the time of that name pass. */
  pause(name: keyof CheckTiming): Promise<void> {
    return pause(this.#options.clock, this.#options.timing[name]);
  }

  /** Says that it will send no more (FIN), and goes on reading. */
  async endSending(): Promise<void> {
    this.#options.record("us", END);
    await this.#wire.closeWrite().catch(() => {}); // the server may have closed before
  }

  /** Waits for `pattern` in what comes; forgets it and what came before, and answers both. */
  async expect(pattern: RegExp, wanted: ExpectedMatch): Promise<ReceivedMatch> {
    const match = await this.wait(() => pattern.exec(this.#rest));
    if (match === undefined) throw this.mismatch(wanted);
    const before = this.#rest.slice(0, match.index);
    this.#rest = this.#rest.slice(match.index + match[0].length);
    return { before, match };
  }

  /** Waits until `look` finds something, the connection has ended or the time is over. */
  async wait<Found>(
    look: () => Found | null | undefined,
    ms = this.#options.timeoutMs,
  ): Promise<Found | undefined> {
    const { clock } = this.#options;
    const deadline = clock.monotonic() + ms;
    for (;;) {
      const found = look();
      if (found !== null && found !== undefined) return found;
      const left = deadline - clock.monotonic();
      if (left <= 0 || this.hasEnded) return undefined;
      await this.#somethingComes(left);
    }
  }

  /** Waits for the end of the connection, one way or the other. */
  async expectEnd(wanted: ExpectedMatch): Promise<void> {
    await this.wait(() => undefined);
    if (!this.hasEnded) throw this.mismatch(wanted);
  }

  /** Forgets what came. */
  forget(): void {
    this.#rest = "";
  }

  /** That `wanted` did not come, with what came instead. */
  mismatch({ expected, hint }: ExpectedMatch): Mismatch {
    const within = `${this.#options.timeoutMs / 1000} s`;
    return new Mismatch({
      expected: `${this.name} gets ${expected} within ${within}`,
      received: this.#received(),
      hint: this.#told(hint),
    });
  }

  /** That `before`, a character for each byte, came although it should not have. */
  unexpectedData(before: string, { expected, hint }: ExpectedMatch): Mismatch {
    const received = this.#options.show(latin1Bytes(before));
    return new Mismatch({ expected, received, hint: this.#told(hint) });
  }

  /** Leaves in order: nobody is to write to a socket that is closed because a check is over. */
  async leave(): Promise<void> {
    if (this.#pump !== undefined && !this.#isStuck) {
      await this.endSending();
      await this.wait(() => undefined, this.#options.timing.leaveMs);
    }
    await this.close();
  }

  /** Closes without waiting for the server. */
  async close(): Promise<void> {
    this.#options.record("us", END);
    this.#isClosed = true;
    try {
      this.#wire.close();
    } catch {
      // closed already
    }
    await this.#pump;
  }

  #told(hint: Hint): string {
    return typeof hint === "string" ? hint : hint(this);
  }

  #received(): string {
    const bytes = latin1Bytes(this.#rest);
    const what = bytes.length === 0 ? "nothing" : this.#options.show(bytes);
    if (this.#ended === "no") return what;
    const end = this.#ended === "reset" ? "was reset" : "was closed";
    return bytes.length === 0 ? `the connection ${end}` : `${what}, then the connection ${end}`;
  }

  /** Writes all of it; answers why it could not. */
  async #write(bytes: Uint8Array): Promise<string | undefined> {
    try {
      await writeAll(this.#wire, bytes);
      return undefined;
    } catch {
      return CLOSED;
    }
  }

  async #withDeadline(
    work: Promise<string | undefined>,
    late: string,
  ): Promise<string | undefined> {
    const { clock, timeoutMs } = this.#options;
    const { promise, resolve } = Promise.withResolvers<string>();
    const timer = clock.after(timeoutMs, () => resolve(late));
    const result = await Promise.race([work, promise]);
    timer.cancel();
    return result;
  }

  async #somethingComes(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    await within(this.#options.clock, promise, ms);
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    try {
      for (let count; (count = await this.#wire.read(buffer)) !== null;) {
        const bytes = buffer.slice(0, count);
        this.#options.record("them", bytes);
        this.#hasHeard = true;
        this.#rest += latin1(bytes);
        this.#wake();
      }
      this.#ended = "closed";
      this.#options.record("them", END);
    } catch {
      this.#ended = "reset"; // or closed by us, when nobody looks any more
      if (!this.#isClosed) this.#options.record("them", END, "reset");
    }
    this.#wake();
  }
}

/** Why a write failed. */
const CLOSED = "the connection was closed";

/** Why a server may have ended a connection that it has never used. */
export const CLOSED_UNUSED_HINT =
  "The server ends the connection before it has said anything: keep the socket that accept() returns open until its client has left, and look whether the code that serves it ends at once or by an exception";

const NOT_READ =
  "The server closed the connection or stopped reading from it: after each message go back to reading";

function notRead(player: ProbeConnection): string {
  return player.isClosedUnused ? CLOSED_UNUSED_HINT : NOT_READ;
}
