// Finds the stamps in a server's bytes, without a client codec, which would create objects for each
// delivery. Pure.

import type { DialectName } from "../protocol/dialect.ts";
import { MAX_SERVER_FRAME_BYTES } from "../protocol/limits.ts";
import { MARK, RUN_CHARS, type Stamp } from "./stamp.ts";

/** Receives what a scanner finds. */
export interface StampListener {
  /** A whole message was found. */
  intact(sender: number, number: number): void;
  /**
   * A line or frame was found that holds a damaged message, or several. `sender` and `number` are
   * -1 if the damage hides them; `bytes` are the line or frame, valid during the call only.
   */
  torn(sender: number, number: number, bytes: Uint8Array): void;
}

/** Finds stamps in the bytes of one connection. */
export interface Scanner {
  /**
   * Calls `sink` for each complete line or frame in `bytes`, and returns how many bytes are used:
   * the next call must begin with the rest.
   */
  scan(bytes: Uint8Array, sink: StampListener): number;
  /** Whole messages that ended with NUL in place of the dialect's own end (D25). */
  readonly nulEnds: number;
}

/** Options of {@linkcode scannerFor}. */
export interface ScannerOptions {
  readonly stamp: Stamp;
  /** Length of a header in `framed` (D2). */
  readonly headerBytes: 16 | 12 | 8;
}

const NUL = 0;
const LF = 0x0a;
const ETX = 0x03;

const SCANNERS: Readonly<Record<DialectName, (options: ScannerOptions) => Scanner>> = {
  native: ({ stamp }) => new DelimitedScanner(stamp, LF, isJson),
  usermsg: ({ stamp }) => new DelimitedScanner(stamp, LF, isMsg),
  etx: ({ stamp }) => new DelimitedScanner(stamp, ETX, isAnything),
  plain: ({ stamp }) => new DelimitedScanner(stamp, LF, isAnything),
  framed: (options) => new FrameScanner(options),
};

/** A scanner for one connection to a server of that dialect. */
export function scannerFor(dialect: DialectName, options: ScannerOptions): Scanner {
  return SCANNERS[dialect](options);
}

/** A stamp within a line: the line is `start` to `stop`, the stamp `from` to `to`. */
interface Place {
  readonly start: number;
  readonly stop: number;
  readonly from: number;
  readonly to: number;
}

/** Whether the rest of a line is what the dialect has around a message. */
type IsWhole = (bytes: Uint8Array, place: Place) => boolean;

/** These servers choose the text of their lines (D8, D15): only the stamp must be whole. */
function isAnything(): boolean {
  return true;
}

const MSG = new TextEncoder().encode("MSG ");

/** `MSG name text`, followed by nothing but a CR or NUL (R91). */
function isMsg(bytes: Uint8Array, { start, stop, to }: Place): boolean {
  for (let i = 0; i < MSG.length; i++) if (bytes[start + i] !== MSG[i]) return false;
  for (let at = to; at < stop; at++) if ((bytes[at] ?? 0) > 0x20) return false;
  return true;
}

const QUOTE = 0x22;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const CR = 0x0d;

/** An object with the stamp as one of its strings. */
function isJson(bytes: Uint8Array, { start, stop, from, to }: Place): boolean {
  const last = bytes[stop - 1] === CR ? stop - 2 : stop - 1;
  return bytes[start] === OPEN_BRACE && bytes[last] === CLOSE_BRACE &&
    bytes[from - 1] === QUOTE && bytes[to] === QUOTE;
}

/** Scans messages that end with one byte that no message contains, or with NUL (D25). */
class DelimitedScanner implements Scanner {
  nulEnds = 0;
  readonly #stamp: Stamp;
  readonly #delimiter: number;
  readonly #isWhole: IsWhole;

  constructor(stamp: Stamp, delimiter: number, isWhole: IsWhole) {
    this.#stamp = stamp;
    this.#delimiter = delimiter;
    this.#isWhole = isWhole;
  }

  scan(bytes: Uint8Array, sink: StampListener): number {
    let start = 0;
    let mark = bytes.indexOf(MARK);
    let end = bytes.indexOf(this.#delimiter);
    let nul = bytes.indexOf(NUL);
    for (;;) {
      const stop = nul !== -1 && (end === -1 || nul < end) ? nul : end;
      if (stop === -1) return start;
      if (stop === nul) nul = bytes.indexOf(NUL, stop + 1);
      else end = bytes.indexOf(this.#delimiter, stop + 1);
      if (mark !== -1 && mark < start) mark = bytes.indexOf(MARK, start);
      if (mark !== -1 && mark < stop) {
        const from = mark;
        mark = bytes.indexOf(MARK, from + 1);
        const only = mark === -1 || mark > stop;
        this.#look(bytes, { start, stop, from, only }, sink);
      }
      start = stop + 1;
    }
  }

  #look(
    bytes: Uint8Array,
    { start, stop, from, only }: { start: number; stop: number; from: number; only: boolean },
    sink: StampListener,
  ): void {
    const stamp = this.#stamp;
    if (only && stamp.read(bytes, from, stop) === "intact") {
      const { sender, number } = stamp;
      if (this.#isWhole(bytes, { start, stop, from, to: from + stamp.bytes })) {
        if (bytes[stop] === NUL) this.nulEnds++;
        return sink.intact(sender, number);
      }
      return sink.torn(sender, number, bytes.subarray(start, stop));
    }
    inspect(bytes.subarray(start, stop), stamp, sink);
  }
}

/**
 * Examines a line or frame that is not exactly one whole message: damaged stamps are torn; whole
 * stamps among several count as received, though not in a line or frame of their own. Returns the
 * number of stamps.
 */
function inspect(part: Uint8Array, stamp: Stamp, sink: StampListener): number {
  let ours = 0;
  let torn = 0;
  for (let at = part.indexOf(MARK); at !== -1; at = part.indexOf(MARK, at + 1)) {
    const reading = stamp.read(part, at, part.length);
    if (reading === "other") continue;
    ours++;
    if (reading === "intact") sink.intact(stamp.sender, stamp.number);
    else {
      torn++;
      sink.torn(stamp.sender, stamp.number, part);
    }
  }
  if (ours > 1 && torn === 0) sink.torn(-1, -1, part);
  return ours;
}

/**
 * Scans messages without an end (D24), which end by their known length. What stands around them is
 * not checked.
 */
export class EndlessScanner implements Scanner {
  readonly nulEnds = 0;
  readonly #stamp: Stamp;

  constructor(stamp: Stamp) {
    this.#stamp = stamp;
  }

  scan(bytes: Uint8Array, sink: StampListener): number {
    let at = 0;
    for (;;) {
      at = bytes.indexOf(MARK, at);
      if (at === -1) return bytes.length;
      const next = scanRaw(bytes, at, { stamp: this.#stamp, sink, isAllowed: true });
      if (next === at) return at; // more bytes are needed
      at = next;
    }
  }
}

/** Whether `bytes` hold a whole message, in any place. */
export function holdsMessage(bytes: Uint8Array, stamp: Stamp): boolean {
  for (let at = bytes.indexOf(MARK); at !== -1; at = bytes.indexOf(MARK, at + 1)) {
    if (stamp.read(bytes, at, bytes.length) === "intact") return true;
  }
  return false;
}

/**
 * Examines the mark at `at`, outside of a line or frame. Returns the offset after it; `at` if it is
 * incomplete. A whole message that is not allowed there is torn.
 */
function scanRaw(
  bytes: Uint8Array,
  at: number,
  { stamp, sink, isAllowed }: { stamp: Stamp; sink: StampListener; isAllowed: boolean },
): number {
  const stop = Math.min(bytes.length, at + stamp.bytes);
  const reading = stamp.read(bytes, at, stop);
  const isShort = stop - at < stamp.bytes;
  if (reading === "other") return isShort && stop - at <= RUN_CHARS ? at : at + 1;
  if (isShort) return at;
  const { sender, number } = stamp;
  if (reading === "intact" && isAllowed) sink.intact(sender, number);
  else sink.torn(sender, number, bytes.subarray(at, stop));
  return reading === "intact" ? stop : at + 1;
}

/** Natures are the ints 0 and 1, and so is a header's first byte (R9). */
const NATURES = 2;
/** An int is four bytes in every layout. */
const INT_BYTES = 4;

/** The payload length in the header at `at`; undefined if there is no header. */
function payloadLength(bytes: Uint8Array, at: number, headerBytes: number): number | undefined {
  for (let i = at + 1; i < at + INT_BYTES; i++) if (bytes[i] !== 0) return undefined;
  const from = headerBytes === 8 ? at + INT_BYTES : at + headerBytes - 8;
  const end = at + headerBytes;
  let length = 0;
  for (let i = end - 1; i >= from; i--) {
    length = length * 256 + (bytes[i] ?? 0);
    if (length > MAX_SERVER_FRAME_BYTES) return undefined;
  }
  return length > 0 ? length : undefined;
}

/**
 * Scans frames of sheet 000, or text without frames (D4), which ends only by its known length.
 * Skips `ok` and all other bytes between messages (D1).
 */
class FrameScanner implements Scanner {
  readonly nulEnds = 0;
  readonly #stamp: Stamp;
  readonly #headerBytes: number;
  /** Whether this server frames its messages: one outside of a frame has lost its header. */
  #frames = false;

  constructor({ stamp, headerBytes }: ScannerOptions) {
    this.#stamp = stamp;
    this.#headerBytes = headerBytes;
  }

  scan(bytes: Uint8Array, sink: StampListener): number {
    let at = 0;
    while (at < bytes.length) {
      const first = bytes[at] ?? 0;
      let next = at + 1;
      if (first < NATURES) next = this.#frame(bytes, at, sink);
      else if (first === MARK) {
        next = scanRaw(bytes, at, { stamp: this.#stamp, sink, isAllowed: !this.#frames });
      }
      if (next === at) return at; // more bytes are needed
      at = next;
    }
    return at;
  }

  /** Offset after the frame at `at`; `at` if it is incomplete, `at` + 1 if there is no frame. */
  #frame(bytes: Uint8Array, at: number, sink: StampListener): number {
    const start = at + this.#headerBytes;
    if (start > bytes.length) return at;
    const length = payloadLength(bytes, at, this.#headerBytes);
    if (length === undefined) return at + 1;
    if (start + length > bytes.length) return at;
    const found = inspect(bytes.subarray(start, start + length), this.#stamp, sink);
    if (found > 0) this.#frames = true;
    return start + length;
  }
}
