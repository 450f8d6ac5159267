// A connection that a client has made, in memory: the test is the server, and sees what is done to
// it.

import type { Wire } from "../client/client_connection.ts";
import { FakeWrites } from "./fake_writes.ts";

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

type Read = Uint8Array | null | Error;

/** The client's end of a connection: the test sends, reads, ends and breaks it. */
export class FakeWire extends FakeWrites implements Wire {
  /** What was done to it, in order: the text of each write, `<half-closed>`, `<closed>`. */
  readonly log: string[] = [];
  /** Sizes of the buffers offered to every read, in order. */
  readonly readSizes: number[] = [];
  readonly #reads: Read[];
  #reader: { buffer: Uint8Array; settle: PromiseWithResolvers<number | null> } | undefined;

  /** `reads`: what the server has sent already; `null` is its end, an error breaks the connection. */
  constructor(...reads: Read[]) {
    super();
    this.#reads = reads;
  }

  /** The server sends bytes. */
  send(data: string | Uint8Array): void {
    this.#give(typeof data === "string" ? ENCODER.encode(data) : data);
  }

  /** The server half-closes. */
  end(): void {
    this.#give(null);
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

  closeWrite(): Promise<void> {
    this.log.push("<half-closed>");
    return Promise.resolve();
  }

  override close(): void {
    this.log.push("<closed>");
    super.close();
    this.#reader?.settle.reject(new Deno.errors.BadResource("closed"));
    this.#reader = undefined;
  }

  protected override onTaken(part: Uint8Array): void {
    this.log.push(DECODER.decode(part));
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
    if (read === null) return settle.resolve(null); // an end stays an end, however often it is read
    this.#reads.shift();
    if (read instanceof Error) return settle.reject(read);
    const part = read.subarray(0, buffer.length);
    buffer.set(part);
    if (part.length < read.length) this.#reads.unshift(read.subarray(part.length));
    settle.resolve(part.length);
  }
}
