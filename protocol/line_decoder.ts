// The decoder of every dialect made of lines: a framer, a function from line to item, and silence
// once the stream cannot be trusted any more. Pure.

import type { Decoder } from "./dialect.ts";
import type { Failure } from "./failures.ts";
import { LineFramer, lineTooLong } from "./framing.ts";

/** Turns lines into items; `onLine` may answer nothing for a line that means nothing. */
export class LineDecoder<Item> implements Decoder<Item> {
  readonly #framer: LineFramer;
  readonly #onLine: (line: Uint8Array) => Item | undefined;
  readonly #onOverflow: (failure: Failure) => Item;
  #dead = false;

  /** `maxBytes` caps a line; `onOverflow` makes the one item that says so. */
  constructor(
    maxBytes: number,
    onLine: (line: Uint8Array) => Item | undefined,
    onOverflow: (failure: Failure) => Item,
  ) {
    this.#framer = new LineFramer(maxBytes);
    this.#onLine = onLine;
    this.#onOverflow = onOverflow;
  }

  feed(chunk: Uint8Array, emit: (item: Item) => void): void {
    if (this.#dead) return;
    this.#settle(this.#framer.feed(chunk, (line) => this.#emitLine(line, emit)), emit);
  }

  end(emit: (item: Item) => void): void {
    if (this.#dead) return;
    this.#settle(this.#framer.end((line) => this.#emitLine(line, emit)), emit);
  }

  #emitLine(line: Uint8Array, emit: (item: Item) => void): void {
    const item = this.#onLine(line);
    if (item !== undefined) emit(item);
  }

  #settle(outcome: "ok" | "overflow", emit: (item: Item) => void): void {
    if (outcome === "ok") return;
    this.#dead = true;
    emit(this.#onOverflow(lineTooLong(this.#framer.maxBytes)));
  }
}
