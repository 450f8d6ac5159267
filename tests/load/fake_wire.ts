// A fake connection of a client, whose other end is the test.

import type { Wire } from "../../client/client_connection.ts";

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

type Read = Uint8Array | null | Error;

/**
 * Records what the client does; the test decides what it receives, when it may write, how it
 * breaks.
 */
export class FakeWire implements Wire {
  /** Sizes of the buffers offered to every read, in order. */
  readonly readSizes: number[] = [];
  /** Sizes of the writes begun, in order. */
  readonly writeSizes: number[] = [];
  /** Most writes that were ever pending at the same time. */
  mostWritesAtOnce = 0;
  closed = 0;
  readonly #reads: Read[] = [];
  readonly #taken: Uint8Array[] = [];
  #reader: { buffer: Uint8Array; settle: PromiseWithResolvers<number | null> } | undefined;
  /** Bytes the peer takes before it stops reading. */
  #room = Infinity;
  #mostPerWrite = Infinity;
  #writeError: Error | undefined;
  #writers: { bytes: Uint8Array; settle: PromiseWithResolvers<number> }[] = [];

  /** All bytes the peer has received, as text. */
  get text(): string {
    return DECODER.decode(this.bytes);
  }

  /** All bytes the peer has received. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.#taken.flatMap((part) => [...part]));
  }

  /** The peer sends bytes. */
  send(data: string | Uint8Array): void {
    this.#give(typeof data === "string" ? ENCODER.encode(data) : data);
  }

  /** The peer half-closes. */
  end(): void {
    this.#give(null);
  }

  /** From now on the peer takes `bytes` more (default unlimited), at most `perWrite` a write. */
  take(bytes: number = Infinity, perWrite: number = Infinity): void {
    this.#room = bytes;
    this.#mostPerWrite = perWrite;
    const waiting = this.#writers;
    this.#writers = [];
    for (const { bytes: data, settle } of waiting) this.#settleWrite(data, settle);
  }

  /** From now on every write fails, including a pending one. */
  failWrites(error: Error = new Deno.errors.BrokenPipe("broken by the test")): void {
    this.#writeError = error;
    this.take(this.#room);
  }

  read(buffer: Uint8Array): Promise<number | null> {
    if (this.closed > 0) return Promise.reject(new Deno.errors.BadResource("closed"));
    if (this.#reader) return Promise.reject(new Error("Two reads at once"));
    this.readSizes.push(buffer.length);
    const settle = Promise.withResolvers<number | null>();
    this.#reader = { buffer, settle };
    this.#answerReader();
    return settle.promise;
  }

  write(data: Uint8Array): Promise<number> {
    if (this.closed > 0) return Promise.reject(new Deno.errors.BadResource("closed"));
    this.writeSizes.push(data.length);
    const settle = Promise.withResolvers<number>();
    this.mostWritesAtOnce = Math.max(this.mostWritesAtOnce, this.#writers.length + 1);
    this.#settleWrite(data, settle);
    return settle.promise;
  }

  closeWrite(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    this.closed++;
    const gone = new Deno.errors.BadResource("closed");
    this.#reader?.settle.reject(gone);
    this.#reader = undefined;
    for (const { settle } of this.#writers) settle.reject(gone);
    this.#writers = [];
  }

  #give(read: Read): void {
    this.#reads.push(read);
    this.#answerReader();
  }

  #answerReader(): void {
    const read = this.#reads[0];
    if (this.#reader === undefined || read === undefined) return;
    const { buffer, settle } = this.#reader;
    this.#reader = undefined;
    if (read === null) return settle.resolve(null); // the end stays, however often it is read
    this.#reads.shift();
    if (read instanceof Error) return settle.reject(read);
    const part = read.subarray(0, buffer.length);
    buffer.set(part);
    if (part.length < read.length) this.#reads.unshift(read.subarray(part.length));
    settle.resolve(part.length);
  }

  #settleWrite(data: Uint8Array, settle: PromiseWithResolvers<number>): void {
    if (this.#writeError) return settle.reject(this.#writeError);
    const count = Math.min(data.length, this.#room, this.#mostPerWrite);
    if (count === 0) return void this.#writers.push({ bytes: data, settle });
    this.#room -= count;
    this.#taken.push(data.slice(0, count));
    settle.resolve(count);
  }
}
