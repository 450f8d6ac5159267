// Group commit: entries are stored together in one transaction at the end of the turn, or some
// turns later while more arrive; only then are they sent.

import type { Failure } from "../../protocol/failures.ts";

/** One thing to be stored. */
export interface CommitEntry {
  /** Bytes it adds to a write to each reader, roughly; absent unless it is a message. */
  readonly bytes?: number;
  /** Writes it in an open transaction; may throw, which rolls back the whole transaction. */
  write(): void;
  /**
   * Called after the commit, or with the reason why its transaction stored none of its entries.
   * Must not throw: an exception is reported as a fault and does not affect other entries.
   */
  done(problem: Failure | undefined): void;
}

/** The outcome of a transaction that has not begun: another program has a lock for a moment. */
export const BUSY = Symbol("busy");

/** Runs transactions. */
export interface Transactions {
  /** Runs `work` in one transaction; returns why it was rolled back, if so. */
  transact(work: () => void): Failure | undefined;
  /** The same, but returns {@linkcode BUSY} for some time; without it locks are failures. */
  transactOrWait?(work: () => void): Failure | typeof BUSY | undefined;
}

/** Options of a {@linkcode GroupCommit}. */
export interface GroupCommitOptions {
  readonly transactions: Transactions;
  /** Calls `settle` after the requests of this turn. */
  readonly soon: (settle: () => void) => void;
  /** Calls `proceed` in the next turn; without it no entry waits longer than one turn. */
  readonly later?: (proceed: () => void) => void;
  /** Calls `retry` some milliseconds later, while the transaction cannot begin. */
  readonly retryLater?: (retry: () => void) => void;
  /** Most entries of one transaction, so that no commit takes long. */
  readonly most: number;
  /**
   * Called with each exception of {@linkcode CommitEntry.done}; without it the first one is thrown
   * again after all entries are done.
   */
  readonly onFault?: (fault: unknown) => void;
}

/** Most turns that an entry waits for more. */
const MAX_EXTRA_TURNS = 8;

/** About the bytes of one write to a reader: waiting for more saves no writes. */
const ENOUGH_BYTES = 32 * 1024;

/** Transactions without a store: entries in memory need none. */
export const NO_TRANSACTIONS: Transactions = {
  transact(work) {
    work();
    return undefined;
  },
};

/** Collects entries, stores them together, and calls `done` in their order. */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  #waiting: CommitEntry[] = [];
  #bytes = 0;
  #scheduled = false;
  #waits = false;
  /** Number of transactions so far, and of those that failed. */
  commits = 0;
  failures = 0;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  /** Stores `entry` with the current batch. */
  add(entry: CommitEntry): void {
    this.#waiting.push(entry);
    this.#bytes += entry.bytes ?? 0;
    if (this.#waiting.length >= this.#options.most) return this.flush();
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#options.soon(() => this.#gather(1, MAX_EXTRA_TURNS));
  }

  /**
   * Stores a lone message at the end of its turn. If several arrived together, more are likely to
   * follow: one commit and one write to each reader cost less than two. The first message is then
   * delayed by some turns, and the last arrives sooner.
   */
  #gather(seen: number, turnsLeft: number): void {
    const { later } = this.#options;
    const count = this.#waiting.length;
    if (later !== undefined && count > seen && turnsLeft > 0 && this.#bytes < ENOUGH_BYTES) {
      return later(() => this.#gather(count, turnsLeft - 1));
    }
    this.#scheduled = false;
    this.flush();
  }

  /** Whether entries wait for another program's lock: no request should be performed meanwhile. */
  get isWaiting(): boolean {
    return this.#waits;
  }

  /**
   * Stores the current batch now. Callers flush before any event that must come after it. While
   * another program has a lock, the batch stays, and is tried again.
   */
  flush(): void {
    const entries = this.#waiting;
    if (entries.length === 0) return;
    const problem = this.#transact(() => {
      for (const entry of entries) entry.write();
    });
    if (problem === BUSY) return this.#retryLater();
    this.#waits = false;
    this.#waiting = [];
    this.#bytes = 0;
    this.commits++;
    if (problem !== undefined) this.failures++;
    this.#reportDone(entries, problem);
  }

  #transact(work: () => void): Failure | typeof BUSY | undefined {
    const { retryLater, transactions } = this.#options;
    return retryLater === undefined || transactions.transactOrWait === undefined
      ? transactions.transact(work)
      : transactions.transactOrWait(work);
  }

  #retryLater(): void {
    if (this.#waits) return;
    this.#waits = true;
    const retry = () => {
      this.flush();
      if (this.#waits) this.#options.retryLater?.(retry);
    };
    this.#options.retryLater?.(retry);
  }

  /**
   * Calls `done` of every entry, whatever the others throw: a stored message without that call
   * would never be sent.
   */
  #reportDone(entries: readonly CommitEntry[], problem: Failure | undefined): void {
    const faults: unknown[] = [];
    for (const entry of entries) {
      try {
        entry.done(problem);
      } catch (fault) {
        faults.push(fault);
      }
    }
    const { onFault } = this.#options;
    if (onFault !== undefined) faults.forEach(onFault);
    else if (faults.length > 0) throw faults[0];
  }
}
