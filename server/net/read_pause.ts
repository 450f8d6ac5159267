// Pauses one connection's receiving until it is released, or for a time.

import type { Clock, Timer } from "../../shared/clock.ts";

/** At most one pause at a time, with the work that follows it. */
export class ReadPause {
  readonly #clock: Clock;
  #resume: (() => void) | undefined;
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the pause ends by itself. */
  get isTimed(): boolean {
    return this.#timer !== undefined;
  }

  /** Calls `resume` after {@linkcode release}. */
  untilReleased(resume: () => void): void {
    this.#resume = resume;
  }

  /**
   * Calls `resume` after `ms` milliseconds, which may be Infinity, or after {@linkcode release}.
   */
  forMs(ms: number, resume: () => void): void {
    if (ms === Infinity) return this.untilReleased(resume);
    this.#resume = resume;
    this.#timer = this.#clock.after(ms, () => {
      this.#timer = undefined;
      this.#resume = undefined;
      resume();
    });
  }

  /** Ends the pause, if there is one. */
  release(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#resume === undefined) return;
    // Not now: another connection may be in the middle of a chunk, whose buffer is everybody's.
    queueMicrotask(this.#resume);
    this.#resume = undefined;
  }
}
