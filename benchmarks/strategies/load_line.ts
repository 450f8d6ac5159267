// The lines of the load: all of one length, numbered, so that receivers can check them. Pure.

/** Bytes of every line that a server sends: `MSG c00012 00000345 ......\n`. */
export const LINE_BYTES = 64;

const SENT_BYTES = LINE_BYTES - "c00012 ".length;
const NAME_AT = "MSG c".length;
const NAME_DIGITS = 5;
const NUMBER_AT = "MSG c00012 ".length;
const NUMBER_DIGITS = 8;
const ZERO = 48;
const NEWLINE = 10;
const LETTER_M = 77;

/** The name of client `id`, 0 to 99999. */
export function clientName(id: number): string {
  return `c${String(id).padStart(NAME_DIGITS, "0")}`;
}

/** Line `number` as a client sends it. */
export function lineSaid(number: number): Uint8Array<ArrayBuffer> {
  const start = `MSG ${String(number).padStart(NUMBER_DIGITS, "0")} `;
  return new TextEncoder().encode(`${start.padEnd(SENT_BYTES - 1, ".")}\n`);
}

/** Whether a whole line is at offset `at` of the received bytes. */
export function isLine(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === LETTER_M && bytes[at + LINE_BYTES - 1] === NEWLINE;
}

/** Id of the client that sent the line at `at`. */
export function idAt(bytes: Uint8Array, at: number): number {
  return digits(bytes, at + NAME_AT, NAME_DIGITS);
}

/** Number of the line at `at`. */
export function numberAt(bytes: Uint8Array, at: number): number {
  return digits(bytes, at + NUMBER_AT, NUMBER_DIGITS);
}

function digits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let index = at; index < at + count; index++) value = value * 10 + (bytes[index] ?? 0) - ZERO;
  return value;
}
