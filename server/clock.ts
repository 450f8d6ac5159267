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
