// The decoder of all line dialects: frames lines, maps each line to an item, and stops at the first
// line over the cap.

import type { Decoder } from "./dialect.ts";
import type { Failure } from "./failures.ts";
import { LineFramer, lineTooLong } from "./framing.ts";

/** Decodes lines into items; base class of decoders that have state. */
export abstract class LineReader<Item> implements Decoder<Item> {
  readonly #framer: LineFramer;
  #dead = false;

  /** `maxBytes` is the longest line, without its ending. */
  constructor(maxBytes: number) {
    this.#framer = new LineFramer(maxBytes);
  }

  /** The item of a line, or several; undefined if the line has none. */
  protected abstract read(line: Uint8Array): Item | readonly Item[] | undefined;

  /** The item that reports a line over the cap. */
  protected abstract refuse(failure: Failure): Item;

  feed(chunk: Uint8Array, emit: (item: Item) => void): void {
    if (this.#dead) return;
    this.#settle(this.#framer.feed(chunk, (line) => this.#emitLine(line, emit)), emit);
  }

  end(emit: (item: Item) => void, cuts?: readonly number[]): void {
    if (this.#dead) return;
    this.#settle(this.#framer.end((line) => this.#emitLine(line, emit), cuts), emit);
  }

  get pendingBytes(): number {
    return this.#framer.pendingBytes;
  }

  get endsLines(): boolean {
    return this.#framer.endsLines;
  }

  /** The start of a line whose end has not arrived. */
  protected get unfinished(): Uint8Array {
    return this.#framer.unfinished;
  }

  /** See {@linkcode Decoder.pause}. */
  pause(emit: (item: Item) => void): void {
    if (this.unfinished.length > 0) this.end(emit); // what still comes of its ending is no line
  }

  #emitLine(line: Uint8Array, emit: (item: Item) => void): void {
    const item = this.read(line);
    if (Array.isArray(item)) item.forEach((each) => emit(each));
    else if (item !== undefined) emit(item as Item);
    this.afterLine(emit);
  }

  /** Called after each line. */
  protected afterLine(_emit: (item: Item) => void): void {}

  #settle(outcome: "ok" | "overflow", emit: (item: Item) => void): void {
    if (outcome === "ok") return;
    this.#dead = true;
    emit(this.refuse(lineTooLong(this.#framer.maxBytes)));
  }
}

/** Decodes lines with functions; `onLine` returns undefined for a line that has no item. */
export class LineDecoder<Item> extends LineReader<Item> {
  readonly #onLine: (line: Uint8Array) => Item | undefined;
  readonly #onOverflow: (failure: Failure) => Item;

  /** `maxBytes` is the longest line; `onOverflow` makes the item that reports a longer one. */
  constructor(
    maxBytes: number,
    onLine: (line: Uint8Array) => Item | undefined,
    onOverflow: (failure: Failure) => Item,
  ) {
    super(maxBytes);
    this.#onLine = onLine;
    this.#onOverflow = onOverflow;
  }

  /** As {@linkcode pause}, unless `waits` says that the end of this start of a line will come. */
  pauseUnless(waits: (start: Uint8Array) => boolean, emit: (item: Item) => void): void {
    if (!waits(this.unfinished)) this.pause(emit);
  }

  protected override read(line: Uint8Array): Item | undefined {
    return this.#onLine(line);
  }

  protected override refuse(failure: Failure): Item {
    return this.#onOverflow(failure);
  }
}
