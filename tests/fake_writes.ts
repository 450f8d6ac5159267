// The writing half of a fake connection: the test decides how many bytes its peer takes, and reads
// them.

const DECODER = new TextDecoder();

/** Records what is written to a peer that is the test. */
export abstract class FakeWrites {
  /** Sizes of the writes begun, in order. */
  readonly writeSizes: number[] = [];
  /** Most writes that were ever pending at the same time. */
  mostWritesAtOnce = 0;
  /** How often `close()` was called. */
  closed = 0;
  readonly #taken: Uint8Array[] = [];
  /** Bytes the peer takes before it stops reading. */
  #window = Infinity;
  #mostPerWrite = Infinity;
  #writeError: Error | undefined;
  #writers: { bytes: Uint8Array; settle: PromiseWithResolvers<number> }[] = [];

  /** All that the peer has received, as text. */
  get text(): string {
    return DECODER.decode(this.bytes);
  }

  /** All that the peer has received. */
  get bytes(): Uint8Array {
    const whole = new Uint8Array(this.#taken.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of this.#taken) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  /** Whether a write is waiting for the peer. */
  get isWriting(): boolean {
    return this.#writers.length > 0;
  }

  /** From now on the peer takes `bytes` more (default all), at most `perWrite` of each write. */
  take(bytes: number = Infinity, perWrite: number = Infinity): void {
    this.#window = bytes;
    this.#mostPerWrite = perWrite;
    const waiting = this.#writers;
    this.#writers = [];
    for (const { bytes: data, settle } of waiting) this.#settleWrite(data, settle);
  }

  /** From now on every write fails, also a pending one. */
  failWrites(error: Error = new Deno.errors.BrokenPipe("broken by the test")): void {
    this.#writeError = error;
    this.take(this.#window);
  }

  write(data: Uint8Array): Promise<number> {
    if (this.closed > 0) return Promise.reject(new Deno.errors.BadResource("closed"));
    this.writeSizes.push(data.length);
    const settle = Promise.withResolvers<number>();
    this.mostWritesAtOnce = Math.max(this.mostWritesAtOnce, this.#writers.length + 1);
    this.#settleWrite(data, settle);
    return settle.promise;
  }

  /** Rejects the pending writes, and all that follow. */
  close(): void {
    this.closed++;
    for (const { settle } of this.#writers) settle.reject(new Deno.errors.BadResource("closed"));
    this.#writers = [];
  }

  /** Called with each part of a write that the peer has taken. */
  protected onTaken(_part: Uint8Array): void {}

  #settleWrite(data: Uint8Array, settle: PromiseWithResolvers<number>): void {
    if (this.#writeError) return settle.reject(this.#writeError);
    const count = Math.min(data.length, this.#window, this.#mostPerWrite);
    if (count === 0) return void this.#writers.push({ bytes: data, settle });
    this.#window -= count;
    const part = data.slice(0, count);
    this.#taken.push(part);
    this.onTaken(part);
    settle.resolve(count);
  }
}
