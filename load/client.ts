// One connection of a load test: writes bytes, reads bytes, hands them to its scanner. It knows neither
// what is said nor whether it is right.

import type { Dialled } from "../client/dial.ts";
import { visible } from "../protocol/sanitize.ts";
import type { Scanner, Sink } from "./scanners.ts";

/** An open connection. */
export type Wire = (Dialled & { readonly ok: true })["wire"];

/** What becomes of what a client reads. */
export interface Reception extends Sink {
  /** Called before the messages of one read are told: who got them, and how many bytes they are. */
  begin(client: LoadClient, bytes: number): void;
  /** The server ended the connection. */
  gone(client: LoadClient): void;
}

/** A pending read pins its buffer: a thousand idle clients should not cost 64 MB. */
const FIRST_BUFFER_BYTES = 2 * 1024;
/** More than any line or frame with a message in it, and than any list of people a server sends. */
const MAX_BUFFER_BYTES = 512 * 1024;
/** Most of a server's last words worth telling, in characters. */
const MAX_LAST_WORDS = 120;
const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });

/** One client of the crowd. */
export class LoadClient {
  /** Its number among the clients, from 0; settled when all have joined. */
  index: number;
  /** The last probe it has got, -1 before the first. */
  heard = -1;
  /** What the server sent last before it ended the connection, made readable. */
  lastWords = "";
  readonly #wire: Wire;
  readonly #scanner: Scanner;
  readonly #reception: Reception;
  #buffer = new Uint8Array(FIRST_BUFFER_BYTES);
  /** Where the last read stands in the buffer. */
  #last = { from: 0, to: 0 };
  #open = true;
  #writing = Promise.resolve();

  constructor(
    wire: Wire,
    { index, scanner, reception }: { index: number; scanner: Scanner; reception: Reception },
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
      for (let at = 0; at < bytes.length;) at += await this.#wire.write(bytes.subarray(at));
    } catch {
      // The reader finds out as well, and tells.
    }
  }

  /** Reads until the connection ends. */
  async run(): Promise<void> {
    let kept = 0;
    for (;;) {
      const read = await this.#read(kept);
      if (!this.#open) return;
      if (read === null) break;
      const bytes = this.#buffer.subarray(0, kept + read);
      this.#last.from = kept;
      this.#last.to = kept + read;
      this.#reception.begin(this, read);
      const used = this.#scanner.scan(bytes, this.#reception);
      kept = this.#keep(bytes, used);
    }
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

  async #read(kept: number): Promise<number | null> {
    try {
      const read = await this.#wire.read(this.#buffer.subarray(kept));
      if (read === null && this.#open) this.#rememberLastWords();
      return read;
    } catch {
      if (this.#open) this.#rememberLastWords();
      return null;
    }
  }

  /** Moves what is not used yet to the front, and makes room behind it; answers how much it is. */
  #keep(bytes: Uint8Array, used: number): number {
    const rest = bytes.length - used;
    const isFull = bytes.length === this.#buffer.length;
    if (isFull && rest >= MAX_BUFFER_BYTES) {
      this.#reception.torn(-1, -1, bytes.subarray(0, MAX_LAST_WORDS));
      return 0;
    }
    if (!isFull) {
      if (used > 0) this.#buffer.copyWithin(0, used, bytes.length);
      return rest;
    }
    const larger = new Uint8Array(Math.min(this.#buffer.length * 4, MAX_BUFFER_BYTES));
    larger.set(bytes.subarray(used));
    this.#buffer = larger;
    this.#last = { from: 0, to: rest };
    return rest;
  }

  #rememberLastWords(): void {
    const { from, to } = this.#last;
    this.lastWords = lastLine(this.#buffer.subarray(from, to));
  }
}

/** The last line that is no message of ours, which is where a server says why it hangs up. */
function lastLine(bytes: Uint8Array): string {
  const text = DECODER.decode(bytes);
  // deno-lint-ignore no-control-regex
  const lines = text.split(/[\0-\x08\x0a-\x1f\x7f]+/).map((line) => line.trim());
  const last = lines.findLast((line) => line !== "" && !line.includes("~")) ?? "";
  return visible(last).slice(0, MAX_LAST_WORDS);
}

/** The bytes of a damaged line or frame for people: the beginning, with every control byte written out. */
export function readable(bytes: Uint8Array): string {
  const text = visible(DECODER.decode(bytes.subarray(0, MAX_LAST_WORDS)));
  return bytes.length > MAX_LAST_WORDS ? `${text}...` : text;
}
