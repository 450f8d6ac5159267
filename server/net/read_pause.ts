// Why a connection receives nothing for now: until its peer has read, or for a while. One at a time.

import type { Clock, Timer } from "../../shared/clock.ts";

/** What a connection that is held back waits for, and how it goes on. */
export class ReadPause {
  readonly #clock: Clock;
  #goOn: (() => void) | undefined;
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether it ends by itself. */
  get isTimed(): boolean {
    return this.#timer !== undefined;
  }

  /** Waits for {@linkcode release}. */
  untilReleased(goOn: () => void): void {
    this.#goOn = goOn;
  }

  /** Waits for `ms` milliseconds, which may be Infinity, or {@linkcode release}. */
  forMs(ms: number, goOn: () => void): void {
    if (ms === Infinity) return this.untilReleased(goOn);
    this.#goOn = goOn;
    this.#timer = this.#clock.after(ms, () => {
      this.#timer = undefined;
      this.#goOn = undefined;
      goOn();
    });
  }

  /** Goes on, if something waits. */
  release(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#goOn === undefined) return;
    // Not now: another connection may be in the middle of a chunk, whose buffer is everybody's.
    queueMicrotask(this.#goOn);
    this.#goOn = undefined;
  }
}
