// When queued bytes are written: at most so many writes begin in each turn of the event loop, every
// one taking its bytes as late as it can; the runtime lets some 128 socket operations through in one.
// The first batch leaves from a microtask, which keeps a lone message fast.

import { nextTurn } from "./next_turn.ts";

/** Something with bytes to write. */
export interface Flushable {
  /** Begins one write of what is queued, unless there is nothing or one is under way; whether it did. */
  flush(): boolean;
}

/** Schedules the writes of all connections of a server. */
export class Flusher {
  #writesPerTurn: number;
  /** Those who asked for themselves. */
  readonly #waiting = new Set<Flushable>();
  /** Crowds that have something to write, each with who of it comes next. */
  readonly #rounds = new Map<ReadonlySet<Flushable>, Round>();
  #left: number;
  #microtask = false;
  #nextTurn = false;

  constructor(writesPerTurn: number) {
    this.#writesPerTurn = writesPerTurn;
    this.#left = writesPerTurn;
  }

  /** From the next turn on begins at most `writesPerTurn` writes in each. */
  setPace(writesPerTurn: number): void {
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
        if (next.flush()) this.#left--;
      }
    }
    if (this.#nextTurn) return;
    this.#nextTurn = true;
    nextTurn(() => {
      this.#nextTurn = false;
      this.#left = this.#writesPerTurn;
      if (this.#waiting.size > 0 || this.#rounds.size > 0) this.#run();
    });
  }

  #flushOneWaiting(): boolean {
    for (const one of this.#waiting) {
      this.#waiting.delete(one);
      if (one.flush()) this.#left--;
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
