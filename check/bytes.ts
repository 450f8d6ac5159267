// Bytes as strings with one character for each byte, so that regular expressions can search them.

const ENCODER = new TextEncoder();

/** The text as UTF-8. */
export function utf8Bytes(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/** One character (U+0000 to U+00FF) for each byte. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
}

/** The inverse of {@linkcode latin1}. */
export function latin1Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** A regular expression, for strings of {@linkcode latin1}, that matches `text` in UTF-8. */
export function literalPattern(text: string): string {
  return RegExp.escape(latin1(utf8Bytes(text)));
}

/** Concatenates `parts`. */
export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
