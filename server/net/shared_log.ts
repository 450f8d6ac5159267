// A log of broadcast bytes that many connections share: encoded once, stored once, and sent by each
// from its own cursor, so that slow readers share one backlog. Pure.

import { BlockWriter, type Slice } from "../../protocol/block.ts";
import type { Flushable } from "./flusher.ts";
import { type ByteCount, UNCOUNTED } from "./queue_memory.ts";

/** A connection that sends a log. */
export interface Follower extends Flushable {
  /** Closes the connection if it has more unsent bytes than it may. */
  checkBacklog(): void;
}

/** Options of a {@linkcode SharedLog}. */
export interface SharedLogOptions {
  /** Bytes a follower may lag behind; the log stores somewhat more. */
  readonly maxLagBytes: number;
  /** Counts the stored bytes. */
  readonly memory?: ByteCount;
  /** Called when the followers have new bytes to send. */
  readonly wake: (followers: ReadonlySet<Follower>) => void;
}

/** Checks of all followers while the log grows by `maxLagBytes`. */
const CHECKS_PER_LAG = 16;

/** Contiguous bytes of one block; `position` is their place in the log. */
interface Segment {
  readonly block: Slice["block"];
  readonly start: number;
  end: number;
  readonly position: number;
}

/** `bytes`: the log from `from` on when it ended at `end`. */
interface View {
  readonly from: number;
  readonly end: number;
  readonly maxBytes: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** An append-only log of bytes; positions count from 0 and are never reused. */
export class SharedLog {
  readonly #options: SharedLogOptions;
  readonly #checkEvery: number;
  readonly #memory: ByteCount;
  readonly #writer = new BlockWriter();
  readonly #followers = new Set<Follower>();
  /** Oldest first; the last one grows. */
  #segments: Segment[] = [];
  #end = 0;
  /** Position of the oldest stored byte. */
  #start = 0;
  #checkAt: number;
  /** The last view returned. */
  #viewed: View | undefined;

  constructor(options: SharedLogOptions) {
    this.#options = options;
    this.#memory = options.memory ?? UNCOUNTED;
    this.#checkEvery = Math.max(1, Math.floor(options.maxLagBytes / CHECKS_PER_LAG));
    this.#checkAt = this.#checkEvery;
  }

  /** The position after the newest byte. */
  get end(): number {
    return this.#end;
  }

  get size(): number {
    return this.#followers.size;
  }

  /** Wakes `follower` from now on when there is more, and checks its backlog. */
  add(follower: Follower): void {
    this.#followers.add(follower);
  }

  /** Removes a follower; the last one takes with it what was stored for them. */
  remove(follower: Follower): void {
    this.#followers.delete(follower);
    if (this.#followers.size > 0) return;
    this.#segments = [];
    this.#viewed = undefined;
    this.#keepFrom(this.#end);
  }

  /** Appends what `write` writes; returns whether it wrote anything. */
  append(write: (out: BlockWriter) => void): boolean {
    this.#writer.begin();
    write(this.#writer);
    const slice = this.#writer.end();
    if (slice === undefined) return false;
    const { block, start, end } = slice;
    const last = this.#segments.at(-1);
    if (last !== undefined && last.block === block && last.end === start) last.end = end;
    else this.#segments.push({ block, start, end, position: this.#end });
    this.#end += end - start;
    this.#memory.add(end - start);
    if (this.#end >= this.#checkAt) this.#check();
    this.#options.wake(this.#followers);
    return true;
  }

  /**
   * At most `maxBytes` contiguous bytes from position `from` on, which must still be stored.
   * Followers at the same position get the same view: making one takes as long as sending it.
   */
  view(from: number, maxBytes: number): Uint8Array<ArrayBuffer> {
    const last = this.#viewed;
    if (last?.from === from && last.end === this.#end && last.maxBytes === maxBytes) {
      return last.bytes;
    }
    const { block, start, end, position } = this.#segmentAt(this.#indexOf(from), from);
    const first = start + from - position;
    const bytes = block.subarray(first, Math.min(end, first + maxBytes));
    this.#viewed = { from, end: this.#end, maxBytes, bytes };
    return bytes;
  }

  /**
   * Calls `take` with the bytes from position `from`, which must still be stored, to `to`
   * (exclusive).
   */
  read(from: number, to: number, take: (slice: Slice) => void): void {
    let index = this.#indexOf(from);
    for (let at = from; at < to; index++) {
      const segment = this.#segmentAt(index, at);
      const start = segment.start + at - segment.position;
      const end = Math.min(segment.end, start + to - at);
      take({ block: segment.block, start, end });
      at += end - start;
    }
  }

  /** Index of the segment that holds position `at`. */
  #indexOf(at: number): number {
    let index = this.#segments.length - 1;
    while (index > 0 && (this.#segments[index]?.position ?? 0) > at) index--;
    return index;
  }

  #segmentAt(index: number, at: number): Segment {
    const segment = this.#segments[index];
    if (segment === undefined || segment.position > at) {
      throw new RangeError(`Read at ${at}: the log no longer holds that`);
    }
    return segment;
  }

  /** Closes followers that lag too far behind, and drops what all others have sent. */
  #check(): void {
    this.#checkAt = this.#end + this.#checkEvery;
    for (const follower of this.#followers) follower.checkBacklog();
    const oldest = this.#end - this.#options.maxLagBytes - this.#checkEvery;
    const kept = this.#segments.findIndex(({ position, start, end }) =>
      position + end - start > oldest
    );
    if (kept <= 0) return;
    this.#segments.splice(0, kept);
    this.#keepFrom(this.#segments[0]?.position ?? this.#end);
  }

  #keepFrom(position: number): void {
    this.#memory.add(this.#start - position);
    this.#start = position;
  }
}
