// The line framer of all line protocols: bytes in, whole lines out, with a cap that holds with and
// without a newline.

import { type Failure, failure } from "./failures.ts";

const LF = 0x0a;
const CR = 0x0d;
const NUL = 0x00;

const EMPTY = new Uint8Array(0);

/**
 * Splits a byte stream into lines, by one rule for all dialects (D13): a line ends at LF; carriage
 * returns directly before it belong to the ending; any other CR is a control character inside the
 * text.
 */
export class LineFramer {
  /** Start of an incomplete line; only the first `#pendingBytes` bytes are used. */
  #pending = EMPTY;
  #pendingBytes = 0;

  /** `maxBytes`: longest line, in bytes without its ending. */
  constructor(readonly maxBytes: number) {}

  /** The start of a line whose end has not arrived. The view is valid until the next call. */
  get unfinished(): Uint8Array {
    return this.#pending.subarray(0, this.#pendingBytes);
  }

  /**
   * Calls `onLine` for every line that `chunk` completes. The view is valid during the call only.
   * Returns "overflow" at the first line over the cap; the stream cannot be trusted after that.
   */
  feed(chunk: Uint8Array, onLine: (line: Uint8Array) => void): "ok" | "overflow" {
    let from = 0;
    for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, from)) {
      const tail = chunk.subarray(from, at);
      from = at + 1;
      if (this.#pendingBytes === 0) {
        if (this.#deliver(tail, onLine) === "overflow") return "overflow";
      } else {
        if (this.#keep(tail) === "overflow") return "overflow";
        if (this.#deliver(this.#take(), onLine) === "overflow") return "overflow";
      }
    }
    return this.#keep(chunk.subarray(from));
  }

  /** The peer sent EOF: the rest counts as a line (D13). */
  end(onLine: (line: Uint8Array) => void): "ok" | "overflow" {
    return this.#pendingBytes === 0 ? "ok" : this.#deliver(this.#take(), onLine);
  }

  #deliver(line: Uint8Array, onLine: (line: Uint8Array) => void): "ok" | "overflow" {
    const text = withoutReturns(line);
    // Both tests: how many carriage returns are accepted must not depend on the chunks.
    if (this.#isTooLong(line.length) || text.length > this.maxBytes) return "overflow";
    onLine(text);
    return "ok";
  }

  /** Copies the start of a line: the chunk's buffer is reused for the next read. */
  #keep(part: Uint8Array): "ok" | "overflow" {
    const bytes = this.#pendingBytes + part.length;
    if (this.#isTooLong(bytes)) return "overflow";
    if (bytes > this.#pending.length) {
      // Doubled, because exact growth would be quadratic. One buffer, because with an array for
      // each read a peer that sends byte by byte could make us allocate 200 times what it sent.
      const grown = new Uint8Array(
        Math.min(Math.max(bytes, 2 * this.#pending.length), this.maxBytes + 1),
      );
      grown.set(this.#pending.subarray(0, this.#pendingBytes));
      this.#pending = grown;
    }
    this.#pending.set(part, this.#pendingBytes);
    this.#pendingBytes = bytes;
    return "ok";
  }

  #take(): Uint8Array {
    const line = this.#pending.subarray(0, this.#pendingBytes);
    this.#pending = EMPTY;
    this.#pendingBytes = 0;
    return line;
  }

  /** One byte more than the cap may still be the CR of a CRLF. */
  #isTooLong(bytesWithReturns: number): boolean {
    return bytesWithReturns > this.maxBytes + 1;
  }
}

function withoutReturns(line: Uint8Array): Uint8Array {
  let end = line.length;
  while (end > 0 && line[end - 1] === CR) end--;
  return end === line.length ? line : line.subarray(0, end);
}

// A BOM is a character like any other here: it must not vanish from the middle of a protocol.
const LOSSY = new TextDecoder("utf-8", { ignoreBOM: true });
const STRICT = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

/**
 * A line as text, or a refusal. NUL is never text: a peer that sends it is out of sync and must be
 * disconnected. `lossy` replaces invalid bytes by U+FFFD (D18), for dialects that cannot report an
 * error; `strict` refuses them.
 */
export function decodeLine(line: Uint8Array, mode: "lossy" | "strict"): string | Failure {
  if (line.includes(NUL)) return failure("binary_input", (t) => t.nulInLine);
  if (mode === "lossy") return LOSSY.decode(line);
  try {
    return STRICT.decode(line);
  } catch {
    return failure("invalid_utf8", (t) => t.invalidUtf8);
  }
}

/** `text` as one line with its ending: a line end inside would be a second line to the reader. */
export function asLine(text: string): string {
  return text.replaceAll("\n", " ") + "\n";
}

/** The failure for a line over the cap, the same in every dialect. */
export function lineTooLong(maxBytes: number): Failure {
  return failure("line_too_long", (t) => t.lineTooLong(maxBytes));
}
