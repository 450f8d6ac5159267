// Group commit: what is to be stored waits for the end of the turn, and longer while more comes, and
// goes in as one transaction; only then does anybody hear of it. It knows neither what is stored nor
// where.

import type { Failure } from "../../protocol/failures.ts";

/** Something to be stored. */
export interface CommitEntry {
  /** What it adds to a write to a reader, roughly: none unless it is a message. */
  readonly bytes?: number;
  /** Writes it, in an open transaction; may throw, which undoes the whole transaction. */
  write(): void;
  /**
   * It is stored; or it is not, and nothing else of its transaction is. Must not throw: what it throws
   * is a fault that costs none of the others.
   */
  done(problem: Failure | undefined): void;
}

/** Where entries are stored. */
export interface Transactions {
  /** Runs `work` in one transaction; answers why nothing of it was stored, if so. */
  transact(work: () => void): Failure | undefined;
}

/** What a group commit needs. */
export interface GroupCommitOptions {
  readonly transactions: Transactions;
  /** Calls `settle` when the requests of this turn have been looked at. */
  readonly soon: (settle: () => void) => void;
  /** Calls `look` when what has come meanwhile has been looked at; without it nothing waits for more. */
  readonly later?: (look: () => void) => void;
  /** Entries that are settled without waiting any longer, so that no commit takes long. */
  readonly most: number;
  /** Told what {@linkcode CommitEntry.done} has thrown; without it that is thrown on, once all are told. */
  readonly onFault?: (fault: unknown) => void;
}

/** Turns that something waits for more to come, however steadily it does. */
const MOST_LOOKS = 8;

/** About what one write to a reader takes: to wait for more than that spares nobody a write. */
const ENOUGH_BYTES = 32 * 1024;

/** Memory needs no transactions. */
export const NO_TRANSACTIONS: Transactions = {
  transact(work) {
    work();
    return undefined;
  },
};

/** Gathers entries, stores them together, and says so in the order in which they came. */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  #waiting: CommitEntry[] = [];
  #bytes = 0;
  #scheduled = false;
  /** Transactions so far, and how many of them failed. */
  commits = 0;
  failures = 0;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  /** Has `entry` stored soon. */
  add(entry: CommitEntry): void {
    this.#waiting.push(entry);
    this.#bytes += entry.bytes ?? 0;
    if (this.#waiting.length >= this.#options.most) return this.flush();
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#options.soon(() => this.#gather(1, MOST_LOOKS));
  }

  /**
   * A lone message is stored at the end of its turn. Where several came together more are on their way,
   * mostly: one commit for all, and one write to each reader, costs less than two. The first of them is
   * heard some turns later for it, and the last one sooner.
   */
  #gather(seen: number, looks: number): void {
    const { later } = this.#options;
    const count = this.#waiting.length;
    if (later !== undefined && count > seen && looks > 0 && this.#bytes < ENOUGH_BYTES) {
      return later(() => this.#gather(count, looks - 1));
    }
    this.#scheduled = false;
    this.flush();
  }

  /** Stores what waits now. Whatever must come behind it in everybody's order calls this first. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    const entries = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    const problem = this.#options.transactions.transact(() => {
      for (const entry of entries) entry.write();
    });
    this.commits++;
    if (problem !== undefined) this.failures++;
    this.#tell(entries, problem);
  }

  /** Every one, whatever becomes of the others: who is stored and not told would be lost to all. */
  #tell(entries: readonly CommitEntry[], problem: Failure | undefined): void {
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
