// A queue of text for a slow target: texts queued during one write are written together in the
// next. The owner bounds the queue and handles failed writes.

/** Writes texts in order, one batch at a time. */
export class WriteQueue {
  readonly #write: (texts: readonly string[]) => Promise<void>;
  #texts: string[] = [];
  #queuedChars = 0;
  #isDue = false;
  #draining: Promise<void> | undefined;

  /** `write` receives all that is queued, and must not fail. */
  constructor(write: (texts: readonly string[]) => Promise<void>) {
    this.#write = write;
  }

  /** UTF-16 units queued for the next call of `write`. */
  get queuedChars(): number {
    return this.#queuedChars;
  }

  /** Queues `text`; `write` is not called before the end of the current turn. */
  push(text: string): void {
    this.#texts.push(text);
    this.#queuedChars += text.length;
    this.wake();
  }

  /** Calls `write` after the current one, also with no texts. */
  wake(): void {
    this.#isDue = true;
    this.#draining ??= this.#drain();
  }

  /** Resolves to true when all is written, to false after `ms` milliseconds. */
  async drained(ms = Infinity): Promise<boolean> {
    const draining = this.#draining?.then(() => true);
    if (draining === undefined || ms === Infinity) return await (draining ?? true);
    const { promise: late, resolve } = Promise.withResolvers<false>();
    const timer = setTimeout(() => resolve(false), ms);
    const isDrained = await Promise.race([draining, late]);
    clearTimeout(timer);
    return isDrained;
  }

  async #drain(): Promise<void> {
    await undefined; // all texts queued in one turn go into one write
    while (this.#isDue) {
      const texts = this.#texts;
      this.#texts = [];
      this.#queuedChars = 0;
      this.#isDue = false;
      await this.#write(texts);
    }
    this.#draining = undefined;
  }
}
