// Standard input of a chat in a pipe, line by line, until it ends or the chat ends before it.

import { MAX_TEXT_LINE_BYTES } from "../protocol/limits.ts";
import type { Clock } from "../shared/clock.ts";
import { type InputLine, InputLines } from "./stdin_lines.ts";

/** Some lines, and whether more can follow. */
export interface InputPart {
  readonly lines: readonly InputLine[];
  /**
   * "eof": all of the input was read. "idle": after {@linkcode PipeInput.finish} nothing was there to
   * read. "cut": after it there was, and it is not among the lines.
   */
  readonly end: "more" | "eof" | "idle" | "cut";
}

const READ_BYTES = 64 * 1024;

/** How long the last look at the input may take, in milliseconds. */
const LAST_LOOK_MS = 100;

export class PipeInput {
  readonly #stdin: { read(buffer: Uint8Array): Promise<number | null> };
  readonly #clock: Clock;
  readonly #buffer = new Uint8Array(READ_BYTES);
  readonly #lines = new InputLines(MAX_TEXT_LINE_BYTES);
  readonly #finishing = Promise.withResolvers<void>();
  #isFinishing = false;
  #reading: Promise<number | null> | undefined;

  constructor(stdin: { read(buffer: Uint8Array): Promise<number | null> }, clock: Clock) {
    this.#stdin = stdin;
    this.#clock = clock;
  }

  /** Reads no more lines: the next {@linkcode read} says whether there are any. */
  finish(): void {
    this.#isFinishing = true;
    this.#finishing.resolve();
  }

  /** The lines of the next read. */
  async read(): Promise<InputPart> {
    this.#reading ??= this.#stdin.read(this.#buffer);
    const count = await Promise.race([
      this.#reading,
      this.#finishing.promise.then(() => this.#lastLook()),
    ]);
    if (count === undefined) return this.#last();
    this.#reading = undefined;
    if (count === null) return { lines: this.#lines.end(), end: "eof" };
    if (this.#isFinishing) return { lines: [], end: "cut" };
    return { lines: this.#lines.feed(this.#buffer.subarray(0, count)), end: "more" };
  }

  #last(): InputPart {
    return { lines: [], end: this.#lines.isMidLine ? "cut" : "idle" };
  }

  #lastLook(): Promise<undefined> {
    return new Promise((resolve) => this.#clock.after(LAST_LOOK_MS, () => resolve(undefined)));
  }
}
