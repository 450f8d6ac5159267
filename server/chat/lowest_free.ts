// Ids of connections: always the lowest free number (R70, D20).

/** Hands out the lowest free whole number from 1 up. */
export class LowestFree {
  readonly #taken = new Set<number>();
  /** No number below it is free. */
  #from = 1;

  take(): number {
    while (this.#taken.has(this.#from)) this.#from++;
    this.#taken.add(this.#from);
    return this.#from;
  }

  release(id: number): void {
    if (this.#taken.delete(id)) this.#from = Math.min(this.#from, id);
  }
}
