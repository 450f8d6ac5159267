// How long things are remembered: what is older goes at the start and once an hour, a little at a time,
// so that the chat goes on in between. What is forgotten, and how, is the purgers' business.

import { Alarm, type Clock } from "../../shared/clock.ts";

/** Something that remembers and can forget. */
export interface Purger {
  /**
   * Forgets some of what is older than `at` (milliseconds since the epoch), in no more than some ten
   * milliseconds; answers whether there is more, so that it is to be called again.
   */
  purge(at: number): boolean;
}

/** What a retention needs. */
export interface RetentionOptions {
  readonly clock: Clock;
  /** How long to remember, in milliseconds; Infinity for as long as each can. */
  readonly retainMs: number;
  /** Asked in this order, each until it has no more. */
  readonly purgers: readonly Purger[];
  /** Told when a round is over. */
  readonly onPurged: () => void;
}

const ROUND_MS = 3_600_000;

/** Runs the rounds. */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #alarm: Alarm;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock);
  }

  /** Begins the first round, soon. */
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
    // One step a turn: whoever speaks comes in between.
    this.#alarm.set(0, () => this.#step(hasMore ? at : at + 1));
  }
}
