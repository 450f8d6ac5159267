// Delays after wrong secrets: they slow attempts down and never lock out, since a whole class may
// share an address. Pure; the time is passed in.

/** How the delay grows and shrinks. */
export interface AttemptDelaySettings {
  /** Failures without a delay: people mistype. */
  readonly free: number;
  /** Delay added by each further failure, in milliseconds. */
  readonly stepMs: number;
  /** The longest delay, in milliseconds: one client's failures must not keep others out. */
  readonly mostMs: number;
  /** One failure is forgotten every `forgetMs` milliseconds. */
  readonly forgetMs: number;
  /** Most keys remembered; beyond that, the ones that failed longest ago are removed. */
  readonly keys: number;
}

/** For all attempts from one address. */
export const ADDRESS_ATTEMPTS: AttemptDelaySettings = {
  free: 10,
  stepMs: 250,
  mostMs: 5_000,
  forgetMs: 10_000,
  keys: 10_000,
};

/** For attempts at one name from one address. */
export const NAME_ATTEMPTS: AttemptDelaySettings = {
  free: 3,
  stepMs: 1_000,
  mostMs: 10_000,
  forgetMs: 60_000,
  keys: 10_000,
};

/**
 * In milliseconds: a connection's delay after its first wrong secret, doubled with each further
 * one, and its maximum.
 */
const OWN_MS = 500;
const OWN_MOST_MS = 8_000;

/** The delay of a connection after its `failures`-th wrong secret, in milliseconds. */
export function ownDelayMs(failures: number): number {
  return Math.min(OWN_MOST_MS, OWN_MS * 2 ** (failures - 1));
}

/** Failed attempts by key. */
export class AttemptDelays {
  readonly #settings: AttemptDelaySettings;
  /** When all failures of a key are forgotten; in order of their last failure. */
  readonly #forgottenAt = new Map<string, number>();

  constructor(settings: AttemptDelaySettings) {
    this.#settings = settings;
  }

  /** Number of keys remembered. */
  get size(): number {
    return this.#forgottenAt.size;
  }

  /**
   * Milliseconds to wait before the next attempt is checked; `now` in milliseconds of a monotonic
   * clock.
   */
  delayMs(key: string, now: number): number {
    const { free, stepMs, mostMs, forgetMs } = this.#settings;
    const failures = Math.ceil(((this.#forgottenAt.get(key) ?? now) - now) / forgetMs);
    return Math.min(mostMs, Math.max(0, failures - free) * stepMs);
  }

  /** Counts a failed attempt. */
  failed(key: string, now: number): void {
    const { forgetMs, mostMs, stepMs, free, keys } = this.#settings;
    // Failures beyond the longest delay are not counted: else a flood would take days to be
    // forgotten.
    const most = now + (free + mostMs / stepMs) * forgetMs;
    const until = Math.min(most, Math.max(now, this.#forgottenAt.get(key) ?? now) + forgetMs);
    this.#forgottenAt.delete(key);
    this.#forgottenAt.set(key, until);
    if (this.#forgottenAt.size > keys) this.#removeSome(now);
  }

  #removeSome(now: number): void {
    for (const [key, until] of this.#forgottenAt) {
      if (until <= now || this.#forgottenAt.size > this.#settings.keys) {
        this.#forgottenAt.delete(key);
      }
    }
  }
}
