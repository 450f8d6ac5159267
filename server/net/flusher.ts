// When queued bytes are written: the runtime lets some 128 socket operations through in one turn of
// its loop, so at most `writesPerTurn` writes begin in each, every one taking its bytes as late as it
// can. The first batch leaves from a microtask, which keeps a lone message fast.

import { setImmediate } from "node:timers";

/** Something with bytes to write. */
export interface Flushable {
  /** Begins one write of what is queued, unless one is under way. */
  flush(): void;
}

/** Schedules the writes of all connections of a server. */
export class Flusher {
  readonly #writesPerTurn: number;
  readonly #waiting = new Set<Flushable>();
  #left: number;
  #microtask = false;
  #nextTurn = false;

  constructor(writesPerTurn: number) {
    this.#writesPerTurn = writesPerTurn;
    this.#left = writesPerTurn;
  }

  /** Has `one` flushed soon, once however often it asks before that. */
  schedule(one: Flushable): void {
    this.#waiting.add(one);
    if (this.#microtask || this.#left === 0) return;
    this.#microtask = true;
    queueMicrotask(() => {
      this.#microtask = false;
      this.#run();
    });
  }

  #run(): void {
    for (const one of this.#waiting) {
      if (this.#left === 0) break;
      this.#left--;
      this.#waiting.delete(one);
      one.flush();
    }
    if (this.#nextTurn) return;
    this.#nextTurn = true;
    setImmediate(() => {
      this.#nextTurn = false;
      this.#left = this.#writesPerTurn;
      if (this.#waiting.size > 0) this.#run();
    });
  }
}
