// Runs slow computations one after the other, so that a flood of them cannot take the machine;
// addresses take turns, so that one address's flood does not delay the others for long.

/** Work that waits for its turn. */
type Work = () => Promise<void>;

/** A bounded queue with one lane for each address. */
export class HashQueue {
  readonly #most: number;
  /** Addresses with work, in the order of their turns. */
  readonly #lanes = new Map<string, Work[]>();
  #size = 0;
  #running: Promise<void> | undefined;

  /** At most `most` wait at the same time. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Number of waiting computations. */
  get size(): number {
    return this.#size;
  }

  /** Queues `work`; false if too many wait already. `work` must not throw. */
  add(address: string, work: Work): boolean {
    if (this.#size >= this.#most) return false;
    const lane = this.#lanes.get(address);
    if (lane) lane.push(work);
    else this.#lanes.set(address, [work]);
    this.#size++;
    this.#running ??= this.#run();
    return true;
  }

  /** Drops what waits; resolves when the running work is done. */
  async stop(): Promise<void> {
    this.#lanes.clear();
    this.#size = 0;
    await this.#running;
  }

  async #run(): Promise<void> {
    // Not in the caller's turn: the caller must first record that it waits.
    await Promise.resolve();
    for (let work = this.#next(); work !== undefined; work = this.#next()) await work();
    this.#running = undefined;
  }

  #next(): Work | undefined {
    for (const [address, lane] of this.#lanes) {
      const work = lane.shift();
      this.#lanes.delete(address);
      if (work === undefined) continue;
      if (lane.length > 0) this.#lanes.set(address, lane); // after all others
      this.#size--;
      return work;
    }
    return undefined;
  }
}
