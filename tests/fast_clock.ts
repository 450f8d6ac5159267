// Time that runs faster than the machine's, for tests with real sockets and long pauses. A busy
// machine slows it down: each step is a turn of the event loop.

import { FakeClock } from "./fake_clock_and_socket.ts";

/** Real time between two steps of the clock, in milliseconds. */
const STEP_MS = 1;

/** A clock that moves by several milliseconds per real millisecond, while a timer is set. */
export class FastClock extends FakeClock {
  readonly #speed: number;
  #isTicking = false;

  /** `speed`: milliseconds of this clock per real millisecond, at most. */
  constructor(speed = 20) {
    super();
    this.#speed = speed;
  }

  override after(...args: Parameters<FakeClock["after"]>): ReturnType<FakeClock["after"]> {
    const timer = super.after(...args);
    this.#tick();
    return timer;
  }

  #tick(): void {
    if (this.#isTicking || this.pending === 0) return;
    this.#isTicking = true;
    setTimeout(() => {
      this.#isTicking = false;
      this.advance(this.#speed);
      this.#tick();
    }, STEP_MS);
  }
}
