// Lines that arrive over time, and waiting for one of them with a deadline.

/** Lines in the order in which they arrive; each is returned once. */
export class LineQueue {
  /** Every line until now. */
  readonly seen: string[] = [];
  #at = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  /** Adds one line. */
  push(line: string): void {
    this.seen.push(line);
    this.#wake?.();
  }

  /** Ends the queue: no more lines follow. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** The next line; rejects after `ms` milliseconds or at the end. */
  async next(ms = 5_000): Promise<string> {
    const until = performance.now() + ms;
    while (this.#at >= this.seen.length) {
      if (this.#ended) throw new Error(`ended after:\n${this.#tail()}`);
      if (!await this.#changed(until - performance.now())) {
        throw new Error(`nothing came for ${ms} ms after:\n${this.#tail()}`);
      }
    }
    return this.seen[this.#at++] ?? "";
  }

  /** The next line that matches, dropping those before it. */
  async match(pattern: RegExp, ms = 5_000): Promise<string> {
    const until = performance.now() + ms;
    while (true) {
      let line: string;
      try {
        line = await this.next(Math.max(1, until - performance.now()));
      } catch (problem) {
        throw new Error(`no line matched ${pattern}: ${(problem as Error).message}`);
      }
      if (pattern.test(line)) return line;
    }
  }

  /** Resolves at the end of the stream; rejects after `ms` milliseconds. */
  async ended(ms = 5_000): Promise<void> {
    const until = performance.now() + ms;
    while (!this.#ended) {
      if (!await this.#changed(until - performance.now())) {
        throw new Error(`not ended after ${ms} ms:\n${this.#tail()}`);
      }
    }
  }

  /** The lines that were not returned yet. */
  rest(): string[] {
    const lines = this.seen.slice(this.#at);
    this.#at = this.seen.length;
    return lines;
  }

  /** Fills the queue from a byte stream until that ends. */
  async pump(stream: ReadableStream<Uint8Array>): Promise<void> {
    let text = "";
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    try {
      for await (const chunk of stream) {
        text += decoder.decode(chunk, { stream: true });
        const lines = text.split("\n");
        text = lines.pop() ?? "";
        for (const line of lines) this.push(line);
      }
    } catch {
      // A reset ends a stream just like an EOF.
    }
    if (text !== "") this.push(text);
    this.end();
  }

  #tail(): string {
    return this.seen.slice(-10).join("\n");
  }

  async #changed(ms: number): Promise<boolean> {
    if (ms <= 0) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#wake = () => resolve(true);
    const timer = setTimeout(() => resolve(false), ms);
    const changed = await promise;
    clearTimeout(timer);
    this.#wake = undefined;
    return changed;
  }
}
