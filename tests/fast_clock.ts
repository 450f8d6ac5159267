// Time that runs faster than the machine's, for tests in which real sockets and pauses meet. A machine
// that is busy elsewhere slows it down: each step is a round of the event loop.

import { FakeClock } from "./fake_clock_and_socket.ts";

/** The machine's time between two steps of the clock, in milliseconds. */
const STEP_MS = 1;

/** A clock that moves by a few milliseconds in each millisecond, while something waits for it. */
export class FastClock extends FakeClock {
  readonly #speed: number;
  #isTicking = false;

  /** `speed`: milliseconds of this clock for one of the machine's, at most. */
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
