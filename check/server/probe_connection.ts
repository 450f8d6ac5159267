// One connection to the server under test: sends exact bytes, collects what is received, and waits
// for patterns with a deadline.

import type { DialResult } from "../../client/dial.ts";
import type { Clock } from "../../shared/clock.ts";
import { writeAll } from "../../shared/write_all.ts";
import type { ServerCheckTexts } from "../../texts/texts.ts";
import { latin1, latin1Bytes } from "../bytes.ts";
import { type CheckTiming, pause, within } from "../timing.ts";
import type { Show } from "../visible.ts";
import { Mismatch } from "./mismatch.ts";

/** The socket, as client/dial.ts opens it. */
type Wire = (DialResult & { readonly ok: true })["wire"];

/** The name, the environment and the recorder of a {@linkcode ProbeConnection}. */
export interface ProbeConnectionOptions {
  /** The client's name in the transcript and in the chat. */
  readonly name: string;
  /** Longest wait, in milliseconds. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly timing: CheckTiming;
  readonly show: Show;
  readonly texts: ServerCheckTexts;
  /** Called with all bytes in both directions, in order; without bytes for an end. */
  record(by: "us" | "them", bytes: Uint8Array, event?: "reset"): void;
}

/** What is waited for, as text, and the likely bug if it does not come. */
export interface ExpectedMatch {
  /** `MSG ana hello\n`. */
  readonly expected: string;
  readonly hint: Hint;
  /** Whether the bytes that came prove the hint (default no: what did not come has many causes). */
  readonly isProven?: (connection: ProbeConnection) => boolean;
}

/** A remedy, or a function that chooses one by the connection's state at the failure. */
export type Hint = string | ((connection: ProbeConnection) => string);

/** What matched, and the bytes before it, one character for each byte. */
export interface ReceivedMatch {
  readonly before: string;
  readonly match: RegExpExecArray;
}

const END = new Uint8Array(0);
const READ_BYTES = 64 * 1024;
/**
 * Most bytes that wait to be matched, give or take one read: several times what a check makes a
 * server send to one client between two matches. Backpressure then stops an endless stream.
 */
const MAX_REST_BYTES = 2 * 1024 * 1024;

/** A client controlled by a check's script. */
export class ProbeConnection {
  readonly texts: ServerCheckTexts;
  #name: string;
  readonly #wire: Wire;
  readonly #options: ProbeConnectionOptions;
  #pump: Promise<void> | undefined;
  /** Bytes received and not matched yet, one character for each byte. */
  #rest = "";
  /** Continues a reading that has stopped at {@linkcode MAX_REST_BYTES}. */
  #resume: () => void = () => {};
  /** Nothing more is matched: what comes is dropped, and the end can be read. */
  #awaitsEnd = false;
  #ended: "no" | "closed" | "reset" = "no";
  #isWriteBlocked = false;
  #hasReceived = false;
  #isClosed = false;
  #wake: () => void = () => {};

  /** Reads nothing until {@linkcode read} is called. */
  constructor(wire: Wire, options: ProbeConnectionOptions) {
    this.#name = options.name;
    this.texts = options.texts;
    this.#wire = wire;
    this.#options = options;
  }

  /** The client's name in the chat. */
  get name(): string {
    return this.#name;
  }

  /** The server has chosen another name; the transcript keeps the first one. */
  rename(name: string): void {
    this.#name = name;
  }

  /** Starts reading. */
  read(): this {
    this.#pump ??= this.#read();
    return this;
  }

  /**
   * Bytes received and not matched yet, one character for each byte; about 2 MiB at most, after
   * which nothing is read until some are matched.
   */
  get rest(): string {
    return this.#rest;
  }

  /** Whether the server has ended the connection. */
  get hasEnded(): boolean {
    return this.#ended !== "no";
  }

  /** Whether anything has come from the server. */
  get hasReceived(): boolean {
    return this.#hasReceived;
  }

  /** Whether the server has ended the connection before it sent anything on it. */
  get isClosedUnused(): boolean {
    return this.hasEnded && !this.#hasReceived;
  }

  /** Sends `bytes` in one write; fails the check if the server has closed or does not read. */
  async send(bytes: Uint8Array, hint: Hint = notReadHint): Promise<void> {
    if (bytes.length === 0) return;
    this.#options.record("us", bytes);
    const { closed, buffersFull } = this.texts.received;
    const result = await this.#withDeadline(this.#write(bytes));
    if (result === "written") return;
    this.#isWriteBlocked = true; // the end of the stream would wait for these bytes
    // A write fails sooner than the read that shows whether the end was a close or a reset.
    if (result === "failed" && !this.hasEnded) await this.#nextChange(this.#options.timing.endMs);
    throw new Mismatch({
      expected: this.texts.expected.common.readsFrom(this.name),
      received: result === "failed" ? closed : buffersFull,
      hint: this.#hintText(hint),
      isLikely: true,
    });
  }

  /**
   * Sends `bytes` in pieces with pauses between them, so that the server reads each of them alone;
   * `cuts` are the offsets where pieces end.
   */
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

  /** Waits for the time that {@linkcode CheckTiming} has under `name`. */
  pause(name: keyof CheckTiming): Promise<void> {
    return pause(this.#options.clock, this.#options.timing[name]);
  }

  /** Ends the sending side (FIN); reading continues. */
  async endSending(): Promise<void> {
    this.#options.record("us", END);
    await this.#wire.closeWrite().catch(() => {}); // the server may have closed before
  }

  /**
   * Waits for `pattern` in {@linkcode rest}; takes the match and all before it out and returns
   * both.
   */
  async expect(pattern: RegExp, wanted: ExpectedMatch): Promise<ReceivedMatch> {
    const match = await this.wait(() => pattern.exec(this.#rest));
    if (match === undefined) throw this.mismatch(wanted);
    const before = this.#rest.slice(0, match.index);
    this.#rest = this.#rest.slice(match.index + match[0].length);
    this.#resume();
    return { before, match };
  }

  /**
   * Waits until `look` finds something; undefined if the connection or `ms` milliseconds end first.
   */
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
      await this.#nextChange(left);
    }
  }

  /** Waits for the server to end the connection, by a close or a reset. */
  async expectEnd(wanted: ExpectedMatch): Promise<void> {
    this.#readToEnd();
    await this.wait(() => undefined);
    if (!this.hasEnded) throw this.mismatch(wanted);
  }

  /** Empties {@linkcode rest}. */
  forget(): void {
    this.#rest = "";
    this.#resume();
  }

  /** The failure that the server has ended this connection. */
  lost(hint: Hint): Mismatch {
    return new Mismatch({
      expected: this.texts.expected.common.readsFrom(this.name),
      received: this.texts.received.closed,
      hint: this.#hintText(hint),
      isLikely: true,
    });
  }

  /** The failure that `wanted` did not come, with what came instead. */
  mismatch({ expected, hint, isProven }: ExpectedMatch): Mismatch {
    const seconds = this.#options.timeoutMs / 1000;
    return new Mismatch({
      expected: this.texts.expected.common.gets(this.name, expected, seconds),
      received: this.#received(),
      hint: this.#hintText(hint),
      ...isProven?.(this) ? {} : { isLikely: true },
    });
  }

  /** The failure that `before` (one character for each byte) came although it should not have. */
  unexpectedData(before: string, { expected, hint }: ExpectedMatch): Mismatch {
    const received = this.#options.show(latin1Bytes(before));
    return new Mismatch({ expected, received, hint: this.#hintText(hint) });
  }

  /**
   * Ends in order (FIN, then close), so that the server never writes to a closed socket after a
   * check.
   */
  async leave(): Promise<void> {
    if (this.#pump !== undefined && !this.#isWriteBlocked) {
      await this.endSending();
      this.#readToEnd();
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
    this.#readToEnd();
    await this.#pump;
  }

  #hintText(hint: Hint): string {
    return typeof hint === "string" ? hint : hint(this);
  }

  #received(): string {
    const bytes = latin1Bytes(this.#rest);
    const { nothing, closed, reset, thenClosed, thenReset } = this.texts.received;
    if (bytes.length === 0) {
      if (this.#ended === "no") return nothing;
      return this.#ended === "reset" ? reset : closed;
    }
    const shown = this.#options.show(bytes);
    if (this.#ended === "no") return shown;
    return this.#ended === "reset" ? thenReset(shown) : thenClosed(shown);
  }

  async #write(bytes: Uint8Array): Promise<"written" | "failed"> {
    try {
      await writeAll(this.#wire, bytes);
      return "written";
    } catch {
      return "failed";
    }
  }

  async #withDeadline<Result>(work: Promise<Result>): Promise<Result | "late"> {
    const { clock, timeoutMs } = this.#options;
    const { promise, resolve } = Promise.withResolvers<"late">();
    const timer = clock.after(timeoutMs, () => resolve("late"));
    const result = await Promise.race([work, promise]);
    timer.cancel();
    return result;
  }

  /** Waits until bytes or the end are read, at most `ms` milliseconds. */
  async #nextChange(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    await within(this.#options.clock, promise, ms);
  }

  /** Reads on although {@linkcode rest} is full. */
  #readToEnd(): void {
    this.#awaitsEnd = true;
    this.#resume();
  }

  #resumed(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#resume = resolve;
    return promise;
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    try {
      for (let count; (count = await this.#wire.read(buffer)) !== null;) {
        if (this.#rest.length >= MAX_REST_BYTES) continue; // only the end is awaited
        const bytes = buffer.slice(0, count);
        this.#options.record("them", bytes);
        this.#hasReceived = true;
        this.#rest += latin1(bytes);
        this.#wake();
        while (this.#rest.length >= MAX_REST_BYTES && !this.#awaitsEnd) await this.#resumed();
      }
      this.#ended = "closed";
      this.#options.record("them", END);
    } catch {
      this.#ended = "reset"; // also after our own close(), where the value is no longer read
      if (!this.#isClosed) this.#options.record("them", END, "reset");
    }
    this.#wake();
  }
}

function notReadHint({ isClosedUnused, texts }: ProbeConnection): string {
  const { closedUnused, notRead } = texts.hints.common;
  return isClosedUnused ? closedUnused : notRead;
}
