// Splits standard input into lines. A line over the limit is skipped and reported, and reading goes
// on after it, unlike in a peer's stream. Pure.

const LF = 0x0a;
const CR = 0x0d;

/** U+FEFF in UTF-8: editors of Windows write it in front of a file's text. */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;

/** A line without its ending, or "too_long" for one over the limit. */
export type InputLine = Uint8Array | "too_long";

/** Splits bytes into lines, with bounded memory. */
export class InputLines {
  readonly #maxBytes: number;
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #isFirst = true;

  /** `maxBytes` limits a line, without its ending. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether the start of a line was read, and not its end. */
  get isMidLine(): boolean {
    return this.#bytes > 0;
  }

  /** The lines that `chunk` completes, in order; `chunk` is not kept. */
  feed(chunk: Uint8Array): InputLine[] {
    const lines: InputLine[] = [];
    let from = 0;
    for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, from)) {
      this.#add(chunk.subarray(from, at));
      lines.push(this.#take());
      from = at + 1;
    }
    this.#add(chunk.subarray(from));
    return lines;
  }

  /** The input ended: an unfinished line counts as a line (D13). */
  end(): InputLine[] {
    return this.#bytes === 0 ? [] : [this.#take()];
  }

  #add(part: Uint8Array): void {
    this.#bytes += part.length;
    // The byte after the limit may still be the CR of a CRLF.
    if (this.#bytes > this.#maxBytes + 1) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part.slice());
  }

  #take(): InputLine {
    const bytes = this.#bytes;
    const parts = this.#parts;
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    this.#parts = [];
    this.#bytes = 0;
    if (bytes > this.#maxBytes + 1) return "too_long";
    const line = new Uint8Array(bytes);
    let at = 0;
    for (const part of parts) {
      line.set(part, at);
      at += part.length;
    }
    const end = line.at(-1) === CR ? bytes - 1 : bytes;
    const start = isFirst && BYTE_ORDER_MARK.every((byte, i) => line[i] === byte) ? 3 : 0;
    return end > this.#maxBytes ? "too_long" : line.subarray(start, end);
  }
}
