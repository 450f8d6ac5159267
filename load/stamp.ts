// Writes and reads stamps, the texts of a load test's messages: run, sender, number, and a pattern
// that shows any damage. Pure.

/** First byte of every stamp, which occurs nowhere else in one. */
export const MARK = 0x7e;

/** Shortest stamp: its head and one byte of pattern. */
export const MIN_STAMP_BYTES = 20;

/** Highest number of a message. */
export const MAX_NUMBER = 0xff_ffff;

/** Characters of a run's id. */
export const RUN_CHARS = 4;

/**
 * Sender number of probes, the messages that show which clients have joined; their numbers are not
 * checked.
 */
export const PROBE_SENDER = 0xffff;

const SENDER_AT = 1 + RUN_CHARS;
const NUMBER_AT = SENDER_AT + 4;
const CHECK_AT = NUMBER_AT + 6;
const HEAD_BYTES = CHECK_AT + 4;

const ENCODER = new TextEncoder();
const HEX = ENCODER.encode("0123456789abcdef");
const NO_DIGIT = 0xff;
const DIGIT_OF = digitTable();

/** One period of the pattern; each message starts elsewhere in it. */
const PERIOD = ENCODER.encode("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-");

/** What follows a mark: a whole message of this run, a damaged one, or other text. */
export type StampReading = "intact" | "torn" | "other";

/**
 * Writes and reads the stamps of one run, all of one length:
 *
 *     ~ RRRR SSSS QQQQQQ CCCC PPPP...     run, sender, number, check of the three (hex), pattern
 *
 * without the blanks. Every byte is visible ASCII that no dialect escapes.
 */
export class Stamp {
  /** Length of every stamp. */
  readonly bytes: number;
  /** Sender of the last stamp that was "intact" or "torn"; -1 if the damage hides it. */
  sender = -1;
  /** Number of that stamp; -1 if the damage hides it. */
  number = -1;
  /** Marks the messages of this run. */
  readonly run: string;
  readonly #run: Uint8Array;
  readonly #pattern: Uint8Array;

  /** `run`: {@linkcode RUN_CHARS} letters and digits; `bytes`: {@linkcode MIN_STAMP_BYTES} or more. */
  constructor(run: string, bytes: number) {
    if (!/^[a-z0-9]{4}$/.test(run)) throw new RangeError(`Not a run: "${run}"`);
    if (bytes < MIN_STAMP_BYTES) throw new RangeError(`Too short for a stamp: "${bytes}"`);
    this.bytes = bytes;
    this.run = run;
    this.#run = ENCODER.encode(run);
    this.#pattern = new Uint8Array(bytes + PERIOD.length);
    for (let at = 0; at < this.#pattern.length; at += PERIOD.length) {
      this.#pattern.set(PERIOD.subarray(0, this.#pattern.length - at), at);
    }
  }

  /** Writes one stamp into `out` from `at` on. */
  write(out: Uint8Array, at: number, sender: number, number: number): void {
    out[at] = MARK;
    out.set(this.#run, at + 1);
    writeHex(out, at + SENDER_AT, 4, sender);
    writeHex(out, at + NUMBER_AT, 6, number);
    writeHex(out, at + CHECK_AT, 4, checkOf(sender, number));
    const phase = phaseOf(sender, number);
    const rest = this.bytes - HEAD_BYTES;
    out.set(this.#pattern.subarray(phase, phase + rest), at + HEAD_BYTES);
  }

  /** Reads the stamp at the mark at `at`, which must end before `stop`. */
  read(bytes: Uint8Array, at: number, stop: number): StampReading {
    if (stop - at <= RUN_CHARS) return "other";
    const run = this.#run;
    for (let i = 0; i < RUN_CHARS; i++) if (bytes[at + 1 + i] !== run[i]) return "other";
    this.sender = -1;
    this.number = -1;
    if (stop - at < HEAD_BYTES) return "torn";
    const sender = readHex(bytes, at + SENDER_AT, 4);
    const number = readHex(bytes, at + NUMBER_AT, 6);
    if (sender < 0 || number < 0) return "torn";
    if (readHex(bytes, at + CHECK_AT, 4) !== checkOf(sender, number)) return "torn";
    this.sender = sender;
    this.number = number;
    if (stop - at < this.bytes) return "torn";
    const pattern = this.#pattern;
    let from = phaseOf(sender, number);
    for (let i = at + HEAD_BYTES, end = at + this.bytes; i < end; i++) {
      if (bytes[i] !== pattern[from++]) return "torn";
    }
    return "intact";
  }
}

function checkOf(sender: number, number: number): number {
  return Math.imul(number ^ (sender << 12) ^ 0x5bd1, 0x9e3779b1) >>> 16;
}

function phaseOf(sender: number, number: number): number {
  return (sender * 5 + number * 7) % PERIOD.length;
}

function writeHex(out: Uint8Array, at: number, digits: number, value: number): void {
  for (let i = digits - 1, rest = value; i >= 0; i--, rest >>>= 4) {
    out[at + i] = HEX[rest & 15] ?? 0;
  }
}

/** The number, or -1 if a byte is no digit. */
function readHex(bytes: Uint8Array, at: number, digits: number): number {
  let value = 0;
  for (let i = at; i < at + digits; i++) {
    const digit = DIGIT_OF[bytes[i] ?? 0] ?? NO_DIGIT;
    if (digit === NO_DIGIT) return -1;
    value = (value << 4) | digit;
  }
  return value;
}

function digitTable(): Uint8Array {
  const table = new Uint8Array(256).fill(NO_DIGIT);
  HEX.forEach((byte, digit) => table[byte] = digit);
  return table;
}
