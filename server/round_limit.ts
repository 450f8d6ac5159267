// A server for so many rounds (R15, D7): counts what happens and tells when it was enough. It knows
// nothing of what a round is; whoever counts decides.

import type { NoticeTexts } from "../texts/texts.ts";

/** Counts up to a number of rounds; without a number, for ever. */
export class RoundLimit {
  readonly #limit: number;
  readonly #onOver: () => void;
  #count = 0;

  /** `onOver` is called once, behind whatever the last round has begun. */
  constructor(limit: number | undefined, onOver: () => void) {
    this.#limit = limit ?? Infinity;
    this.#onOver = onOver;
  }

  /** Whether nothing more is to be taken. */
  get isReached(): boolean {
    return this.#count >= this.#limit;
  }

  /** One more thing has happened. */
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
