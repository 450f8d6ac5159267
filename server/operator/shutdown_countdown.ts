// The countdown of an announced shutdown (R43, D10): reminds at fixed times, then stops the server.

import type { Clock, Timer } from "../../shared/clock.ts";

/** Seconds left at which everyone is reminded, in addition to the start. */
const REMINDERS: readonly number[] = [60, 30, 10, 5, 4, 3, 2, 1];

export interface ShutdownCountdownOptions {
  readonly clock: Clock;
  /** Announces to everyone how many seconds are left; `null` after a cancellation. */
  readonly tell: (seconds: number | null) => void;
  /** Called when no time is left. */
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

  /** Whole seconds left, rounded up; `null` if no shutdown is announced. */
  get secondsLeft(): number | null {
    if (this.#endsAt === undefined) return null;
    return Math.max(0, Math.ceil((this.#endsAt - this.#options.clock.monotonic()) / 1000));
  }

  /** Starts a countdown of `seconds`; returns whether it replaced an earlier one. */
  start(seconds: number): { readonly replaced: boolean } {
    const replaced = this.#endsAt !== undefined;
    this.#timer?.cancel();
    this.#endsAt = this.#options.clock.monotonic() + seconds * 1000;
    this.#options.tell(seconds);
    this.#schedule(seconds);
    return { replaced };
  }

  /** Cancels the countdown and announces that; returns false if there was none. */
  cancel(): boolean {
    if (this.#endsAt === undefined) return false;
    this.end();
    this.#options.tell(null);
    return true;
  }

  /** Drops the countdown without an announcement: the server is stopping. */
  end(): void {
    this.#timer?.cancel();
    this.#endsAt = undefined;
  }

  /** Sets the timer for the next reminder below `seconds`, or for the end. */
  #schedule(seconds: number): void {
    const next = REMINDERS.find((reminder) => reminder < seconds) ?? 0;
    const at = (this.#endsAt ?? 0) - next * 1000;
    const ms = Math.max(0, at - this.#options.clock.monotonic());
    this.#timer = this.#options.clock.after(ms, () => {
      if (next === 0) return this.#options.stop();
      this.#options.tell(next);
      this.#schedule(next);
    });
  }
}
