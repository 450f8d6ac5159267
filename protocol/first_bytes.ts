// Reads a connection's first bytes without consuming them, for detect.ts and the dialects' detect
// functions.

const LF = 0x0a;
const CR = 0x0d;
const NUL = 0x00;
/** U+FEFF in UTF-8: some programs write it before their first line. */
const BOM: readonly number[] = [0xef, 0xbb, 0xbf];

/** Whether a byte ends the first line of a connection: LF, CR or NUL (D13, D25). */
export function isLineEnd(byte: number | undefined): boolean {
  return byte === LF || byte === CR || byte === NUL;
}

/** `start`, a connection's first bytes, without a BOM; undefined if more bytes decide. */
export function withoutBom(start: Uint8Array): Uint8Array | undefined {
  const differs = BOM.findIndex((byte, at) => start[at] !== byte);
  if (differs === -1) return start.subarray(BOM.length);
  return differs < start.length ? start : undefined;
}

/** The first line of a connection. */
export interface FirstLine {
  /** Without its ending, decoded as Latin-1 so that no byte is lost. */
  readonly line: string;
  /** Whether it is complete. */
  readonly whole: boolean;
  /** The byte that ends it; undefined if none has come. */
  readonly end: number | undefined;
}

/** The first line of `head`; `ended` if no more bytes will come. */
export function firstLine(head: Uint8Array, ended: boolean): FirstLine {
  const at = head.findIndex(isLineEnd);
  const bytes = at === -1 ? head : head.subarray(0, at);
  // No protocol needs more bytes than this to be recognised.
  const line = String.fromCharCode(...bytes.subarray(0, 512));
  return { line, whole: at !== -1 || ended, end: at === -1 ? undefined : head[at] };
}

/** `head` followed by `chunk`, in a new buffer. */
export function concatBuffers(head: Uint8Array, chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(head.length + chunk.length);
  whole.set(head);
  whole.set(chunk, head.length);
  return whole;
}
