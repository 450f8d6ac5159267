// What waits to be sent to one peer: slices of shared blocks and whatever a shared log holds behind
// its cursor, in one order, capped in bytes. Pure; when and how they are written is connection.ts's
// business.

import type { Slice } from "../../protocol/block.ts";
import { SliceQueue } from "./slice_queue.ts";
import { type ByteCount, UNCOUNTED } from "./queue_memory.ts";
import type { SharedLog } from "./shared_log.ts";

const NOTHING = new Uint8Array(0);

/** One peer's queue. */
export class SendQueue {
  readonly #maxBytes: number;
  readonly #memory: ByteCount;
  /** What comes before the log's bytes; most of the time there is nothing, and it costs nothing. */
  #backlog: SliceQueue | undefined;
  #log: SharedLog | undefined;
  /** How far of the log is in the backlog, sent or passed over. */
  #cursor = 0;

  /** `maxBytes`: above it, `push` answers "overflow"; `memory` counts with others' queues. */
  constructor(maxBytes: number, memory: ByteCount = UNCOUNTED) {
    this.#maxBytes = maxBytes;
    this.#memory = memory;
  }

  /** Bytes to send, not yet consumed. */
  get bytes(): number {
    const waiting = this.#backlog === undefined ? 0 : this.#backlog.bytes;
    return this.#log === undefined ? waiting : waiting + this.#log.end - this.#cursor;
  }

  /** Those of them that are its own, and not its log's. */
  get ownBytes(): number {
    return this.#backlog === undefined ? 0 : this.#backlog.bytes;
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
  skipFrom(from: number): void {
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

  #append(slice: Slice): void {
    this.#backlog ??= new SliceQueue();
    this.#backlog.append(slice);
    this.#memory.add(slice.end - slice.start);
  }

  /**
   * The next bytes to write, at most `maxBytes`, left in the queue until they are consumed: a view
   * where one slice holds them, else a copy of several.
   */
  peek(maxBytes: number): Uint8Array<ArrayBuffer> {
    // Most of the time a reader has sent all there was before: then the log's own view does.
    if (this.#backlog === undefined) {
      if (this.#log === undefined || this.#log.end === this.#cursor) return NOTHING;
      return this.#log.view(this.#cursor, maxBytes);
    }
    this.#takeFromLog();
    return this.#backlog.peek(maxBytes);
  }

  /** Forgets the first `count` bytes: they have been written. */
  consume(count: number): void {
    if (this.#backlog === undefined) {
      this.#cursor += count;
      return;
    }
    this.#memory.add(-count);
    this.#backlog.consume(count);
    if (this.#backlog.bytes === 0) this.#backlog = undefined;
  }

  /** Drops everything, so that no block stays pinned; follows no log any more. */
  clear(): void {
    this.#log = undefined;
    if (this.#backlog !== undefined) this.#memory.add(-this.#backlog.bytes);
    this.#backlog = undefined;
  }
}
