// Random choices that can be repeated: the same seed gives the same on every machine.

import { seededRandom } from "../../benchmarks/torture/seeded_random.ts";

/** A generator of pseudo-random numbers, seeded by an unsigned 32-bit number. */
export class Random {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = seededRandom(seed);
  }

  /** From 0 inclusive to 1 exclusive. */
  next(): number {
    return this.#next();
  }

  /** A whole number from 0 to `below` - 1. */
  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** True with that probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A random item. */
  pick<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new RangeError("Nothing to pick from");
    return items[this.int(items.length)] as Item;
  }

  /** Mostly small whole numbers from 1 on: each is half as likely as the one before. */
  few(most: number): number {
    let count = 1;
    while (count < most && this.chance(0.5)) count++;
    return count;
  }
}
