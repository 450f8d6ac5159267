// Slow computations one after the other, so that a flood of them cannot take the machine; the addresses
// they come from take turns, so that nobody's flood holds up the others' for long.

/** Work that waits for its turn. */
type Work = () => Promise<void>;

/** A bounded queue with one lane for each address. */
export class HashQueue {
  readonly #most: number;
  /** Those with work, in the order of their turns. */
  readonly #lanes = new Map<string, Work[]>();
  #size = 0;
  #running: Promise<void> | undefined;

  /** At most `most` wait at once. */
  constructor(most: number) {
    this.#most = most;
  }

  /** How many wait. */
  get size(): number {
    return this.#size;
  }

  /** Does `work` in its turn; false when too many wait already. `work` must not throw. */
  add(address: string, work: Work): boolean {
    if (this.#size >= this.#most) return false;
    const lane = this.#lanes.get(address);
    if (lane) lane.push(work);
    else this.#lanes.set(address, [work]);
    this.#size++;
    this.#running ??= this.#run();
    return true;
  }

  /** Forgets what waits; resolves when what is under way is done. */
  async stop(): Promise<void> {
    this.#lanes.clear();
    this.#size = 0;
    await this.#running;
  }

  async #run(): Promise<void> {
    // Not in the turn that asks: what it holds up must know that it waits.
    await Promise.resolve();
    for (let work = this.#next(); work !== undefined; work = this.#next()) await work();
    this.#running = undefined;
  }

  #next(): Work | undefined {
    for (const [address, lane] of this.#lanes) {
      const work = lane.shift();
      this.#lanes.delete(address);
      if (work === undefined) continue;
      if (lane.length > 0) this.#lanes.set(address, lane); // behind all others
      this.#size--;
      return work;
    }
    return undefined;
  }
}
