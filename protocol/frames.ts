// Frames of sheet 000: an int for the nature, a length, a payload (R9), in the six layouts that C
// programs give them (D2), and how the first frame shows its layout.

import { type Failure, failure } from "./failures.ts";
import { decodeLine } from "./framing.ts";
import { concatBuffers } from "./first_bytes.ts";

/** Layout of a frame's header. */
export interface Layout {
  /** 16: int, padding, 64-bit length, a C struct. 12: int, 64-bit length. 8: int, 32-bit length. */
  readonly headerBytes: 16 | 12 | 8;
  readonly littleEndian: boolean;
}

/** All layouts, the likeliest first. */
export const LAYOUTS: readonly Layout[] = [true, false].flatMap((littleEndian) =>
  ([16, 12, 8] as const).map((headerBytes) => ({ headerBytes, littleEndian }))
);

/** The nature of a frame: 0 registers, 1 is a message (R9). */
export type Nature = 0 | 1;

const MAX_HEADER_BYTES = 16;
const SPACE = 0x20;
const ENCODER = new TextEncoder();

/** A frame: header and payload in one buffer, so that they are sent in one write (R11). */
export function frame({ headerBytes, littleEndian }: Layout, nature: Nature, text: string) {
  const payload = ENCODER.encode(text);
  const bytes = new Uint8Array(headerBytes + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, nature, littleEndian);
  if (headerBytes === 8) view.setUint32(4, payload.length, littleEndian);
  else view.setBigUint64(headerBytes - 8, BigInt(payload.length), littleEndian);
  bytes.set(payload, headerBytes);
  return bytes;
}

/**
 * Determines the layout from a connection's first bytes; "none" if no layout fits.
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
  const complete = open.find((layout) => isVisibleFrame(layout, head));
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
function isVisibleFrame(layout: Layout, head: Uint8Array): boolean {
  const end = layout.headerBytes + headerOf(layout, head).length;
  const payload = head.subarray(layout.headerBytes, end);
  return head.length === end && payload.every(isText) && payload.some((byte) => byte > SPACE);
}

function isText(byte: number): boolean {
  return byte >= SPACE ? byte !== 0x7f : [0x09, 0x0a, 0x0d].includes(byte);
}

function headerOf({ headerBytes, littleEndian }: Layout, head: Uint8Array) {
  const bytes = new Uint8Array(MAX_HEADER_BYTES);
  bytes.set(head.subarray(0, headerBytes));
  const view = new DataView(bytes.buffer);
  const nature = view.getUint32(0, littleEndian);
  const length = headerBytes === 8
    ? view.getUint32(4, littleEndian)
    : Number(view.getBigUint64(headerBytes - 8, littleEndian));
  return { nature, length };
}

/** The refusal of an invalid header. */
function badFrame(maxBytes: number): Failure {
  return failure(
    "bad_frame",
    (t) => t.badFrame(maxBytes),
  );
}

/** Decodes frames of one layout from a byte stream, however it is split into chunks. */
export class FrameReader {
  readonly #layout: Layout;
  readonly #maxBytes: number;
  /** Start of an incomplete frame; only the first `#bytes` bytes are used. */
  #pending = new Uint8Array(MAX_HEADER_BYTES);
  #bytes = 0;

  /** `maxBytes`: longest payload. */
  constructor(layout: Layout, maxBytes: number) {
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
    const { headerBytes } = this.#layout;
    const at = this.#fill(chunk, from, headerBytes);
    if (this.#bytes < headerBytes) return at;
    const { nature, length } = headerOf(this.#layout, this.#pending);
    if ((nature !== 0 && nature !== 1) || length < 1 || length > this.#maxBytes) {
      return badFrame(this.#maxBytes);
    }
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

/** Called with each frame; returns a failure if the rest of the stream cannot be trusted. */
type OnFrame = (nature: Nature, payload: Uint8Array) => Failure | undefined;

/** Decodes frames in the layout that the first one shows. */
export class LayoutFinder {
  readonly #maxBytes: number;
  /** First bytes, until the layout is known. */
  #head = new Uint8Array(0);
  #layout: Layout | undefined;
  #reader: FrameReader | undefined;

  /** `maxBytes`: longest payload. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The layout, once it is known. */
  get layout(): Layout | undefined {
    return this.#layout;
  }

  /** Calls `onFrame` for every frame that `chunk` completes; a failure ends the reading. */
  feed(chunk: Uint8Array, onFrame: OnFrame): Failure | undefined {
    if (this.#reader !== undefined) return readAll(this.#reader, chunk, onFrame);
    this.#head = concatBuffers(this.#head, chunk);
    const layout = settleLayout(this.#head, this.#maxBytes);
    if (layout === "none") return badFrame(this.#maxBytes);
    return layout === "more" ? undefined : this.#settle(layout, onFrame);
  }

  /** The stream ended: the bytes received may be a whole frame. An incomplete frame is ignored. */
  end(onFrame: OnFrame): Failure | undefined {
    if (this.#reader !== undefined) return undefined;
    const layout = guessLayout(this.#head, this.#maxBytes);
    return layout === undefined ? undefined : this.#settle(layout, onFrame);
  }

  #settle(layout: Layout, onFrame: OnFrame): Failure | undefined {
    this.#layout = layout;
    this.#reader = new FrameReader(layout, this.#maxBytes);
    const head = this.#head;
    this.#head = new Uint8Array(0);
    return readAll(this.#reader, head, onFrame);
  }
}

function readAll(reader: FrameReader, chunk: Uint8Array, onFrame: OnFrame): Failure | undefined {
  const refused: Failure[] = [];
  for (let at = 0; at < chunk.length;) {
    const next = reader.read(chunk, at, (nature, payload) => {
      const problem = onFrame(nature, payload);
      if (problem !== undefined) refused.push(problem);
    });
    if (typeof next !== "number") return next;
    if (refused.length > 0) return refused[0];
    at = next;
  }
  return undefined;
}

/** A payload as text, without the line end of `fgets` and the NUL of a C string, if they were sent. */
export function payloadText(payload: Uint8Array): string | Failure {
  let end = payload.length;
  while (end > 0 && [0x00, 0x0a, 0x0d].includes(payload[end - 1] ?? -1)) end--;
  return decodeLine(payload.subarray(0, end), "lossy");
}
