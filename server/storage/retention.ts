// Purges old messages and sessions at the start and once an hour, in small steps between which the
// chat continues.

import { Alarm, type Clock } from "../../shared/clock.ts";

/** A store with entries that expire. */
export interface Purger {
  /**
   * Deletes some of what is older than `at` (milliseconds since the epoch), in at most some 10 ms;
   * returns whether there is more.
   */
  purge(at: number): boolean;
}

/** Options of a {@linkcode Retention}. */
export interface RetentionOptions {
  readonly clock: Clock;
  /** Age at which entries expire, in milliseconds; Infinity leaves that to each purger. */
  readonly retainMs: number;
  /** Called in this order, each until it has no more. */
  readonly purgers: readonly Purger[];
  /** Called after each round. */
  readonly onPurged: () => void;
}

const ROUND_MS = 3_600_000;

/** Runs a round of purging every hour. */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #alarm: Alarm;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock);
  }

  /** Begins the first round, in the next turn. */
  start(): void {
    this.#alarm.set(0, () => this.#step(0));
  }

  stop(): void {
    this.#alarm.cancel();
  }

  #step(at: number): void {
    const { clock, retainMs, purgers, onPurged } = this.#options;
    const purger = purgers[at];
    if (purger === undefined) {
      onPurged();
      return this.#alarm.set(ROUND_MS, () => this.#step(0));
    }
    const hasMore = purger.purge(clock.now() - retainMs);
    // One step in each turn, so that clients are served in between.
    this.#alarm.set(0, () => this.#step(hasMore ? at : at + 1));
  }
}
