// The table of checks for clients, by dialect.

import type { DialectName } from "../protocol/dialect.ts";
import { etxSheet } from "./client_etx.ts";
import { framedSheet } from "./client_framed.ts";
import { nativeSheet } from "./client_native.ts";
import { plainSheet } from "./client_plain.ts";
import type { Sheet } from "./client_step.ts";
import { usermsgSheet } from "./client_usermsg.ts";

/** How the clients of each dialect are checked. */
export const CLIENT_SHEETS: Readonly<Record<DialectName, Sheet>> = {
  native: nativeSheet,
  framed: framedSheet,
  usermsg: usermsgSheet,
  etx: etxSheet,
  plain: plainSheet,
};
