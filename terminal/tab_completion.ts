// The common prefix of completion candidates, and their list in columns. Pure.

import stringWidth from "string-width";
import { graphemes } from "./graphemes.ts";

/**
 * Replacements for `line.slice(from, cursor)`; `from` is in UTF-16 units. A candidate is inserted
 * unchanged: one to be followed by a space ends with it.
 */
export interface Completion {
  readonly from: number;
  readonly candidates: readonly string[];
}

/** Candidates named in a list; the others are only counted. */
export const MAX_CANDIDATES_LISTED = 100;

/** Spaces between two columns of a list. */
const GAP = 2;

/** The longest beginning, in whole grapheme clusters, that all candidates share. */
export function commonPrefix(candidates: readonly string[]): string {
  const [first = "", ...others] = candidates;
  let prefix = "";
  for (const grapheme of graphemes(first)) {
    if (!others.every((other) => other.startsWith(prefix + grapheme))) break;
    prefix += grapheme;
  }
  return prefix;
}

/**
 * The candidates in aligned columns, read from left to right, in lines of at most `columns`.
 * `andMore` makes the last line, which counts the candidates left out.
 */
export function listing(
  candidates: readonly string[],
  columns: number,
  andMore: (count: number) => string = (count) => `… +${count}`,
): string {
  const named = candidates.slice(0, MAX_CANDIDATES_LISTED).map((candidate) => candidate.trim());
  const widths = named.map((candidate) => stringWidth(candidate));
  const widest = Math.max(1, ...widths);
  const perLine = Math.max(1, Math.floor((columns + GAP) / (widest + GAP)));
  const lines: string[] = [];
  for (let start = 0; start < named.length; start += perLine) {
    const line = named.slice(start, start + perLine)
      .map((candidate, i) => candidate + " ".repeat(widest + GAP - (widths[start + i] ?? 0)));
    lines.push(line.join("").trimEnd());
  }
  const left = candidates.length - named.length;
  if (left > 0) lines.push(andMore(left));
  return lines.join("\n");
}
