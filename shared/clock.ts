// Clocks and timers, injected so that tests need not wait.

/** A timer; cancelling it twice does nothing. */
export interface Timer {
  cancel(): void;
}

/** A source of time. */
export interface Clock {
  /** Milliseconds since the epoch, for display; the system's user may set it forward or back. */
  now(): number;
  /** Milliseconds since some fixed moment, for measuring durations. */
  monotonic(): number;
  /** Calls `fire` once after `ms` milliseconds. */
  after(ms: number, fire: () => void): Timer;
}

/** The system's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, fire) {
    const id = setTimeout(fire, ms);
    return { cancel: () => clearTimeout(id) };
  },
};

/** One timer at a time: setting it cancels the one before. */
export class Alarm {
  readonly #clock: Clock;
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `fire` once after `ms` milliseconds, unless set again or cancelled before. */
  set(ms: number, fire: () => void): void {
    this.cancel();
    this.#timer = this.#clock.after(ms, fire);
  }

  /**
   * The same after `ms` of silence. If the timer is late, the event loop was busy and has not read
   * what was received meanwhile: then the wait begins again.
   */
  setForSilence(ms: number, fire: () => void): void {
    const due = this.#clock.monotonic() + ms;
    this.set(ms, () => {
      if (this.#clock.monotonic() - due > ms / 4) this.setForSilence(ms, fire);
      else fire();
    });
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timer = undefined; // frees what it refers to
  }
}
