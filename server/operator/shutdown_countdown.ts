// The announced stop (R43, D10): when it is told and when it falls. Knows neither the chat nor sockets.

import type { Clock, Timer } from "../../shared/clock.ts";

/** Seconds left at which everyone is reminded, besides the start. */
const REMINDERS: readonly number[] = [60, 30, 10, 5, 4, 3, 2, 1];

/** What a countdown needs. */
export interface ShutdownCountdownOptions {
  readonly clock: Clock;
  /** Tells everyone how many seconds are left; `null` when it was called off. */
  readonly tell: (seconds: number | null) => void;
  readonly stop: () => void;
}

/** At most one countdown at a time. */
export class ShutdownCountdown {
  readonly #options: ShutdownCountdownOptions;
  #endsAt: number | undefined;
  #timer: Timer | undefined;

  constructor(options: ShutdownCountdownOptions) {
    this.#options = options;
  }

  /** Whole seconds left, rounded up; `null` when nothing is announced. */
  get secondsLeft(): number | null {
    if (this.#endsAt === undefined) return null;
    return Math.max(0, Math.ceil((this.#endsAt - this.#options.clock.monotonic()) / 1000));
  }

  /** Starts counting from `seconds`; tells whether it replaced an earlier countdown. */
  start(seconds: number): { readonly replaced: boolean } {
    const replaced = this.#endsAt !== undefined;
    this.#timer?.cancel();
    this.#endsAt = this.#options.clock.monotonic() + seconds * 1000;
    this.#options.tell(seconds);
    this.#await(seconds);
    return { replaced };
  }

  /** Calls it off; false when there was nothing to call off. */
  cancel(): boolean {
    if (this.#endsAt === undefined) return false;
    this.end();
    this.#options.tell(null);
    return true;
  }

  /** Forgets the countdown without a word: the server is stopping. */
  end(): void {
    this.#timer?.cancel();
    this.#endsAt = undefined;
  }

  /** Waits for the next reminder below `seconds`, or for the end. */
  #await(seconds: number): void {
    const next = REMINDERS.find((reminder) => reminder < seconds) ?? 0;
    const at = (this.#endsAt ?? 0) - next * 1000;
    const ms = Math.max(0, at - this.#options.clock.monotonic());
    this.#timer = this.#options.clock.after(ms, () => {
      if (next === 0) return this.#options.stop();
      this.#options.tell(next);
      this.#await(next);
    });
  }
}
