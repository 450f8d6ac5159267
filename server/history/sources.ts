// Counts what each address has stored since the server started, so that no one can push out the
// messages of all others. Rows get the number of an address, never the address.

/** Most addresses counted one by one; the rest together, as number 0. */
const MOST_SOURCES = 10_000;

/** An address by its number, and the bytes of its texts. */
export interface Source {
  readonly number: number;
  readonly bytes: number;
}

/** The addresses of one run. */
export class Sources {
  readonly #numbers = new Map<string, number>();
  readonly #bytes: number[] = [0];

  /** The number of an address, the same for the whole run. */
  numberOf(address: string): number {
    const known = this.#numbers.get(address);
    if (known !== undefined) return known;
    if (this.#numbers.size >= MOST_SOURCES) return 0;
    const number = this.#bytes.push(0) - 1;
    this.#numbers.set(address, number);
    return number;
  }

  /** Counts stored bytes, or deleted ones as a negative number. */
  add(number: number, bytes: number): void {
    this.#bytes[number] = Math.max(0, (this.#bytes[number] ?? 0) + bytes);
  }

  /** The address that has stored most; undefined if none has stored anything. */
  heaviest(): Source | undefined {
    let most: Source | undefined;
    for (const [number, bytes] of this.#bytes.entries()) {
      if (bytes > (most?.bytes ?? 0)) most = { number, bytes };
    }
    return most;
  }
}
