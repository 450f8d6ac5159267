// Whether a client's JSON nests too deep or has too many items, without parsing it: parsing 5,000
// keys or 30,000 brackets takes the server longer than a hundred messages.

import { MAX_JSON_DEPTH, MAX_JSON_ITEMS, MAX_JSON_OBJECTS } from "./limits.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** Shorter texts, in UTF-16 units, cannot be expensive. */
const SHORT = MAX_JSON_ITEMS;

/**
 * Whether a text goes beyond {@linkcode MAX_JSON_DEPTH} or {@linkcode MAX_JSON_ITEMS}. The text may
 * hold up to {@linkcode MAX_JSON_OBJECTS} objects, each with these limits, and need not be JSON.
 */
export function exceedsJsonLimits(text: string): boolean {
  if (text.length <= SHORT) return false;
  let depth = 0;
  let items = 0;
  let objects = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) {
      at = endOfString(text, at);
    } else if (unit === COMMA || unit === COLON) {
      if (++items > 2 * MAX_JSON_ITEMS) return true; // a key has both
    } else if ((unit & ~0x20) === 0x5b) { // [ or {
      if (++depth > MAX_JSON_DEPTH) return true;
    } else if ((unit & ~0x20) === 0x5d && depth > 0 && --depth === 0) { // ] or }
      if (++objects > MAX_JSON_OBJECTS) return true;
      items = 0;
    }
  }
  return false;
}

/** Position of the quote that ends the string begun at `from`, or the text's end. */
function endOfString(text: string, from: number): number {
  for (let end = text.indexOf('"', from + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}
