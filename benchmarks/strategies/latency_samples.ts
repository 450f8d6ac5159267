// Stores latencies and computes their percentiles. Pure.

const MOST = 1_000_000;

/** Stores the first million samples. */
export class LatencySamples {
  readonly #values = new Float64Array(MOST);
  #count = 0;

  clear(): void {
    this.#count = 0;
  }

  add(value: number): void {
    if (this.#count < MOST) this.#values[this.#count++] = value;
  }

  /** The value that `share` (0 to 1) of all do not exceed; 0 if there are none. */
  percentile(share: number): number {
    const sorted = this.#values.slice(0, this.#count).sort();
    return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  }
}
