// How long whoever gave a wrong secret has to wait before the next one is looked at. It slows down and
// never locks out: behind one address sits a whole class. Pure; the time is passed in.

/** How fast it gets slower. */
export interface AttemptDelaySettings {
  /** Failures that cost nothing: people mistype. */
  readonly free: number;
  /** What each further one adds to the wait, in milliseconds. */
  readonly stepMs: number;
  /** The longest wait, in milliseconds: nobody is kept out by what others do. */
  readonly mostMs: number;
  /** One failure is forgotten each so many milliseconds. */
  readonly forgetMs: number;
  /** Most keys remembered; of more, those that are nearly forgotten go. */
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

/** After a wrong secret a connection waits so long, doubled with each further one, up to the second. */
const OWN_MS = 500;
const OWN_MOST_MS = 8_000;

/** How long a connection waits after its `failures`-th wrong secret, in milliseconds. */
export function ownDelayMs(failures: number): number {
  return Math.min(OWN_MOST_MS, OWN_MS * 2 ** (failures - 1));
}

/** Failed attempts by key. */
export class AttemptDelays {
  readonly #settings: AttemptDelaySettings;
  /** When all failures of a key will have been forgotten; those in order of their last failure. */
  readonly #forgottenAt = new Map<string, number>();

  constructor(settings: AttemptDelaySettings) {
    this.#settings = settings;
  }

  /** Keys remembered. */
  get size(): number {
    return this.#forgottenAt.size;
  }

  /** Milliseconds to wait before the next attempt is looked at; `now` in ms since some moment. */
  delayMs(key: string, now: number): number {
    const { free, stepMs, mostMs, forgetMs } = this.#settings;
    const failures = Math.ceil(((this.#forgottenAt.get(key) ?? now) - now) / forgetMs);
    return Math.min(mostMs, Math.max(0, failures - free) * stepMs);
  }

  /** One more attempt has failed. */
  failed(key: string, now: number): void {
    const { forgetMs, mostMs, stepMs, free, keys } = this.#settings;
    // More failures than the longest wait needs are not remembered, or a fool would cost days.
    const most = now + (free + mostMs / stepMs) * forgetMs;
    const until = Math.min(most, Math.max(now, this.#forgottenAt.get(key) ?? now) + forgetMs);
    this.#forgottenAt.delete(key);
    this.#forgottenAt.set(key, until);
    if (this.#forgottenAt.size > keys) this.#forgetSome(now);
  }

  #forgetSome(now: number): void {
    for (const [key, until] of this.#forgottenAt) {
      if (until <= now || this.#forgottenAt.size > this.#settings.keys) {
        this.#forgottenAt.delete(key);
      }
    }
  }
}
