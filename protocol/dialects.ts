// The table of dialects, in the order in which they judge a connection's first bytes. A new dialect
// is a file of its own and a row here.

import type { Dialect, DialectName } from "./dialect.ts";
import { etx } from "./etx.ts";
import { framed } from "./framed.ts";
import { native } from "./native.ts";
import { plain } from "./plain.ts";
import { usermsg } from "./usermsg.ts";

/** All dialects; the last one takes any text. */
export const DIALECTS: readonly Dialect[] = [native, framed, usermsg, etx, plain];

/** The dialect of minichat's client (default of `--dialect`). */
export const OWN_DIALECT: Dialect = native;

/** The dialect with that name; undefined if there is none. */
export function dialectNamed(name: string): Dialect | undefined {
  return DIALECTS.find((dialect) => dialect.name === name);
}

/** The names, in the table's order. */
export const DIALECT_NAMES: readonly DialectName[] = DIALECTS.map((dialect) => dialect.name);
