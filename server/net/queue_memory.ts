// How many bytes wait for all peers together, and that they do not grow beyond what is allowed. Knows
// neither queues nor peers: they count here, and somebody else makes room.

import type { Limits } from "../limits/limits.ts";
import { nextTurn } from "./next_turn.ts";

/** Where a queue counts its bytes. */
export interface ByteCount {
  /** So many more, or fewer when `bytes` is negative. */
  add(bytes: number): void;
}

/** For queues that nobody counts. */
export const UNCOUNTED: ByteCount = { add: () => {} };

/** Whoever has bytes waiting, and can be dropped with them. */
export interface QueueOwner {
  /** Bytes that are let go of with it. */
  readonly ownBytes: number;
  destroy(reason: "slow"): void;
}

/** The bytes of one server. */
export class QueueMemory implements ByteCount {
  readonly #limits: Pick<Limits, "totalQueueBytes">;
  readonly #peers: () => Iterable<QueueOwner>;
  #bytes = 0;
  #due = false;

  /** `peers` are those to choose from when there are too many bytes. */
  constructor(limits: Pick<Limits, "totalQueueBytes">, peers: () => Iterable<QueueOwner>) {
    this.#limits = limits;
    this.#peers = peers;
  }

  /** Bytes that wait now; what is both in a shared log and in a peer's own queue counts twice. */
  get bytes(): number {
    return this.#bytes;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    if (bytes <= 0 || this.#due || this.#bytes <= this.#limits.totalQueueBytes) return;
    // Not now: whoever counts is in the middle of giving something to many.
    this.#due = true;
    nextTurn(() => {
      this.#due = false;
      this.#relieve();
    });
  }

  /** Drops those with most first, until the others fit. */
  #relieve(): void {
    const heaviest = [...this.#peers()].filter(({ ownBytes }) => ownBytes > 0)
      .sort((one, other) => other.ownBytes - one.ownBytes);
    for (const peer of heaviest) {
      if (this.#bytes <= this.#limits.totalQueueBytes) return;
      peer.destroy("slow");
    }
  }
}
