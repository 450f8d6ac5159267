// The table of checks for clients, by dialect.

import type { DialectName } from "../../protocol/dialect.ts";
import { etxSheet } from "./etx_suite.ts";
import { framedSheet } from "./framed_suite.ts";
import { nativeSheet } from "./native_suite.ts";
import { plainSheet } from "./plain_suite.ts";
import type { Sheet } from "./client_suite.ts";
import { usermsgSheet } from "./usermsg_suite.ts";

/** How the clients of each dialect are checked. */
export const CLIENT_SHEETS: Readonly<Record<DialectName, Sheet>> = {
  native: nativeSheet,
  framed: framedSheet,
  usermsg: usermsgSheet,
  etx: etxSheet,
  plain: plainSheet,
};
