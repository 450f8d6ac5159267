// Numbers that are never used twice, also not after a restart: of members and groups, by which a
// stored message says who may read it.

import type { Transactions } from "./group_commit.ts";
import type { Store } from "./store.ts";

/** Reserved at once: a server that is killed leaves the rest of its block unused. */
const BLOCK = 1_000_000;

/** Hands out serials. */
export class MemberSerials {
  readonly #reserve: (upTo: number) => boolean;
  #last: number;
  #reserved: number;

  /** Begins behind `used`; `reserve` remembers that all up to a number are used, or answers false. */
  constructor(used: number, reserve: (upTo: number) => boolean) {
    this.#reserve = reserve;
    this.#last = used;
    this.#reserved = used;
  }

  /** A number greater than any before. */
  readonly next = (): number => {
    if (this.#last >= this.#reserved && this.#reserve(this.#last + BLOCK)) {
      this.#reserved = this.#last + BLOCK;
    }
    return ++this.#last;
  };

  /** Has `write` remember what was given out while nothing could be; in the transaction under way. */
  secure(write: (upTo: number) => void): void {
    if (this.#last > this.#reserved) write(this.#last + BLOCK);
  }
}

/** Serials of a server that remembers nothing. */
export function freshSerials(): MemberSerials {
  return new MemberSerials(0, () => true);
}

/** Serials that a store remembers, and its transactions. */
export interface StoredMemberSerials {
  readonly serials: MemberSerials;
  /**
   * Those in which people's numbers are stored: a number that could not be reserved, because the disk
   * was full, is remembered with the first row that bears it. The next server would give it to somebody
   * else, who could then read what is not theirs.
   */
  readonly transactions: Transactions;
}

/** Serials that go on where a store remembers that they were. */
export function storedSerials(store: Store): StoredMemberSerials {
  const read = store.prepare("SELECT value FROM counter WHERE name = 'serials'");
  const write = store.prepare("UPDATE counter SET value = ? WHERE name = 'serials'");
  const remember = (upTo: number) => void write.run(upTo);
  const used = Number(read.get()?.["value"] ?? 0);
  const serials = new MemberSerials(
    used,
    (upTo) => store.transact(() => remember(upTo)) === undefined,
  );
  const transact = (work: () => void) =>
    store.transact(() => {
      serials.secure(remember);
      work();
    });
  return { serials, transactions: { transact } };
}
