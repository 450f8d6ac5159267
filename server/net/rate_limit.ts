// A token bucket: so much at once, then so much a second. Pure: the time is passed in. What is limited,
// and what happens to the excess, is its owner's business.

/** How much a bucket holds, and how fast it fills. */
export interface RateSettings {
  /** What may be spent at once; at least what a second gives. */
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * How much one peer has spent, as one number: the moment at which all of it will have been given back.
 * Settings are passed in, for they are everybody's and may change.
 */
export class RateLimit {
  #repaidAt = -Infinity;

  /**
   * Milliseconds until more may be spent, 0 for now; `now` is milliseconds since some moment. Whoever
   * may spend anything may overdraw, and then waits the longer.
   */
  waitMs(now: number, { burst, perSecond }: RateSettings): number {
    const allowed = Math.max(burst, perSecond) - 1;
    return Math.max(0, this.#repaidAt - now - allowed * 1000 / perSecond);
  }

  /** Spends `cost`. */
  spend(cost: number, now: number, { perSecond }: RateSettings): void {
    this.#repaidAt = Math.max(this.#repaidAt, now) + cost * 1000 / perSecond;
  }

  /** Whether all is given back: as good as a new one. */
  isFull(now: number): boolean {
    return this.#repaidAt <= now;
  }
}
