// Makes text from peers safe to print: it cannot move a cursor, change a colour, reorder a line or
// start a second line in another person's terminal, log or export.

import { MAX_REASON_CHARS } from "./limits.ts";

// What it matches, in order: C0 except tab, DEL and C1 (D16); soft hyphen, Arabic letter mark and
// Mongolian vowel separator; zero width space and the bidi marks (ZWNJ and ZWJ stay: Persian and
// emoji need them); line and paragraph separators with the bidi embeddings; word joiner to the
// deprecated format characters, which hold the bidi isolates; BOM; interlinear annotation and its
// reserved neighbours; shorthand and musical format controls; the plane of tags and of the variation
// selectors supplement.
const UNSAFE_REGEXP =
  // deno-lint-ignore no-control-regex
  /[\0-\x08\x0a-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

// Combining marks in a row: real scripts need a handful, a flood hundreds. The two joiners count as
// marks, so that they cannot interrupt a flood.
const FLOOD_REGEXP = /([\p{M}\u200c\u200d]{6})[\p{M}\u200c\u200d]+/gu;

const ANY_REGEXP = new RegExp(`${UNSAFE_REGEXP.source}|${FLOOD_REGEXP.source}`, "u");

/**
 * The same text with every dangerous character written out (`\x1b`, `\u202e`), floods of combining
 * marks shortened, and lone surrogates replaced by U+FFFD. Tab stays. One line in, one line out.
 */
export function visible(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  if (!ANY_REGEXP.test(whole)) return whole;
  return whole.replace(UNSAFE_REGEXP, writtenOut).replace(FLOOD_REGEXP, "$1");
}

/** `ESC [ ... m` and its one byte form: colours, bold and the like (SGR, ECMA-48 8.3.117). */
// deno-lint-ignore no-control-regex
const COLOURS_REGEXP = /(?:\x1b\[|\x9b)[\d;:]*m/g;

/** A return, or "erase in line" (EL, ECMA-48 8.3.41), at the start of a text and at its end. */
// deno-lint-ignore no-control-regex
const REDRAWING_START_REGEXP = /^(?:\r|(?:\x1b\[|\x9b)[0-2]?K)+/;
// deno-lint-ignore no-control-regex
const REDRAWING_END_REGEXP = /(?:\r|(?:\x1b\[|\x9b)[0-2]?K)$/;

/** The longest match of {@linkcode REDRAWING_END_REGEXP}, in UTF-16 units. */
const REDRAWING_UNITS = 4;

/**
 * A line without what servers send to decorate it: colours, and the erasing of the prompt before it,
 * which has no use where each line is shown on its own. Other escape sequences stay, for
 * {@linkcode visible}.
 */
export function undecorated(line: string): string {
  const text = line.replace(COLOURS_REGEXP, "").replace(REDRAWING_START_REGEXP, "");
  let end = text.length;
  for (let units = 1; units > 0; end -= units) {
    // Looked for in the last units alone: a long line of returns must not take long.
    const tail = text.slice(Math.max(0, end - REDRAWING_UNITS), end);
    units = REDRAWING_END_REGEXP.exec(tail)?.[0].length ?? 0;
  }
  return text.slice(0, end);
}

/** A reason made safe: one line of at most `MAX_REASON_CHARS` code points. */
export function visibleReason(reason: string): string {
  return [...visible(reason.trim())].slice(0, MAX_REASON_CHARS).join("");
}

/** A path made safe, in quotes and unabridged, so that it can be pasted. */
export function quotedPath(path: string): string {
  return `"${visible(path)}"`;
}

function writtenOut(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code <= 0xff) return "\\x" + code.toString(16).padStart(2, "0");
  if (code <= 0xffff) return "\\u" + code.toString(16).padStart(4, "0");
  return `\\u{${code.toString(16)}}`;
}
