// The seconds until the next attempt to reconnect, updated each second where the terminal can
// redraw.

import { Alarm, type Clock } from "../shared/clock.ts";

const SECOND_MS = 1_000;

/** Calls `show` with the number of the attempt and the seconds until it, 0 while it is made. */
export class ReconnectCountdown {
  readonly #clock: Clock;
  readonly #alarm: Alarm;
  readonly #show: (attempt: number, seconds: number) => void;
  readonly #ticks: boolean;

  /** Without `ticks` each wait is shown once, for a terminal where every line stays. */
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

  /** Stops the updates. */
  stop(): void {
    this.#alarm.cancel();
  }
}
