// Serial numbers of members and groups, never reused, even after a restart: stored messages name
// their readers by them.

import type { Transactions } from "./group_commit.ts";
import { bounded, MAX_STORED } from "./bounded_columns.ts";
import type { Store } from "./store.ts";

/** Numbers reserved in one step; a killed server leaves the rest of its block unused. */
const BLOCK = 1_000_000;

/** Gives out serials. */
export class MemberSerials {
  readonly #reserve: (upTo: number) => boolean;
  #last: number;
  #reserved: number;

  /**
   * Starts after `used`; `reserve` records that all numbers up to one are used, or returns false.
   */
  constructor(used: number, reserve: (upTo: number) => boolean) {
    this.#reserve = reserve;
    this.#last = used;
    this.#reserved = used;
  }

  /** The next number, greater than all before. */
  readonly next = (): number => {
    if (this.#last >= this.#reserved && this.#reserve(this.#last + BLOCK)) {
      this.#reserved = this.#last + BLOCK;
    }
    return ++this.#last;
  };

  /**
   * Calls `write`, in the open transaction, if numbers were given out that could not be reserved.
   */
  secure(write: (upTo: number) => void): void {
    if (this.#last > this.#reserved) write(this.#last + BLOCK);
  }
}

/** Serials of a server without a store. */
export function freshSerials(): MemberSerials {
  return new MemberSerials(0, () => true);
}

/** Serials recorded in a store, and its transactions. */
export interface StoredMemberSerials {
  readonly serials: MemberSerials;
  /**
   * Use these to store serials: a number that could not be reserved, because the disk was full, is
   * recorded with the first row that has it. Otherwise the next server would give it to another
   * member, who could then read private messages.
   */
  readonly transactions: Transactions;
}

/** The greatest serial of any row, where the recorded number cannot be right. */
function greatestSerial(store: Store): number {
  const believed = (column: string) => `max(iif(${column} < ${MAX_STORED}, ${column}, 0))`;
  const row = store.prepare(
    `SELECT max(
       (SELECT coalesce(${believed("a")}, 0) FROM message),
       (SELECT coalesce(${believed("b")}, 0) FROM message),
       (SELECT coalesce(${believed("serial")}, 0) FROM session)) AS used`,
  ).get();
  return Number(row?.["used"] ?? 0) + BLOCK;
}

/** Serials that continue after those recorded in `store`. */
export function storedSerials(store: Store): StoredMemberSerials {
  const read = store.prepare(
    `SELECT ${bounded("value", MAX_STORED)} FROM counter WHERE name = 'serials'`,
  );
  const write = store.prepare("UPDATE counter SET value = ? WHERE name = 'serials'");
  const remember = (upTo: number) => void write.run(upTo);
  const recorded = Number(read.get()?.["value"] ?? MAX_STORED);
  const used = recorded < MAX_STORED ? recorded : greatestSerial(store);
  const serials = new MemberSerials(
    used,
    (upTo) => store.transact(() => remember(upTo)) === undefined,
  );
  const secured = (work: () => void) => () => {
    serials.secure(remember);
    work();
  };
  const transactions: Transactions = {
    transact: (work) => store.transact(secured(work)),
    transactOrWait: (work) => store.transactOrWait(secured(work)),
  };
  return { serials, transactions };
}
