// The decoder of every dialect made of lines: a framer, a way from line to item, and silence once the
// stream cannot be trusted any more. Pure.

import type { Decoder } from "./dialect.ts";
import type { Failure } from "./failures.ts";
import { LineFramer, lineTooLong } from "./framing.ts";

/** Turns lines into items, for decoders that remember something from line to line. */
export abstract class LineReader<Item> implements Decoder<Item> {
  readonly #framer: LineFramer;
  #dead = false;

  /** `maxBytes` caps a line. */
  constructor(maxBytes: number) {
    this.#framer = new LineFramer(maxBytes);
  }

  /** The item of a line; nothing for one that means nothing. */
  protected abstract read(line: Uint8Array): Item | undefined;

  /** The one item that says that a line was too long. */
  protected abstract refuse(failure: Failure): Item;

  feed(chunk: Uint8Array, emit: (item: Item) => void): void {
    if (this.#dead) return;
    this.#settle(this.#framer.feed(chunk, (line) => this.#emitLine(line, emit)), emit);
  }

  end(emit: (item: Item) => void): void {
    if (this.#dead) return;
    this.#settle(this.#framer.end((line) => this.#emitLine(line, emit)), emit);
  }

  #emitLine(line: Uint8Array, emit: (item: Item) => void): void {
    const item = this.read(line);
    if (item !== undefined) emit(item);
  }

  #settle(outcome: "ok" | "overflow", emit: (item: Item) => void): void {
    if (outcome === "ok") return;
    this.#dead = true;
    emit(this.refuse(lineTooLong(this.#framer.maxBytes)));
  }
}

/** Turns lines into items by functions; `onLine` may answer nothing for a line that means nothing. */
export class LineDecoder<Item> extends LineReader<Item> {
  readonly #onLine: (line: Uint8Array) => Item | undefined;
  readonly #onOverflow: (failure: Failure) => Item;

  /** `maxBytes` caps a line; `onOverflow` makes the one item that says so. */
  constructor(
    maxBytes: number,
    onLine: (line: Uint8Array) => Item | undefined,
    onOverflow: (failure: Failure) => Item,
  ) {
    super(maxBytes);
    this.#onLine = onLine;
    this.#onOverflow = onOverflow;
  }

  protected override read(line: Uint8Array): Item | undefined {
    return this.#onLine(line);
  }

  protected override refuse(failure: Failure): Item {
    return this.#onOverflow(failure);
  }
}
