// Reading a connection's first bytes without consuming them: shared by detect.ts and the dialects'
// own detect functions. Pure.

const LF = 0x0a;

/**
 * The first line of `head`, byte for byte as Latin-1 so that nothing is lost in looking, without its
 * ending; `whole` when the line is finished.
 */
export function firstLine(head: Uint8Array, ended: boolean): { line: string; whole: boolean } {
  const at = head.indexOf(LF);
  const bytes = at === -1 ? head : head.subarray(0, at);
  // The longest word any protocol is recognised by ends long before this.
  const line = String.fromCharCode(...bytes.subarray(0, 512)).replace(/\r+$/, "");
  return { line, whole: at !== -1 || ended };
}

/** First bytes with those that came next, in a buffer of their own. */
export function concatBuffers(head: Uint8Array, chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(head.length + chunk.length);
  whole.set(head);
  whole.set(chunk, head.length);
  return whole;
}
