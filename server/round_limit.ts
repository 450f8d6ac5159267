// Stops a server after a number of rounds (R15, D7): counts them and calls back after the last one.

import type { NoticeTexts } from "../texts/texts.ts";

/** Counts up to a limit; without one it is never reached. */
export class RoundLimit {
  readonly #limit: number;
  readonly #onOver: () => void;
  #count = 0;

  /** `onOver` is called once, after the last round is finished. */
  constructor(limit: number | undefined, onOver: () => void) {
    this.#limit = limit ?? Infinity;
    this.#onOver = onOver;
  }

  /** Whether the limit is reached: nothing more is to be accepted. */
  get isReached(): boolean {
    return this.#count >= this.#limit;
  }

  /** Counts one round. */
  count(): void {
    if (this.isReached) return;
    this.#count++;
    // Later, so that the last one is finished first: a message is delivered and acknowledged.
    if (this.isReached) queueMicrotask(this.#onOver);
  }

  /** One line for the operator once the limit is reached. */
  text(texts: Pick<NoticeTexts, "roundsOver">): string {
    return texts.roundsOver(this.#limit);
  }
}
