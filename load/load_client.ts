// One connection of a load test: writes bytes, reads bytes, hands them to its scanner. It knows neither
// what is said nor whether it is right.

import type { DialResult } from "../client/dial.ts";
import { visible } from "../protocol/sanitize.ts";
import { writeAll } from "../shared/write_all.ts";
import type { Scanner, StampListener } from "./stamp_scanners.ts";

/** An open connection. */
export type LoadWire = (DialResult & { readonly ok: true })["wire"];

/** What becomes of what a client reads. */
export interface LoadClientHandler extends StampListener {
  /** Called before the messages of one read are told: who got them, and how many bytes they are. */
  begin(client: LoadClient, bytes: number): void;
  /** The server ended the connection. */
  gone(client: LoadClient): void;
}

/** A pending read pins its buffer: a thousand idle clients should not cost 64 MB. */
const FIRST_BUFFER_BYTES = 2 * 1024;
/** Enough to read a burst at once; a buffer grows further only for one line that needs it. */
const BUSY_BUFFER_BYTES = 32 * 1024;
/** More than any line or frame with a message in it, and than any list of people a server sends. */
const MAX_BUFFER_BYTES = 512 * 1024;
/** Most of a damaged line worth telling, in bytes. */
const MAX_TOLD_BYTES = 120;
const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });

/** One client of the crowd. */
export class LoadClient {
  /** Its number among the clients, from 0; settled when all have joined. */
  index: number;
  /** The last probe it has got, -1 before the first. */
  heard = -1;
  /** What was read last before the server ended the connection. */
  lastRead = new Uint8Array(0);
  readonly #wire: LoadWire;
  readonly #scanner: Scanner;
  readonly #reception: LoadClientHandler;
  #buffer = new Uint8Array(FIRST_BUFFER_BYTES);
  /** What is read and not used yet stands here in the buffer. */
  #start = 0;
  #end = 0;
  /** Where the last read stands in it. */
  #last = { from: 0, to: 0 };
  #open = true;
  #writing = Promise.resolve();

  constructor(
    wire: LoadWire,
    { index, scanner, reception }: {
      index: number;
      scanner: Scanner;
      reception: LoadClientHandler;
    },
  ) {
    this.#wire = wire;
    this.index = index;
    this.#scanner = scanner;
    this.#reception = reception;
  }

  /** Whether the connection stands. */
  get isOpen(): boolean {
    return this.#open;
  }

  /** Writes all of `bytes` behind what was written before, as far as the server takes it. */
  write(bytes: Uint8Array): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write(bytes));
    return this.#writing;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      await writeAll(this.#wire, bytes);
    } catch {
      // The reader finds out as well, and tells.
    }
  }

  /** Reads until the connection ends. */
  async run(): Promise<void> {
    for (;;) {
      const read = await this.#read();
      if (!this.#open) return;
      if (read === null) break;
      this.#last = { from: this.#end, to: this.#end + read };
      this.#end += read;
      this.#reception.begin(this, read);
      const bytes = this.#buffer.subarray(this.#start, this.#end);
      this.#start += this.#scanner.scan(bytes, this.#reception);
      this.#makeRoom();
    }
    this.lastRead = this.#buffer.slice(this.#last.from, this.#last.to);
    this.close();
    this.#reception.gone(this);
  }

  /** Ends the connection. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#wire.close();
    this.#buffer = new Uint8Array(0);
  }

  async #read(): Promise<number | null> {
    try {
      return await this.#wire.read(this.#buffer.subarray(this.#end));
    } catch {
      return null; // a reset ends a stream as much as an EOF does
    }
  }

  /** Makes room for the next read; leaves what was read in place where it can. */
  #makeRoom(): void {
    const size = this.#buffer.length;
    const rest = this.#end - this.#start;
    // More was waiting than there was room for, or what has begun is longer than the room.
    const grows = this.#end === size && (size < BUSY_BUFFER_BYTES || rest > size / 2);
    if (grows || (rest > 0 && size - this.#end < size / 4)) {
      if (grows) this.#grow();
      else this.#buffer.copyWithin(0, this.#start, this.#end);
      this.#last = { from: 0, to: rest };
      this.#start = 0;
      this.#end = rest;
    } else if (rest === 0) {
      this.#start = this.#end = 0;
    }
    if (rest < MAX_BUFFER_BYTES / 2) return;
    this.#reception.torn(-1, -1, this.#buffer.subarray(this.#start, this.#end));
    this.#start = this.#end = 0;
  }

  #grow(): void {
    const larger = new Uint8Array(Math.min(this.#buffer.length * 4, MAX_BUFFER_BYTES));
    larger.set(this.#buffer.subarray(this.#start, this.#end));
    this.#buffer = larger;
  }
}

/** The bytes of a damaged line or frame for people: its beginning, control bytes written out. */
export function readable(bytes: Uint8Array): string {
  const text = visible(DECODER.decode(bytes.subarray(0, MAX_TOLD_BYTES)));
  return bytes.length > MAX_TOLD_BYTES ? `${text}...` : text;
}
