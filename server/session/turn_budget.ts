// Limits the text that all peers together send in one turn of the event loop: readers are written
// to between turns, so none falls behind only because many send at the same time.

import type { Limits } from "../limits/limits.ts";
import { BYTES_PER_TURN } from "../limits/tuning.ts";
import { nextTurn } from "../net/next_turn.ts";

/** Turns whose text, if it is ASCII, a reader may lag behind before it is dropped. */
const TURNS_OF_LAG = 4;

/** Bytes that may be sent in one turn. */
export function bytesPerTurn({ hardQueueBytes }: Pick<Limits, "hardQueueBytes">): number {
  return Math.min(BYTES_PER_TURN, hardQueueBytes / TURNS_OF_LAG);
}

/** The budget of the current turn of the event loop. */
export class TurnBudget {
  readonly #most: number;
  readonly #next: (begin: () => void) => void;
  #spent = 0;
  #number = 0;

  /** Allows `most` bytes a turn; `next` calls back when the next turn begins. */
  constructor(most: number, next: (begin: () => void) => void = nextTurn) {
    this.#most = most;
    this.#next = next;
  }

  /** Number of the turn; it changes with each turn that follows one in which bytes were spent. */
  get number(): number {
    return this.#number;
  }

  /** Whether the budget of this turn is used up. */
  get isOver(): boolean {
    return this.#spent >= this.#most;
  }

  /** Spends `bytes` of the budget. */
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
