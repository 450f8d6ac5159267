// The server's side of one client of sheet 004's protocol: received bytes in, lines for the others
// out. Pure.

const NEWLINE = 10;
const LINE_END = Uint8Array.of(NEWLINE);
const USER = new TextEncoder().encode("USER ");
const MSG = new TextEncoder().encode("MSG ");

/** Longest line in bytes; the design's limit for messages is lower (D18). */
const MAX_LINE_BYTES = 16_384;

/** Stores a client's name and the beginning of an incomplete line. */
export class UsermsgSession {
  /** `MSG name `, the start of every line from this client. */
  #heading: Uint8Array<ArrayBuffer>;
  #rest = new Uint8Array(0);

  /** @param name used until the client gives its own with `USER name` (R89) */
  constructor(name: string) {
    this.#heading = new TextEncoder().encode(`MSG ${name} `);
  }

  /**
   * Handles the bytes of one read: part of a line, one line, or many. Returns the lines for the
   * others, in one piece that may be empty, or undefined if a line is too long.
   */
  receive(chunk: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined {
    const bytes = this.#rest.length === 0 ? chunk : joined([this.#rest, chunk]);
    const lines: Uint8Array<ArrayBuffer>[] = [];
    let start = 0;
    for (let end; (end = bytes.indexOf(NEWLINE, start)) >= 0; start = end + 1) {
      this.#line(bytes.subarray(start, end), lines);
    }
    this.#rest = bytes.slice(start); // a copy: the caller reuses its buffer
    return this.#rest.length > MAX_LINE_BYTES ? undefined : joined(lines);
  }

  #line(line: Uint8Array<ArrayBuffer>, lines: Uint8Array<ArrayBuffer>[]): void {
    if (startsWith(line, MSG)) {
      lines.push(this.#heading, line.subarray(MSG.length), LINE_END);
    } else if (startsWith(line, USER) && line.indexOf(0x20, USER.length) < 0) {
      this.#heading = joined([MSG, line.subarray(USER.length), Uint8Array.of(0x20)]);
    }
  }
}

function startsWith(line: Uint8Array, word: Uint8Array): boolean {
  return word.every((byte, index) => line[index] === byte);
}

function joined(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
