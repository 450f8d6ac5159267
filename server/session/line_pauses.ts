// Finds the lines of a peer that ends none: text that a pause follows is a line (D24). Exists only
// while such text waits.

import { Alarm, type Clock } from "../../shared/clock.ts";
import { LINE_PAUSE_MS } from "../limits/tuning.ts";

/** Reads closer together than this are one burst: no person types so fast. In milliseconds. */
const BURST_MS = 25;

/**
 * Reads further apart than this, in milliseconds, are two sends of a peer that ends no lines: one
 * that writes a line in two parts has them held up for 40 ms at most (Nagle, delayed ACK).
 */
const SENDS_APART_MS = 80;

/** A longer read may be a piece of a text that the network has cut, in bytes. */
const LONGEST_SEND = 1024;

const ESC = 0x1b;
const AT = 0x40;
const SLASH = 0x2f;

/** The peer whose text waits. */
export interface UnendedText {
  /** Bytes that wait for the end of their line. */
  readonly pendingBytes: number;
  /** Takes them for lines: cut at `cuts`, in ascending order, and ended after the last byte. */
  completeText(cuts: readonly number[]): void;
}

/** The reads of one peer that has ended no line, in time. */
export class LinePauses {
  readonly #text: UnendedText;
  readonly #clock: Clock;
  readonly #alarm: Alarm;
  /** Fewest characters of a read that can be a line; fewer are keys that a person types. */
  readonly #fewest: number;
  /** Positions in the waiting text at which another line may begin. */
  #cuts: number[] = [];
  /** Whether the waiting text comes key by key, so that its end will come. */
  #isTyped: boolean;
  /** Whether a pause has ended a line of this peer, and no line end has come since. */
  #endsNoLines = false;
  #lastAt: number;
  #lastBytes: number;

  /** `first`: the first read of the text that waits; `fewest`: characters of a read to be a line. */
  constructor(text: UnendedText, clock: Clock, first: Uint8Array, fewest: number) {
    this.#text = text;
    this.#clock = clock;
    this.#alarm = new Alarm(clock);
    this.#fewest = fewest;
    this.#isTyped = charsIn(first) < fewest;
    this.#lastAt = clock.monotonic();
    this.#lastBytes = first.length;
  }

  /** Whether the text that waits comes key by key, so that it is incomplete. */
  get isTyped(): boolean {
    return this.#isTyped;
  }

  /** Positions at which the text is to be cut at the end of the stream. */
  get cuts(): readonly number[] {
    return this.#cuts;
  }

  /** Called with a read before it is decoded. */
  beforeRead(chunk: Uint8Array): void {
    const pending = this.#text.pendingBytes;
    const now = this.#clock.monotonic();
    const gap = now - this.#lastAt;
    const isSend = charsIn(chunk) >= this.#fewest;
    if (pending === 0) {
      this.#cuts = [];
      this.#isTyped = !isSend && !this.#endsNoLines;
    } else if (gap < BURST_MS) {
      this.#isTyped &&= pending > this.#lastBytes; // more keys than the first came before
    } else if (!isSend && !this.#endsNoLines) {
      this.#isTyped = true;
    }
    if (pending > 0 && isSend && !this.#isTyped && this.#beginsLine(chunk, gap)) {
      if (this.#endsNoLines) this.#end();
      else this.#cuts.push(pending);
    }
    this.#lastAt = now;
    this.#lastBytes = chunk.length;
  }

  /** Called after it, if text waits for the end of its line. */
  afterRead(): void {
    if (this.#isTyped) return this.#alarm.cancel();
    this.#alarm.setForSilence(LINE_PAUSE_MS, () => {
      this.#endsNoLines = true;
      this.#end();
    });
  }

  /** Called when no text waits. */
  cancel(): void {
    this.#alarm.cancel();
  }

  #end(): void {
    const cuts = this.#cuts;
    this.#cuts = [];
    this.#text.completeText(cuts);
  }

  /**
   * Whether a read begins another line than the text before it. A private word or a command never
   * becomes a part of a public text.
   */
  #beginsLine(chunk: Uint8Array, gap: number): boolean {
    if (this.#lastBytes >= LONGEST_SEND) return false;
    return gap >= SENDS_APART_MS || chunk[0] === AT || chunk[0] === SLASH;
  }
}

/** Characters of UTF-8 that begin in a read; a key's escape sequence counts as one. */
function charsIn(chunk: Uint8Array): number {
  if (chunk[0] === ESC) return 1;
  let count = 0;
  for (let at = 0; at < chunk.length && count < 2; at++) {
    if (((chunk[at] ?? 0) & 0xc0) !== 0x80) count++;
  }
  return count;
}
