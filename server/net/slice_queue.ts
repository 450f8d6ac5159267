// A queue of slices of shared blocks, in the order in which they are to be sent. Pure.

import type { Slice } from "../../protocol/block.ts";

/** Most queued slices that pin a whole block each; more are copied into a block of their own. */
const MAX_SHARED_SLICES = 32;

/**
 * Bytes of a slice that is written alone, as a copy would stay in memory while a reader stalls, and
 * that counts as a whole while it is sent: hardly another reader shares its block.
 */
const LARGE_BYTES = 16 * 1024;

/** In place of a slice that has been sent. */
const SENT = { block: new Uint8Array(0), start: 0, end: 0 };

/** A first-in, first-out queue; adjacent slices of one block become one. */
export class SliceQueue {
  #slices: { block: Uint8Array<ArrayBuffer>; start: number; end: number }[] = [];
  #head = 0;
  #bytes = 0;
  /** Bytes of the first slice that have been consumed, if it is large. */
  #consumed = 0;
  /** Number of slices at the end that are views of shared blocks. */
  #shared = 0;

  /** Bytes to send, not yet consumed. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes kept in memory: a large slice that is sent in part is kept whole (A6). */
  get pinnedBytes(): number {
    return this.#bytes + this.#consumed;
  }

  append({ block, start, end }: Slice): void {
    this.#bytes += end - start;
    const last = this.#slices.at(-1);
    if (last !== undefined && last.block === block && last.end === start) {
      last.end = end;
      return;
    }
    this.#slices.push({ block, start, end });
    if (++this.#shared === MAX_SHARED_SLICES) this.#copyShared();
  }

  /**
   * Copies the shared slices: few bytes of many blocks would pin far more memory than the cap
   * allows.
   */
  #copyShared(): void {
    const from = Math.max(this.#head, this.#slices.length - this.#shared);
    const shared = this.#slices.splice(from);
    const length = shared.reduce((sum, slice) => sum + slice.end - slice.start, 0);
    const block = new Uint8Array(length);
    let at = 0;
    for (const slice of shared) {
      block.set(slice.block.subarray(slice.start, slice.end), at);
      at += slice.end - slice.start;
    }
    this.#slices.push({ block, start: 0, end: length });
    this.#shared = 0;
  }

  /**
   * The next bytes, at most `maxBytes`: a view of the first slice if it holds them, or enough for
   * one write, else a copy of several slices.
   */
  peek(maxBytes: number): Uint8Array<ArrayBuffer> {
    const first = this.#slices[this.#head];
    if (first === undefined) return new Uint8Array(0);
    const length = first.end - first.start;
    if (length >= Math.min(maxBytes, LARGE_BYTES) || this.#head === this.#slices.length - 1) {
      return first.block.subarray(first.start, first.start + Math.min(length, maxBytes));
    }
    const joined = new Uint8Array(Math.min(this.#bytes, maxBytes));
    let at = 0;
    for (let index = this.#head; at < joined.length; index++) {
      const slice = this.#slices[index];
      if (slice === undefined) break;
      const take = Math.min(slice.end - slice.start, joined.length - at);
      joined.set(slice.block.subarray(slice.start, slice.start + take), at);
      at += take;
    }
    return joined;
  }

  /** Removes the first `count` bytes: they have been written. */
  consume(count: number): void {
    this.#bytes -= count;
    let left = count;
    while (left > 0) {
      const slice = this.#slices[this.#head];
      if (slice === undefined) return;
      const length = slice.end - slice.start;
      if (left < length) {
        slice.start += left;
        if (length >= LARGE_BYTES || this.#consumed > 0) this.#consumed += left;
        return;
      }
      left -= length;
      this.#consumed = 0;
      this.#slices[this.#head++] = SENT; // what has been sent must not keep its block
    }
    if (this.#head > MAX_SHARED_SLICES) {
      this.#slices = this.#slices.slice(this.#head);
      this.#head = 0;
    }
  }
}
