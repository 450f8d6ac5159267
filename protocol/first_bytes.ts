// Reads a connection's first bytes without consuming them, for detect.ts and the dialects' detect
// functions.

const LF = 0x0a;

/**
 * The first line of `head` without its ending, decoded as Latin-1 so that no byte is lost; `whole`
 * if the line is complete.
 */
export function firstLine(head: Uint8Array, ended: boolean): { line: string; whole: boolean } {
  const at = head.indexOf(LF);
  const bytes = at === -1 ? head : head.subarray(0, at);
  // No protocol needs more bytes than this to be recognised.
  const line = String.fromCharCode(...bytes.subarray(0, 512)).replace(/\r+$/, "");
  return { line, whole: at !== -1 || ended };
}

/** `head` followed by `chunk`, in a new buffer. */
export function concatBuffers(head: Uint8Array, chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(head.length + chunk.length);
  whole.set(head);
  whole.set(chunk, head.length);
  return whole;
}
