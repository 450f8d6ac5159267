// How a server of sheet 001 may show a message: text whole, sender recognisable, in any words,
// brackets and colours, on one line or on two (D27). Pure.

import { literalPattern } from "../bytes.ts";
import { nameAlone } from "./dialect_probe.ts";

/** What stands around a name or a text without being a word: brackets, a bar, a colour. */
const DECORATION = "(?:[^\\w\\n]|\\x1b\\[[\\d;?]*[A-Za-z])*";
/** After a name that stands on a line of its own: `De bob :`, `[bob] 12:04>`. */
const END_OF_HEADING = `(?:${DECORATION}|[^\\n]{0,40}[:>»=*~#|\\])}-]${DECORATION})\\r?\\n`;
/** Lines between the two that have no words, and what stands in front of the text. */
const NO_WORDS = `(?:${DECORATION}\\n){0,2}${DECORATION}`;

/**
 * A pattern, for strings of one character a byte, for `text` from `sender` (from any if absent). Only
 * one line end is in the match at its end.
 */
export function shownMessage(text: string, sender?: string): RegExp {
  const body = literalPattern(text);
  if (sender === undefined) return new RegExp(body);
  const name = nameAlone(sender);
  const layouts = [
    `${name}[^\\n]*${body}`,
    `${body}[^\\n]*${name}`,
    `${name}${END_OF_HEADING}${NO_WORDS}${body}`,
    // The text is indented below a line with the name: `bob -> tous`.
    `${name}[^\\n]{0,60}\\r?\\n[ \\t]+${DECORATION}${body}`,
    // Signed on the next line: `-- bob`.
    `${body}${DECORATION}\\r?\\n${DECORATION}(?:(?:de|from|par|by)\\s+)?${name}${DECORATION}(?=\\n)`,
  ];
  return new RegExp(`(?:${layouts.join("|")})\\r?\\n?`);
}

/** Whether `received` has `text` as a message of `sender`. */
export function showsSender(received: string, text: string, sender: string): boolean {
  return shownMessage(text, sender).test(received);
}
