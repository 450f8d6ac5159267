// The bytes to be sent to one client: its own slices and the rest of a shared log, in one order,
// capped in bytes. Pure.

import type { Slice } from "../../protocol/block.ts";
import { SliceQueue } from "./slice_queue.ts";
import { type ByteCount, UNCOUNTED } from "./queue_memory.ts";
import type { SharedLog } from "./shared_log.ts";

const NOTHING = new Uint8Array(0);

/** The send queue of one client. */
export class SendQueue {
  readonly #maxBytes: number;
  readonly #memory: ByteCount;
  /** Bytes that go before the log's; undefined most of the time, which saves memory. */
  #backlog: SliceQueue | undefined;
  #log: SharedLog | undefined;
  /** The log's position up to which bytes were sent, skipped or copied to the backlog. */
  #cursor = 0;

  /** `maxBytes`: above it, `push` returns "overflow"; `memory` counts the bytes of all queues. */
  constructor(maxBytes: number, memory: ByteCount = UNCOUNTED) {
    this.#maxBytes = maxBytes;
    this.#memory = memory;
  }

  /** Bytes to send, not yet consumed. */
  get bytes(): number {
    const waiting = this.#backlog === undefined ? 0 : this.#backlog.bytes;
    return this.#log === undefined ? waiting : waiting + this.#log.end - this.#cursor;
  }

  /** Bytes kept in memory for this client only, excluding the shared log. */
  get ownBytes(): number {
    return this.#backlog === undefined ? 0 : this.#backlog.pinnedBytes;
  }

  /** Whether more bytes are unsent than the cap allows, because the log has grown. */
  get isOverfull(): boolean {
    return this.bytes > this.#maxBytes;
  }

  /** The log that is followed, if any. */
  get log(): SharedLog | undefined {
    return this.#log;
  }

  /**
   * Sends what is appended to `log` from now on; undefined ends that with what the log holds by
   * now.
   */
  follow(log: SharedLog | undefined): void {
    this.#takeFromLog();
    this.#log = log;
    this.#cursor = log?.end ?? 0;
  }

  /** Skips what was appended to the log from position `from` on. */
  skipFrom(from: number): void {
    if (this.#log === undefined) return;
    this.#takeFromLog(from);
    this.#cursor = this.#log.end;
  }

  /** Queues a slice, or refuses it whole if it would exceed the cap. */
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
   * The next bytes to write, at most `maxBytes`; they stay in the queue until consumed. A view if
   * one slice holds them, else a copy of several.
   */
  peek(maxBytes: number): Uint8Array<ArrayBuffer> {
    // Most of the time all before the log is sent: the log's own view does.
    if (this.#backlog === undefined) {
      if (this.#log === undefined || this.#log.end === this.#cursor) return NOTHING;
      return this.#log.view(this.#cursor, maxBytes);
    }
    this.#takeFromLog();
    return this.#backlog.peek(maxBytes);
  }

  /** Removes the first `count` bytes: they have been written. */
  consume(count: number): void {
    if (this.#backlog === undefined) {
      this.#cursor += count;
      return;
    }
    const before = this.ownBytes;
    this.#backlog.consume(count);
    if (this.#backlog.bytes === 0) this.#backlog = undefined;
    this.#memory.add(this.ownBytes - before);
  }

  /** Drops everything, so that no block stays pinned, and follows no log any more. */
  clear(): void {
    this.#log = undefined;
    this.#memory.add(-this.ownBytes);
    this.#backlog = undefined;
  }
}
