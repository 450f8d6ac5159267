// Frames: a header with a length, then a payload. How the first one shows which of sheet 000's
// layouts it has (R9, D2), and how frames of any layout are read and written.

import { type Failure, failure } from "./failures.ts";
import { decodeLine } from "./framing.ts";
import {
  type FrameLayout,
  headerOf,
  type Layout,
  LAYOUTS,
  longestPayload,
  writeHeader,
} from "./frame_layouts.ts";

/** The nature of a frame: 0 registers, 1 is a message (R9). */
export type Nature = 0 | 1;

const MAX_HEADER_BYTES = 16;
const SPACE = 0x20;
const ENCODER = new TextEncoder();

/** A frame: header and payload in one buffer, so that they are sent in one write (R11). */
export function frame(layout: FrameLayout, nature: Nature, text: string) {
  const payload = ENCODER.encode(text);
  const bytes = new Uint8Array(layout.headerBytes + payload.length);
  writeHeader(layout, nature, payload.length, bytes);
  bytes.set(payload, layout.headerBytes);
  return bytes;
}

/** A text as one frame, or as several where the header has no room for its length. */
export function framesOf(layout: FrameLayout, nature: Nature, text: string) {
  const most = longestPayload(layout);
  const parts = [""];
  let room = most;
  if (text.length > most / 3) { // a UTF-16 unit is three bytes at most
    for (const char of text) {
      const { length } = ENCODER.encode(char);
      if (length > room) {
        parts.push("");
        room = most;
      }
      parts[parts.length - 1] += char;
      room -= length;
    }
  } else parts[0] = text;
  return parts.map((part) => frame(layout, nature, part));
}

/**
 * Determines the layout of sheet 000 from a connection's first bytes; "none" if none fits.
 *
 * The length is between 1 and the cap, so at most two of its bytes are not zero, and they are at
 * different places in each layout; a payload does not begin with NUL. So 17 bytes always decide,
 * and mostly 9 do. The padding of the 16-byte layouts is uninitialised memory, so it decides
 * nothing: if it looks like the length 1 of an 8-byte layout, and the true length looks like a
 * character, both readings fit for some bytes. Then a complete frame of visible text wins if no
 * byte follows it, because none may ever follow; otherwise more bytes are awaited. So a struct is
 * misread only if it is cut exactly after byte 9, its padding is exactly 1 and its text has 33
 * bytes or more (or if it is cut after byte 10, its padding is 2 and its text has more than 2300
 * bytes).
 */
export function settleLayout(head: Uint8Array, maxBytes: number): Layout | "more" | "none" {
  const open = LAYOUTS.filter((layout) => fits(layout, head, maxBytes));
  const [first] = open;
  if (first === undefined) return "none";
  if (open.length === 1) return first;
  const complete = open.find((layout) => isWholeFrame(layout, head));
  if (complete) return complete;
  return head.length > MAX_HEADER_BYTES ? first : "more";
}

/**
 * The layout of a stream that ended before it was certain: the first in which a whole frame was
 * received.
 */
export function guessLayout(head: Uint8Array, maxBytes: number): Layout | undefined {
  return LAYOUTS.find((layout) =>
    fits(layout, head, maxBytes) &&
    head.length >= layout.headerBytes + headerOf(layout, head).length
  );
}

/** Whether the first four bytes, as far as received, are the int 0 or 1 in either byte order. */
export function beginsLikeFrame(head: Uint8Array): boolean {
  return LAYOUTS.some((layout) => headerOf(layout, head).nature <= 1);
}

/** Whether `head` may be the beginning of a frame in that layout. */
function fits(layout: Layout, head: Uint8Array, maxBytes: number): boolean {
  // Missing bytes count as 0, so both numbers are the minimum they can become.
  const { nature, length } = headerOf(layout, head);
  if (nature > 1 || length > maxBytes) return false;
  const { headerBytes } = layout;
  if (head.length < headerBytes) return true;
  return length > 0 && (headerBytes === MAX_HEADER_BYTES || head[headerBytes] !== 0);
}

/** Whether `head` is exactly one frame of printable text that is not blank. */
export function isWholeFrame(layout: Layout, head: Uint8Array): boolean {
  const end = layout.headerBytes + headerOf(layout, head).length;
  const payload = head.subarray(layout.headerBytes, end);
  return head.length === end && payload.every(isText) && payload.some((byte) => byte > SPACE);
}

function isText(byte: number): boolean {
  return byte >= SPACE ? byte !== 0x7f : [0x09, 0x0a, 0x0d].includes(byte);
}

/** The refusal of an invalid header; `layout` is undefined while no layout fits. */
export function badFrame(layout: FrameLayout | undefined, maxBytes: number): Failure {
  const isOfSheet = layout?.shape === undefined;
  return failure("bad_frame", (t) => isOfSheet ? t.badFrame(maxBytes) : t.badLength(maxBytes));
}

/** Decodes frames of one layout from a byte stream, however it is split into chunks. */
export class FrameReader {
  readonly #layout: FrameLayout;
  readonly #maxBytes: number;
  /** Start of an incomplete frame; only the first `#bytes` bytes are used. */
  #pending = new Uint8Array(MAX_HEADER_BYTES);
  #bytes = 0;

  /** `maxBytes`: longest payload. */
  constructor(layout: FrameLayout, maxBytes: number) {
    this.#layout = layout;
    this.#maxBytes = maxBytes;
  }

  /** Whether no frame is incomplete. */
  get isIdle(): boolean {
    return this.#bytes === 0;
  }

  /**
   * Reads one frame, or a part of it, from `chunk` at `from`; returns the position after it. A bad
   * header is refused before memory is allocated for its payload. `payload` is valid during the
   * call only.
   */
  read(
    chunk: Uint8Array,
    from: number,
    onFrame: (nature: Nature, payload: Uint8Array) => void,
  ): number | Failure {
    const { headerBytes, shape } = this.#layout;
    const at = this.#fill(chunk, from, headerBytes);
    if (this.#bytes < headerBytes) return at;
    const header = headerOf(this.#layout, this.#pending);
    const { length } = header;
    // Only the sheet's header says what the payload is, and only the sheet forbids an empty one.
    const nature = shape === undefined ? header.nature : 1;
    const isAllowed = length <= this.#maxBytes && (length > 0 || shape !== undefined);
    if ((nature !== 0 && nature !== 1) || !isAllowed) return badFrame(this.#layout, this.#maxBytes);
    const end = this.#fill(chunk, at, headerBytes + length);
    if (this.#bytes < headerBytes + length) return end;
    const payload = this.#pending.subarray(headerBytes, this.#bytes);
    this.#pending = new Uint8Array(MAX_HEADER_BYTES);
    this.#bytes = 0;
    onFrame(nature, payload);
    return end;
  }

  /**
   * Copies from `chunk` until `wanted` bytes are stored; memory grows with the bytes received, not
   * with the length announced.
   */
  #fill(chunk: Uint8Array, from: number, wanted: number): number {
    const part = chunk.subarray(from, from + Math.max(0, wanted - this.#bytes));
    const bytes = this.#bytes + part.length;
    if (bytes > this.#pending.length) {
      const grown = new Uint8Array(Math.min(wanted, Math.max(bytes, 2 * this.#pending.length)));
      grown.set(this.#pending.subarray(0, this.#bytes));
      this.#pending = grown;
    }
    this.#pending.set(part, this.#bytes);
    this.#bytes = bytes;
    return from + part.length;
  }
}

/** A payload as text, without the line end of `fgets` and the NUL of a C string, if they were sent. */
export function payloadText(payload: Uint8Array): string | Failure {
  let end = payload.length;
  while (end > 0 && [0x00, 0x0a, 0x0d].includes(payload[end - 1] ?? -1)) end--;
  return decodeLine(payload.subarray(0, end), "lossy");
}
