// Counts the bytes queued for all clients together, and closes the connections with most when the
// total exceeds its limit.

import type { Limits } from "../limits/limits.ts";
import { nextTurn } from "./next_turn.ts";

/** Counts the bytes of queues. */
export interface ByteCount {
  /** Adds `bytes`, which may be negative. */
  add(bytes: number): void;
}

/** Counts nothing, for queues outside a server. */
export const UNCOUNTED: ByteCount = { add: () => {} };

/** A connection with queued bytes. */
export interface QueueOwner {
  /** Bytes that closing it frees. */
  readonly ownBytes: number;
  destroy(reason: "slow"): void;
}

/** The queued bytes of one server. */
export class QueueMemory implements ByteCount {
  readonly #limits: Pick<Limits, "totalQueueBytes">;
  readonly #peers: () => Iterable<QueueOwner>;
  #bytes = 0;
  #due = false;

  /** `peers`: the connections to choose from when there are too many bytes. */
  constructor(limits: Pick<Limits, "totalQueueBytes">, peers: () => Iterable<QueueOwner>) {
    this.#limits = limits;
    this.#peers = peers;
  }

  /** Bytes queued now; bytes both in a shared log and in a connection's own queue count twice. */
  get bytes(): number {
    return this.#bytes;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    if (bytes <= 0 || this.#due || this.#bytes <= this.#limits.totalQueueBytes) return;
    // Deferred: the caller is in the middle of a broadcast.
    this.#due = true;
    nextTurn(() => {
      this.#due = false;
      this.#relieve();
    });
  }

  /** Closes the connections with most bytes first, until the rest is within the limit. */
  #relieve(): void {
    const heaviest = [...this.#peers()].filter(({ ownBytes }) => ownBytes > 0)
      .sort((one, other) => other.ownBytes - one.ownBytes);
    for (const peer of heaviest) {
      if (this.#bytes <= this.#limits.totalQueueBytes) return;
      peer.destroy("slow");
    }
  }
}
