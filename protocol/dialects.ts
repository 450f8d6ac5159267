// The table of dialects, in the order in which a newcomer's first bytes are judged. A new dialect is
// a file of its own and a row here.

import type { Dialect, DialectName } from "./dialect.ts";
import { etx } from "./etx.ts";
import { framed } from "./framed.ts";
import { native } from "./native.ts";
import { plain } from "./plain.ts";
import { usermsg } from "./usermsg.ts";

/** All dialects; the last one takes any text. */
export const DIALECTS: readonly Dialect[] = [native, framed, usermsg, etx, plain];

/** What our own client speaks unless told otherwise. */
export const OWN_DIALECT: Dialect = native;

/** The dialect of that name. */
export function dialectNamed(name: string): Dialect | undefined {
  return DIALECTS.find((dialect) => dialect.name === name);
}

/** The names, in the table's order. */
export const DIALECT_NAMES: readonly DialectName[] = DIALECTS.map((dialect) => dialect.name);
