// The wait for the next attempt in words, second by second where the reader can see them change. It
// knows no prompt and no connection.

import { Alarm, type Clock } from "../shared/clock.ts";

const SECOND_MS = 1_000;

/** Tells `show` what is waited for. */
export class ReconnectCountdown {
  readonly #clock: Clock;
  readonly #alarm: Alarm;
  readonly #show: (attempt: number, seconds: number) => void;
  readonly #ticks: boolean;

  /** Without `ticks` each wait is shown once: for a reader who sees each line for good. */
  constructor(
    clock: Clock,
    ticks: boolean,
    show: (attempt: number, seconds: number) => void,
  ) {
    this.#clock = clock;
    this.#alarm = new Alarm(clock);
    this.#ticks = ticks;
    this.#show = show;
  }

  /** Attempt number `attempt` comes in `ms` milliseconds. */
  start(attempt: number, ms: number): void {
    this.stop();
    const end = this.#clock.monotonic() + ms;
    const tick = (): void => {
      const left = end - this.#clock.monotonic();
      const seconds = Math.ceil(left / SECOND_MS);
      this.#show(attempt, Math.max(0, seconds));
      if (this.#ticks && seconds > 0) this.#alarm.set(left - (seconds - 1) * SECOND_MS, tick);
    };
    tick();
  }

  /** No more is shown. */
  stop(): void {
    this.#alarm.cancel();
  }
}
