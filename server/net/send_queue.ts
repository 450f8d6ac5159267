// What waits to be sent to one peer: slices of shared blocks and whatever a shared log holds behind
// its cursor, in one order, capped in bytes. Pure; when and how they are written is connection.ts's
// business.

import type { Slice } from "../../protocol/block.ts";
import { type ByteCount, UNCOUNTED } from "./queue_memory.ts";
import type { SharedLog } from "./shared_log.ts";

/** Slices that may each pin a whole block before their bytes are copied into one of their own. */
const MAX_SHARED_SLICES = 32;

/** A first-in, first-out queue of slices; adjacent slices of one block become one. */
export class SendQueue {
  readonly #maxBytes: number;
  readonly #memory: ByteCount;
  #slices: { block: Uint8Array<ArrayBuffer>; start: number; end: number }[] = [];
  #head = 0;
  #bytes = 0;
  /** Slices at the end that are views of shared blocks. */
  #shared = 0;
  #log: SharedLog | undefined;
  /** How far of the log is among the slices, or passed over. */
  #cursor = 0;

  /** `maxBytes`: above it, `push` answers "overflow"; `memory` counts with others' queues. */
  constructor(maxBytes: number, memory: ByteCount = UNCOUNTED) {
    this.#maxBytes = maxBytes;
    this.#memory = memory;
  }

  /** Bytes to send, not yet consumed. */
  get bytes(): number {
    return this.#log === undefined ? this.#bytes : this.#bytes + this.#log.end - this.#cursor;
  }

  /** Those of them that are its own, and not its log's. */
  get heldBytes(): number {
    return this.#bytes;
  }

  /** Whether the log has grown by more than may wait. */
  get isOverfull(): boolean {
    return this.bytes > this.#maxBytes;
  }

  /** The log whose bytes are to be sent too. */
  get log(): SharedLog | undefined {
    return this.#log;
  }

  /** From now on sends what is appended to `log`; without one, only what there is by now. */
  follow(log: SharedLog | undefined): void {
    this.#takeFromLog();
    this.#log = log;
    this.#cursor = log?.end ?? 0;
  }

  /** Leaves out what was appended to the log from position `from` on. */
  passOver(from: number): void {
    if (this.#log === undefined) return;
    this.#takeFromLog(from);
    this.#cursor = this.#log.end;
  }

  /** Queues a slice, or refuses it whole when the cap would be exceeded. */
  push(slice: Slice): "queued" | "overflow" {
    if (this.bytes + slice.end - slice.start > this.#maxBytes) return "overflow";
    this.#takeFromLog();
    this.#append(slice);
    return "queued";
  }

  #takeFromLog(to: number = this.#log?.end ?? 0): void {
    if (this.#log === undefined || this.#cursor >= to) return;
    this.#log.read(this.#cursor, to, (slice) => this.#append(slice));
    this.#cursor = to;
  }

  #append({ block, start, end }: Slice): void {
    this.#bytes += end - start;
    this.#memory.add(end - start);
    const last = this.#slices.at(-1);
    if (last !== undefined && last.block === block && last.end === start) {
      last.end = end;
      return;
    }
    this.#slices.push({ block, start, end });
    if (++this.#shared === MAX_SHARED_SLICES) this.#copyShared();
  }

  /** Few bytes of many blocks would pin far more memory than the cap allows a slow reader. */
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
   * The next bytes to write, at most `maxBytes`, left in the queue until they are consumed: a view
   * where one slice holds them, else a copy of several.
   */
  peek(maxBytes: number): Uint8Array<ArrayBuffer> {
    // Most of the time a reader has sent all there was before: then the log's own view does.
    if (this.#bytes === 0 && this.#log !== undefined && this.#log.end > this.#cursor) {
      return this.#log.view(this.#cursor, maxBytes);
    }
    this.#takeFromLog();
    const first = this.#slices[this.#head];
    if (first === undefined) return new Uint8Array(0);
    const length = first.end - first.start;
    if (length >= maxBytes || this.#head === this.#slices.length - 1) {
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

  /** Forgets the first `count` bytes: they have been written. */
  consume(count: number): void {
    if (this.#bytes === 0) {
      this.#cursor += count;
      return;
    }
    this.#bytes -= count;
    this.#memory.add(-count);
    let left = count;
    while (left > 0) {
      const slice = this.#slices[this.#head];
      if (slice === undefined) return;
      const length = slice.end - slice.start;
      if (left < length) {
        slice.start += left;
        return;
      }
      left -= length;
      this.#head++;
    }
    if (this.#head === this.#slices.length) this.#forget();
    else if (this.#head > MAX_SHARED_SLICES) {
      this.#slices = this.#slices.slice(this.#head);
      this.#head = 0;
    }
  }

  /** Drops everything, so that no block stays pinned; follows no log any more. */
  clear(): void {
    this.#log = undefined;
    this.#forget();
  }

  #forget(): void {
    if (this.#bytes > 0) this.#memory.add(-this.#bytes);
    this.#slices = [];
    this.#head = 0;
    this.#bytes = 0;
    this.#shared = 0;
  }
}
