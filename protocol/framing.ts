// The push framer of every line protocol: bytes in, whole lines out, with a cap that holds with
// and without a newline. Pure; knows nothing of what a line means.
//
// One rule for line ends in all dialects (D13): a line ends at LF; carriage returns right before it
// belong to the ending; any other CR is a control character inside the text.

import { type Failure, failure } from "./failures.ts";

const LF = 0x0a;
const CR = 0x0d;
const NUL = 0x00;

/** Splits a byte stream into lines. */
export class LineFramer {
  #parts: Uint8Array[] = [];
  #pendingBytes = 0;

  /** `maxBytes`: longest line, in bytes without its ending. */
  constructor(readonly maxBytes: number) {}

  /**
   * Calls `onLine` for every line that `chunk` completes. The view is valid during the call only.
   * Answers "overflow" at the first line over the cap; the stream cannot be trusted after that.
   */
  feed(chunk: Uint8Array, onLine: (line: Uint8Array) => void): "ok" | "overflow" {
    let from = 0;
    for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, from)) {
      const tail = chunk.subarray(from, at);
      from = at + 1;
      const line = withoutReturns(this.#pendingBytes === 0 ? tail : this.#join(tail));
      if (line.length > this.maxBytes) return "overflow";
      onLine(line);
    }
    if (from < chunk.length) {
      // The chunk's buffer is read into again, so what straddles two reads is copied.
      this.#parts.push(chunk.slice(from));
      this.#pendingBytes += chunk.length - from;
    }
    // One byte more than the cap may still be the CR of a CRLF.
    return this.#pendingBytes > this.maxBytes + 1 ? "overflow" : "ok";
  }

  /** The peer sent EOF: what is left counts as a line (D13). */
  end(onLine: (line: Uint8Array) => void): "ok" | "overflow" {
    if (this.#pendingBytes === 0) return "ok";
    const line = withoutReturns(this.#join(new Uint8Array(0)));
    if (line.length > this.maxBytes) return "overflow";
    onLine(line);
    return "ok";
  }

  /** Joined once, when the line is complete: appending chunk by chunk would be quadratic. */
  #join(tail: Uint8Array): Uint8Array {
    const line = new Uint8Array(this.#pendingBytes + tail.length);
    let at = 0;
    for (const part of this.#parts) {
      line.set(part, at);
      at += part.length;
    }
    line.set(tail, at);
    this.#parts = [];
    this.#pendingBytes = 0;
    return line;
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
 * A whole line as text, or why it is none. NUL is never text: a peer that sends it is desynchronised
 * and must go. `lossy` replaces invalid bytes by U+FFFD (D18), for dialects that cannot tell a
 * person of an error; `strict` refuses them.
 */
export function decodeLine(line: Uint8Array, mode: "lossy" | "strict"): string | Failure {
  if (line.includes(NUL)) return failure("binary_input", "Not text: the line holds a NUL byte");
  if (mode === "lossy") return LOSSY.decode(line);
  try {
    return STRICT.decode(line);
  } catch {
    return failure("invalid_utf8", "Not UTF-8: the line was not delivered");
  }
}

/** The failure for a line over the cap, the same in every dialect. */
export function lineTooLong(maxBytes: number): Failure {
  return failure("line_too_long", `Line too long: at most ${maxBytes} bytes`);
}
