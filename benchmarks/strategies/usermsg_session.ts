// One client's side of sheet 004's protocol: bytes in, what the others are to get out. Pure; it must
// not know sockets or threads.

const NEWLINE = 10;
const LINE_END = Uint8Array.of(NEWLINE);
const USER = new TextEncoder().encode("USER ");
const MSG = new TextEncoder().encode("MSG ");

/** A line may be this long, in bytes; the design's cap for messages is lower (D18). */
const MAX_LINE_BYTES = 16_384;

/** Remembers a client's name and the beginning of a line whose end has not come yet. */
export class UsermsgSession {
  /** `MSG name `, what every line from this client begins with. */
  #heading: Uint8Array<ArrayBuffer>;
  #rest = new Uint8Array(0);

  /** @param name used until the client gives its own with `USER name` (R89) */
  constructor(name: string) {
    this.#heading = new TextEncoder().encode(`MSG ${name} `);
  }

  /**
   * Takes what one read brought: part of a line, one line, or many. Returns the lines for the others,
   * in one piece that may be empty, or undefined when a line is too long to go on.
   */
  hear(chunk: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined {
    const bytes = this.#rest.length === 0 ? chunk : joined([this.#rest, chunk]);
    const said: Uint8Array<ArrayBuffer>[] = [];
    let start = 0;
    for (let end; (end = bytes.indexOf(NEWLINE, start)) >= 0; start = end + 1) {
      this.#line(bytes.subarray(start, end), said);
    }
    this.#rest = bytes.slice(start); // a copy: the reader uses its buffer again
    return this.#rest.length > MAX_LINE_BYTES ? undefined : joined(said);
  }

  #line(line: Uint8Array<ArrayBuffer>, said: Uint8Array<ArrayBuffer>[]): void {
    if (startsWith(line, MSG)) {
      said.push(this.#heading, line.subarray(MSG.length), LINE_END);
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
