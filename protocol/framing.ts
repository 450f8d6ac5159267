// The line framer of all line protocols: bytes in, whole lines out, with a cap that holds with and
// without a newline.

import { type Failure, failure } from "./failures.ts";

const LF = 0x0a;
const CR = 0x0d;
const NUL = 0x00;

const EMPTY = new Uint8Array(0);

/**
 * Splits a byte stream into lines, by one rule for all dialects (D13, D25). A line ends at LF; at
 * NUL, as C programs send strings and whole buffers; and at CR, until the peer has sent an LF: from
 * then on a CR is a control character inside the text. Returns and NULs directly before or after
 * such an end, and an LF after them, belong to it, so that no padding is a line.
 */
export class LineFramer {
  /** Start of an incomplete line; only the first `#pendingBytes` bytes are used. */
  #pending = EMPTY;
  #pendingBytes = 0;
  /** Whether the peer has sent an LF. */
  #usesLf = false;
  /** Whether the peer has ended a line with CR. */
  #usesCr = false;
  /** A line has just ended without LF: what can belong to its ending is skipped. */
  #inEnding = false;

  /** `maxBytes`: longest line, in bytes without its ending. */
  constructor(readonly maxBytes: number) {}

  /** The start of a line whose end has not arrived. The view is valid until the next call. */
  get unfinished(): Uint8Array {
    return this.#pending.subarray(0, this.#pendingBytes);
  }

  /** Bytes of the unfinished line. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Whether the peer has ended a line with LF or CR. */
  get endsLines(): boolean {
    return this.#usesLf || this.#usesCr;
  }

  /**
   * Calls `onLine` for every line that `chunk` completes. The view is valid during the call only.
   * Returns "overflow" at the first line over the cap; the stream cannot be trusted after that.
   */
  feed(chunk: Uint8Array, onLine: (line: Uint8Array) => void): "ok" | "overflow" {
    const onlyLf = this.#usesLf && !this.#inEnding && !chunk.includes(NUL);
    let from = 0;
    for (let at = nextEnd(chunk, 0, onlyLf); at !== -1; at = nextEnd(chunk, at + 1, onlyLf)) {
      const byte = chunk[at];
      const isEmpty = at === from && this.#pendingBytes === 0;
      if (byte === CR && this.#usesLf && !(isEmpty && this.#inEnding)) continue;
      const isPadding = isEmpty && (this.#inEnding || byte === NUL);
      if (!isPadding && this.#endLine(chunk.subarray(from, at), onLine) === "overflow") {
        return "overflow";
      }
      from = at + 1;
      if (byte === LF) {
        this.#usesLf = true;
        this.#inEnding = false;
      } else if (!isPadding) {
        this.#usesCr ||= byte === CR;
        this.#inEnding = true;
      }
    }
    return this.#keep(chunk.subarray(from));
  }

  #endLine(tail: Uint8Array, onLine: (line: Uint8Array) => void): "ok" | "overflow" {
    if (this.#pendingBytes === 0) return this.#deliver(tail, onLine);
    if (this.#keep(tail) === "overflow") return "overflow";
    return this.#deliver(this.#take(), onLine);
  }

  /**
   * The peer sent EOF, or was silent (D24): the rest counts as a line (D13), or as several, cut at
   * the positions `cuts`, in ascending order.
   */
  end(onLine: (line: Uint8Array) => void, cuts: readonly number[] = []): "ok" | "overflow" {
    if (this.#pendingBytes === 0) return "ok";
    this.#inEnding = true;
    const rest = this.#take();
    let from = 0;
    for (const cut of cuts.filter((at) => at > 0 && at < rest.length)) {
      onLine(rest.subarray(from, cut));
      from = cut;
    }
    return this.#deliver(rest.subarray(from), onLine);
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
    if (part.length === 0) return "ok";
    this.#inEnding = false;
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

/** Position of the next byte from `from` on that may end a line, or -1. */
function nextEnd(chunk: Uint8Array, from: number, onlyLf: boolean): number {
  if (onlyLf) return chunk.indexOf(LF, from);
  for (let at = from; at < chunk.length; at++) {
    const byte = chunk[at];
    if (byte === LF || byte === NUL || byte === CR) return at;
  }
  return -1;
}

function withoutReturns(line: Uint8Array): Uint8Array {
  let end = line.length;
  while (end > 0 && line[end - 1] === CR) end--;
  return end === line.length ? line : line.subarray(0, end);
}

// A BOM is a character like any other here: it must not vanish from the middle of a protocol.
const LOSSY = new TextDecoder("utf-8", { ignoreBOM: true });
const STRICT = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

/** A line as text; invalid bytes become U+FFFD (D18). */
export function lineText(line: Uint8Array): string {
  return LOSSY.decode(line);
}

/**
 * Bytes as text, or a refusal. NUL is never text: a peer that sends it inside a frame is out of
 * sync and must be disconnected. `lossy` replaces invalid bytes by U+FFFD (D18), for dialects that
 * cannot report an error; `strict` refuses them.
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
