// The messages that a server has not confirmed yet, and waiting until it has. It knows no event and
// no connection.

import type { Ref } from "../protocol/requests.ts";

/** Messages on their way, oldest first. */
export class Unconfirmed {
  /** The input line of each, by its `ref`. */
  readonly #lines = new Map<Ref, number>();
  #changed = Promise.withResolvers<void>();

  /** How many there are. */
  get count(): number {
    return this.#lines.size;
  }

  /** Line `number` was sent; it serves as its `ref` too. */
  add(number: number): void {
    this.#lines.set(number, number);
  }

  /** The server answered to `ref`: the line it came from, unless it was answered before. */
  take(ref: Ref): number | undefined {
    const number = this.#lines.get(ref);
    if (this.#lines.delete(ref)) this.#change();
    return number;
  }

  /** The server confirmed one without naming it: they are confirmed in order. */
  takeOldest(): void {
    for (const ref of this.#lines.keys()) return void this.take(ref);
  }

  /** Nothing more can be confirmed, and nobody is to be told. */
  forget(): void {
    this.#lines.clear();
    this.#change();
  }

  /**
   * Waits until there are fewer than `count`; false when nothing was confirmed for `quietMs`
   * milliseconds, which may be Infinity.
   */
  async fewerThan(count: number, quietMs: number): Promise<boolean> {
    while (this.#lines.size >= count) {
      const before = this.#lines.size;
      const timer = quietMs === Infinity ? undefined : setTimeout(() => this.#change(), quietMs);
      await this.#changed.promise;
      clearTimeout(timer);
      if (this.#lines.size === before) return false;
    }
    return true;
  }

  /** Ends every wait: the link is gone. */
  giveUp(): void {
    this.#change();
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}
