// How much is said to everybody in one turn of the event loop, by all peers together: between two turns
// readers are written to, so that nobody is behind only because others said much at once.

import type { Limits } from "../limits/limits.ts";
import { BYTES_PER_TURN } from "../limits/tuning.ts";
import { nextTurn } from "../net/next_turn.ts";

/** Turns whose words a reader may be behind with before it is dropped, if they were Latin letters. */
const TURNS_BEHIND = 4;

/** Bytes that may be said in one turn. */
export function bytesPerTurn({ hardQueueBytes }: Pick<Limits, "hardQueueBytes">): number {
  return Math.min(BYTES_PER_TURN, hardQueueBytes / TURNS_BEHIND);
}

/** The turn of the event loop that it is now. */
export class TurnBudget {
  readonly #most: number;
  readonly #next: (begin: () => void) => void;
  #spent = 0;
  #number = 0;

  /** Takes `most` bytes a turn; `next` calls back when the next one begins. */
  constructor(most: number, next: (begin: () => void) => void = nextTurn) {
    this.#most = most;
    this.#next = next;
  }

  /** Which one it is: another number, another turn, if anything was said in the one before. */
  get number(): number {
    return this.#number;
  }

  /** Whether what is still to be said has to wait for the next one. */
  get isOver(): boolean {
    return this.#spent >= this.#most;
  }

  /** So many bytes were said. */
  spend(bytes: number): void {
    if (this.#spent === 0) {
      this.#next(() => {
        this.#spent = 0;
        this.#number++;
      });
    }
    this.#spent += bytes;
  }
}
