// Blank lines as a connection's first bytes: a person's Enter, the empty name of a program, or what
// scanners send (J7). Decided by when they come, not by how they are cut into reads.

import type { Clock } from "../../shared/clock.ts";
import { isLineEnd } from "../../protocol/first_bytes.ts";

const LF = 0x0a;
const CR = 0x0d;
const NUL = 0x00;
/** NUL, tab, LF, CR and space. */
const BLANK: readonly number[] = [NUL, 0x09, LF, CR, 0x20];

/** The first bytes of a client that has pressed Enter once. */
export const ENTER: Uint8Array = Uint8Array.of(LF);

/** Whether first bytes are blank lines and nothing else. */
export function isBlank(head: Uint8Array | undefined): boolean {
  if (head === undefined || head.length === 0 || head[0] === NUL) return false;
  return head.every((byte) => BLANK.includes(byte));
}

/** The blank lines of one connection. */
export class BlankLines {
  readonly #clock: Pick<Clock, "monotonic">;
  /** Blank lines in the first bytes, and how many of them were answered. */
  #lines = 0;
  #answered = 0;
  /** When the last of them came, and the first if it was answered by the greeting. */
  #lastAt: number | undefined;
  #greetedAt: number | undefined;

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /**
   * Takes first bytes that are blank, of a client that was greeted or not: a line before the
   * greeting asks for it, one after it waits for silence. `soonMs`: lines closer together than that
   * belong together.
   */
  take(head: Uint8Array, greeted: boolean, soonMs: number): "greet" | "wait" | "ignore" {
    const lines = countLines(head);
    if (lines === this.#lines) return "ignore";
    this.#lines = lines;
    this.#lastAt = this.#clock.monotonic();
    if (greeted && !this.#isSoonAfter(this.#greetedAt, soonMs)) return "wait";
    this.#answered = lines;
    this.#greetedAt ??= this.#lastAt;
    return greeted ? "ignore" : "greet";
  }

  /** Called after silence, or for the last time: whether one blank line alone was not answered. */
  answer(): boolean {
    const isOne = this.#lines === this.#answered + 1;
    this.#answered = this.#lines;
    return isOne;
  }

  /**
   * First bytes that are not blank any more, without the blank lines that were answered: to a
   * program whose text follows soon, an empty name was given (D8).
   */
  without(head: Uint8Array, soonMs: number): Uint8Array {
    if (this.#lines === 0 || this.#isSoonAfter(this.#lastAt, soonMs)) return head;
    const first = head.findIndex((byte) => !BLANK.includes(byte));
    return head.subarray(head.subarray(0, first).findLastIndex(isLineEnd) + 1);
  }

  #isSoonAfter(at: number | undefined, soonMs: number): boolean {
    return at !== undefined && this.#clock.monotonic() - at < soonMs;
  }
}

/** How many lines end in blank bytes; CR LF is one end. */
function countLines(head: Uint8Array): number {
  return head.filter((byte, at) => byte === CR || (byte === LF && head[at - 1] !== CR)).length;
}
