// Schedules writes: limits how many begin, and for how long, in each turn of the event loop. The
// first batch leaves from a microtask, which keeps the latency of a lone message low.

import type { Clock } from "../../shared/clock.ts";
import { nextTurn } from "./next_turn.ts";

/** A connection with bytes to write. */
export interface Flushable {
  /**
   * Begins one write of what is queued; returns false if nothing is queued or a write is pending.
   */
  flush(): boolean;
}

/** How many milliseconds of one turn writes may begin in, measured by `clock`. */
export interface WriteBudget {
  readonly ms: number;
  readonly clock: Pick<Clock, "monotonic">;
}

/**
 * Writes between two readings of the clock: a write takes some 6 µs, a reading a hundredth of that.
 */
const WRITES_PER_LOOK = 16;

/** Schedules the writes of all connections of a server. */
export class Flusher {
  #writesPerTurn: number;
  readonly #budget: WriteBudget | undefined;
  /** When this turn's first write began (monotonic, in ms). */
  #began: number | undefined;
  /** Connections that were scheduled one by one. */
  readonly #waiting = new Set<Flushable>();
  /** Groups with something to write, each with the position of its next connection. */
  readonly #rounds = new Map<ReadonlySet<Flushable>, Round>();
  #left: number;
  #microtask = false;
  #nextTurn = false;

  /** Without a `budget` only the number of writes ends a turn. */
  constructor(writesPerTurn: number, budget?: WriteBudget) {
    this.#writesPerTurn = writesPerTurn;
    this.#left = writesPerTurn;
    this.#budget = budget;
  }

  /** Changes the number of writes that may begin in each turn, from the next turn on. */
  setWritesPerTurn(writesPerTurn: number): void {
    this.#writesPerTurn = writesPerTurn;
  }

  /** Schedules one write of `one`; further calls before that write change nothing. */
  schedule(one: Flushable): void {
    this.#waiting.add(one);
    this.#soon();
  }

  /** Schedules a write of each in `group`, least recently written first; costs O(1). */
  scheduleAll(group: ReadonlySet<Flushable>): void {
    let round = this.#rounds.get(group);
    if (round === undefined) {
      round = new Round(group);
      this.#rounds.set(group, round);
    }
    round.again();
    this.#soon();
  }

  #soon(): void {
    if (this.#microtask || this.#left === 0) return;
    this.#microtask = true;
    queueMicrotask(() => {
      this.#microtask = false;
      this.#run();
    });
  }

  /** Counts one write; sets the rest to zero if the turn's time is used up. */
  #spend(): void {
    this.#left--;
    if (this.#budget === undefined || this.#left % WRITES_PER_LOOK !== 0) return;
    const now = this.#budget.clock.monotonic();
    this.#began ??= now;
    if (now - this.#began >= this.#budget.ms) this.#left = 0;
  }

  /** Takes one of each kind in turn, so that no group delays the others until it is empty. */
  #run(): void {
    for (let busy = true; busy && this.#left > 0;) {
      busy = this.#flushOneWaiting();
      for (const [group, round] of this.#rounds) {
        if (this.#left === 0) break;
        const next = round.next();
        if (next === undefined) {
          // The position lasts no longer than the group has something to write.
          this.#rounds.delete(group);
          continue;
        }
        busy = true;
        if (next.flush()) this.#spend();
      }
    }
    if (this.#nextTurn) return;
    this.#nextTurn = true;
    nextTurn(() => {
      this.#nextTurn = false;
      this.#left = this.#writesPerTurn;
      this.#began = undefined;
      if (this.#waiting.size > 0 || this.#rounds.size > 0) this.#run();
    });
  }

  #flushOneWaiting(): boolean {
    for (const one of this.#waiting) {
      this.#waiting.delete(one);
      if (one.flush()) this.#spend();
      return true;
    }
    return false;
  }
}

/** Visits a group in a circle; its members may change meanwhile. */
class Round {
  readonly #group: ReadonlySet<Flushable>;
  #iterator: Iterator<Flushable>;
  /** Visits left. */
  #left = 0;

  constructor(group: ReadonlySet<Flushable>) {
    this.#group = group;
    this.#iterator = group.values();
  }

  /** Visits each member once more: all have something new to write. */
  again(): void {
    this.#left = this.#group.size;
  }

  next(): Flushable | undefined {
    if (this.#left === 0) return undefined;
    this.#left--;
    let step = this.#iterator.next();
    if (step.done) {
      this.#iterator = this.#group.values();
      step = this.#iterator.next();
    }
    return step.done ? undefined : step.value;
  }
}
