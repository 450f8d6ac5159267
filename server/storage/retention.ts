// Purges old messages and sessions at the start and every ten minutes, in small steps between which
// the chat continues.

import { Alarm, type Clock } from "../../shared/clock.ts";
import { type Ages, MARK_MS } from "./ages.ts";

/** What has expired. */
export interface Expired {
  /** Messages up to this number. */
  readonly seq: number;
  /** What was last used before this time, in milliseconds since the epoch. */
  readonly at: number;
}

/** A store with entries that expire. */
export interface Purger {
  /** Deletes some of what has expired, in at most some 10 ms; returns whether there is more. */
  purge(expired: Expired): boolean;
}

/** Options of a {@linkcode Retention}. */
export interface RetentionOptions {
  readonly clock: Clock;
  readonly ages: Ages;
  /** The number of the newest message. */
  readonly lastSeq: () => number;
  /** Age at which entries expire, in milliseconds; Infinity leaves that to each purger. */
  readonly retainMs: number;
  /** Called in this order, each until it has no more. */
  readonly purgers: readonly Purger[];
  /** Called after each round. */
  readonly onPurged: () => void;
}

/** Runs a round of purging every {@linkcode MARK_MS}. */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #alarm: Alarm;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock);
  }

  /** Begins a round in the next turn, and in place of one in progress. */
  start(): void {
    this.#alarm.set(0, () => this.#round());
  }

  stop(): void {
    this.#alarm.cancel();
  }

  #round(): void {
    const { ages, lastSeq, retainMs } = this.#options;
    ages.mark(lastSeq());
    const seq = ages.olderThan(retainMs);
    this.#step(0, { seq, at: ages.clock.believedNow - retainMs });
  }

  #step(index: number, expired: Expired): void {
    const { purgers, onPurged } = this.#options;
    const purger = purgers[index];
    if (purger === undefined) {
      onPurged();
      return this.#alarm.set(MARK_MS, () => this.#round());
    }
    const hasMore = purger.purge(expired);
    // One step in each turn, so that clients are served in between.
    this.#alarm.set(0, () => this.#step(hasMore ? index : index + 1, expired));
  }
}
