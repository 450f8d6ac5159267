// Numbers that are never used twice, also not after a restart: of members and groups, by which a
// stored message says who may read it.

import type { Store } from "./store.ts";

/** Reserved at once: a server that is killed leaves the rest of its block unused. */
const BLOCK = 1_000_000;

/** Hands out serials. */
export class Serials {
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
}

/** Serials of a server that remembers nothing. */
export function freshSerials(): Serials {
  return new Serials(0, () => true);
}

/** Serials that a store remembers. */
export function storedSerials(store: Store): Serials {
  const read = store.prepare("SELECT value FROM counter WHERE name = 'serials'");
  const write = store.prepare("UPDATE counter SET value = ? WHERE name = 'serials'");
  const used = Number(read.get()?.["value"] ?? 0);
  return new Serials(used, (upTo) => store.transact(() => write.run(upTo)) === undefined);
}
