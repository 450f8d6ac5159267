// A connection whose first bytes were looked at before the client reads them: read() returns them
// once more, then what follows.

import type { Clock } from "../../shared/clock.ts";
import type { Wire } from "../client_connection.ts";

/** What came of a wait: bytes, nothing in time, or the end of the connection. */
export type Peeked = "bytes" | "silence" | "ended";

const LF = 0x0a;
const NUL = 0x00;

const READ_BYTES = 16 * 1024;

/** Most bytes looked at; what a server sends beyond them is read by the client alone. */
const MAX_PEEKED_BYTES = 64 * 1024;

export class PeekedWire implements Wire {
  readonly #wire: Wire;
  readonly #clock: Clock;
  readonly #buffer = new Uint8Array(READ_BYTES);
  #kept = new Uint8Array(0);
  #reading: Promise<number | null> | undefined;

  constructor(wire: Wire, clock: Clock) {
    this.#wire = wire;
    this.#clock = clock;
  }

  /** The bytes received and not read yet. */
  get received(): Uint8Array<ArrayBuffer> {
    return this.#kept;
  }

  /** Waits up to `ms` milliseconds for more bytes. */
  async peek(ms: number): Promise<Peeked> {
    if (this.#kept.length > MAX_PEEKED_BYTES) return "silence";
    const reading = this.#start();
    const { promise, resolve } = Promise.withResolvers<"silence">();
    const timer = this.#clock.after(ms, () => resolve("silence"));
    const count = await Promise.race([reading.catch(() => null), promise]);
    timer.cancel();
    if (count === "silence") return count;
    if (count === null) return "ended"; // the read stays, so that the client sees the end as well
    this.#reading = undefined;
    this.#keep(count);
    return "bytes";
  }

  /** Waits until nothing has come for `ms` milliseconds, at most `most` times as long. */
  async peekUntilSilence(ms: number, most: number): Promise<void> {
    for (let wait = 0; wait < most && await this.peek(ms) === "bytes"; wait++);
  }

  /** Text without a line end is a line: an answer to it follows on a line of its own. */
  endLine(): void {
    const last = this.#kept.at(-1);
    if (last !== undefined && last !== LF && last !== NUL) this.#append(Uint8Array.of(LF));
  }

  /** The client is to read `bytes` in place of those received so far. */
  replace(bytes: Uint8Array<ArrayBuffer>): void {
    this.#kept = bytes;
  }

  /** Writes all of `bytes`; returns false if the connection has broken. */
  async send(bytes: Uint8Array): Promise<boolean> {
    try {
      for (let at = 0; at < bytes.length;) at += await this.#wire.write(bytes.subarray(at));
      return true;
    } catch {
      return false;
    }
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    if (this.#kept.length === 0 && this.#reading !== undefined) {
      const count = await this.#reading;
      if (count === null) return null;
      this.#reading = undefined;
      this.#keep(count);
    }
    if (this.#kept.length === 0) return await this.#wire.read(buffer);
    const part = this.#kept.subarray(0, buffer.length);
    buffer.set(part);
    this.#kept = this.#kept.slice(part.length);
    return part.length;
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.#wire.write(bytes);
  }

  closeWrite(): Promise<void> {
    return this.#wire.closeWrite();
  }

  close(): void {
    this.#wire.close();
    this.#reading?.catch(() => {}); // nothing reads its result any more
  }

  #start(): Promise<number | null> {
    return this.#reading ??= this.#wire.read(this.#buffer);
  }

  #keep(count: number): void {
    this.#append(this.#buffer.subarray(0, count));
  }

  #append(bytes: Uint8Array): void {
    const all = new Uint8Array(this.#kept.length + bytes.length);
    all.set(this.#kept);
    all.set(bytes, this.#kept.length);
    this.#kept = all;
  }
}
