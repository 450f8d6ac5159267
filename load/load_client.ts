// One connection of a load test: writes bytes, and passes the bytes it reads to its scanner.

import type { DialResult } from "../client/dial.ts";
import { visible } from "../protocol/sanitize.ts";
import { writeAll } from "../shared/write_all.ts";
import type { Scanner, StampListener } from "./stamp_scanners.ts";

/** An open connection. */
export type LoadWire = (DialResult & { readonly ok: true })["wire"];

/** Receives the events of a client. */
export interface LoadClientHandler extends StampListener {
  /** Called before the messages of one read, with their receiver and the number of bytes read. */
  begin(client: LoadClient, bytes: number): void;
  /** The server ended the connection. */
  onEnd(client: LoadClient): void;
}

/** A pending read pins its buffer: a thousand idle clients should not cost 64 MB. */
const FIRST_BUFFER_BYTES = 2 * 1024;
/** Enough to read a burst in one step; a buffer grows further only for one line that needs it. */
const BUSY_BUFFER_BYTES = 32 * 1024;
/**
 * More than any line or frame with a message in it, and than any list of members a server sends.
 */
const MAX_BUFFER_BYTES = 256 * 1024;
/** Most bytes of a damaged line in a report. */
const MAX_QUOTED_BYTES = 120;
const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });

/** One client of a load test. */
export class LoadClient {
  /** Its number among the clients, from 0; final when all have joined. */
  index: number;
  /** The last probe it received, -1 before the first. */
  lastProbe = -1;
  /** The last read before the server ended the connection. */
  lastRead = new Uint8Array(0);
  readonly #wire: LoadWire;
  #scanner: Scanner;
  readonly #handler: LoadClientHandler;
  #buffer = new Uint8Array(FIRST_BUFFER_BYTES);
  /** Offset in the buffer of what was read and not used yet. */
  #start = 0;
  #end = 0;
  /** Offsets in the buffer of the last read. */
  #last = { from: 0, to: 0 };
  #open = true;
  #writing = Promise.resolve();

  constructor(
    wire: LoadWire,
    { index, scanner, handler }: {
      index: number;
      scanner: Scanner;
      handler: LoadClientHandler;
    },
  ) {
    this.#wire = wire;
    this.index = index;
    this.#scanner = scanner;
    this.#handler = handler;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Whole messages it received that ended with NUL in place of the dialect's own end. */
  get nulEnds(): number {
    return this.#scanner.nulEnds;
  }

  /** What it has read of a line or frame whose end has not come; valid until the next read. */
  get pending(): Uint8Array {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  /** The bytes of the last read, as far as they are still there; valid until the next one. */
  get latest(): Uint8Array {
    return this.#buffer.subarray(this.#last.from, this.#last.to);
  }

  /** Replaces the scanner, which also examines what is pending. */
  rescan(scanner: Scanner): void {
    this.#scanner = scanner;
    this.#handler.begin(this, 0);
    this.#start += scanner.scan(this.pending, this.#handler);
  }

  /** Writes all of `bytes` after earlier writes, as far as the server takes them. */
  write(bytes: Uint8Array): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write(bytes));
    return this.#writing;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      await writeAll(this.#wire, bytes);
    } catch {
      // The reader finds out too, and reports it.
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
      this.#handler.begin(this, read);
      const bytes = this.#buffer.subarray(this.#start, this.#end);
      this.#start += this.#scanner.scan(bytes, this.#handler);
      this.#makeRoom();
    }
    this.lastRead = this.#buffer.slice(this.#last.from, this.#last.to);
    this.close();
    this.#handler.onEnd(this);
  }

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
      return null; // a reset ends a stream like EOF
    }
  }

  /** Makes room for the next read; moves what was read only if it must. */
  #makeRoom(): void {
    const size = this.#buffer.length;
    const rest = this.#end - this.#start;
    // The read filled the room there was, or a line has begun that is longer than the room.
    const grows = this.#end === size && size < MAX_BUFFER_BYTES &&
      (size < BUSY_BUFFER_BYTES || rest > size / 2);
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
    this.#handler.torn(-1, -1, this.#buffer.subarray(this.#start, this.#end));
    this.#start = this.#end = 0;
  }

  #grow(): void {
    const larger = new Uint8Array(Math.min(this.#buffer.length * 4, MAX_BUFFER_BYTES));
    larger.set(this.#buffer.subarray(this.#start, this.#end));
    this.#buffer = larger;
  }
}

/** The beginning of a damaged line or frame as readable text, control bytes escaped. */
export function readable(bytes: Uint8Array): string {
  const text = visible(DECODER.decode(bytes.subarray(0, MAX_QUOTED_BYTES)));
  return bytes.length > MAX_QUOTED_BYTES ? `${text}...` : text;
}
