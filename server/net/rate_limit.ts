// A token bucket: a burst, then a rate per second. Pure: the time is passed in.

/** The size of a bucket and its refill rate. */
export interface RateSettings {
  /** Most that may be spent in one moment; at least `perSecond`. */
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * One bucket, kept as one number: the moment at which it will be full again. Settings are passed
 * in, since many buckets share them and they may change.
 */
export class RateLimit {
  #repaidAt = -Infinity;

  /**
   * Milliseconds until more may be spent, 0 for now; `now` is in milliseconds of any monotonic
   * clock. A bucket that is not empty may be overdrawn, which makes the next wait longer.
   */
  waitMs(now: number, { burst, perSecond }: RateSettings): number {
    const allowed = Math.max(burst, perSecond) - 1;
    return Math.max(0, this.#repaidAt - now - allowed * 1000 / perSecond);
  }

  spend(cost: number, now: number, { perSecond }: RateSettings): void {
    this.#repaidAt = Math.max(this.#repaidAt, now) + cost * 1000 / perSecond;
  }

  /** Whether the bucket is full, like a new one. */
  isFull(now: number): boolean {
    return this.#repaidAt <= now;
  }
}
