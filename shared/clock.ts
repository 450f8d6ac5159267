// Time, as the server sees it: injected, so that tests need no waiting.

/** A timer that can be called off; calling it off twice is fine. */
export interface Timer {
  cancel(): void;
}

/** Where time comes from. */
export interface Clock {
  /** Milliseconds since the epoch, for people; somebody may set it forward or back. */
  now(): number;
  /** Milliseconds since some moment, for measuring how long something takes. */
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

/** One timer at a time: setting it again, or calling it off, forgets the one before. */
export class Alarm {
  readonly #clock: Clock;
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `fire` once after `ms` milliseconds, unless something else is set before. */
  set(ms: number, fire: () => void): void {
    this.cancel();
    this.#timer = this.#clock.after(ms, fire);
  }

  /**
   * The same for `ms` of silence, which counts only while somebody listens: an event loop that is late
   * has not read what came meanwhile, and begins anew.
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
    this.#timer = undefined; // it would be held as long as whatever holds the alarm
  }
}
