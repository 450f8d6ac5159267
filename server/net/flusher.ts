// When queued bytes are written: at most so many writes begin in each turn of the event loop, for at
// most so long, every one taking its bytes as late as it can; the runtime lets some 128 socket
// operations through in one. The first batch leaves from a microtask, which keeps a lone message fast.

import type { Clock } from "../../shared/clock.ts";
import { nextTurn } from "./next_turn.ts";

/** Something with bytes to write. */
export interface Flushable {
  /** Begins one write of what is queued, unless there is nothing or one is under way; whether it did. */
  flush(): boolean;
}

/** How long writes may begin in one turn, by which clock. */
export interface WriteBudget {
  readonly ms: number;
  readonly clock: Pick<Clock, "monotonic">;
}

/** Writes between two looks at the clock: a write takes some 6 µs, a look a hundredth of that. */
const WRITES_PER_LOOK = 16;

/** Schedules the writes of all connections of a server. */
export class Flusher {
  #writesPerTurn: number;
  readonly #budget: WriteBudget | undefined;
  /** When this turn's first write began. */
  #began: number | undefined;
  /** Those who asked for themselves. */
  readonly #waiting = new Set<Flushable>();
  /** Crowds that have something to write, each with who of it comes next. */
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

  /** From the next turn on begins at most `writesPerTurn` writes in each. */
  setWritesPerTurn(writesPerTurn: number): void {
    this.#writesPerTurn = writesPerTurn;
  }

  /** Has `one` flushed soon, once however often it asks before that. */
  schedule(one: Flushable): void {
    this.#waiting.add(one);
    this.#soon();
  }

  /** Has everyone in `crowd` flushed soon, those whose last turn is longest ago first; costs O(1). */
  scheduleAll(crowd: ReadonlySet<Flushable>): void {
    let round = this.#rounds.get(crowd);
    if (round === undefined) {
      round = new Round(crowd);
      this.#rounds.set(crowd, round);
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

  /** One write fewer is left; none when the turn has taken as long as it may. */
  #spend(): void {
    this.#left--;
    if (this.#budget === undefined || this.#left % WRITES_PER_LOOK !== 0) return;
    const now = this.#budget.clock.monotonic();
    this.#began ??= now;
    if (now - this.#began >= this.#budget.ms) this.#left = 0;
  }

  /** One of each kind in turn, so that none of them waits for the others to have nothing to write. */
  #run(): void {
    for (let busy = true; busy && this.#left > 0;) {
      busy = this.#flushOneWaiting();
      for (const [crowd, round] of this.#rounds) {
        if (this.#left === 0) break;
        const next = round.next();
        if (next === undefined) {
          // Whoever comes next time is remembered no longer than the crowd has something to write.
          this.#rounds.delete(crowd);
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

/** Goes round a crowd, whose members may come and go meanwhile. */
class Round {
  readonly #crowd: ReadonlySet<Flushable>;
  #iterator: Iterator<Flushable>;
  /** How many are still to be visited. */
  #left = 0;

  constructor(crowd: ReadonlySet<Flushable>) {
    this.#crowd = crowd;
    this.#iterator = crowd.values();
  }

  /** Everyone has something new: each is to be visited once more. */
  again(): void {
    this.#left = this.#crowd.size;
  }

  next(): Flushable | undefined {
    if (this.#left === 0) return undefined;
    this.#left--;
    let step = this.#iterator.next();
    if (step.done) {
      this.#iterator = this.#crowd.values();
      step = this.#iterator.next();
    }
    return step.done ? undefined : step.value;
  }
}
