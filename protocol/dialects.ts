// The table of dialects, in the order in which they judge a connection's first bytes. A new dialect
// is a file of its own and a row here.

import type { Dialect, DialectName } from "./dialect.ts";
import { etx } from "./etx.ts";
import { framed } from "./framed.ts";
import { quoted } from "./failures.ts";
import { native } from "./native.ts";
import { nearest } from "./nearest.ts";
import { plain } from "./plain.ts";
import { usermsg } from "./usermsg.ts";

/** All dialects; the last one takes any text. */
export const DIALECTS: readonly Dialect[] = [native, framed, usermsg, etx, plain];

/** The dialect of minichat's client (default of `--dialect`). */
export const OWN_DIALECT: Dialect = native;

/** The dialect of each course sheet, by the sheet's number. */
const SHEETS: ReadonlyMap<string, DialectName> = new Map([
  ["000", framed.name],
  ["001", plain.name],
  ["002", plain.name],
  ["003", etx.name],
  ["004", usermsg.name],
]);

/** The dialect with that name, or of the sheet with that number; undefined if there is none. */
export function dialectNamed(name: string): Dialect | undefined {
  const wanted = SHEETS.get(name) ?? name;
  return DIALECTS.find((dialect) => dialect.name === wanted);
}

/** The error message for a word that {@linkcode dialectNamed} does not know. */
export function unknownDialect(word: string): string {
  const meant = nearest(word.toLowerCase(), DIALECT_NAMES);
  if (meant !== undefined) return `No such dialect: ${quoted(word)}, did you mean ${meant}?`;
  const [names, numbers] = [DIALECT_NAMES.join(", "), [...SHEETS.keys()].join(", ")];
  return `No such dialect: ${
    quoted(word)
  }, expected one of ${names}, or a sheet's number: ${numbers}`;
}

/** The names, in the table's order. */
export const DIALECT_NAMES: readonly DialectName[] = DIALECTS.map((dialect) => dialect.name);
