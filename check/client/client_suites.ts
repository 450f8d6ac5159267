// The table of checks for clients, by dialect.

import type { DialectName } from "../../protocol/dialect.ts";
import { etxSuite } from "./etx_suite.ts";
import { framedSuite } from "./framed_suite.ts";
import { nativeSuite } from "./native_suite.ts";
import { plainSuite } from "./plain_suite.ts";
import type { ClientSuite } from "./client_suite.ts";
import { usermsgSuite } from "./usermsg_suite.ts";

/** How the clients of each dialect are checked. */
export const CLIENT_SUITES: Readonly<Record<DialectName, ClientSuite>> = {
  native: nativeSuite,
  framed: framedSuite,
  usermsg: usermsgSuite,
  etx: etxSuite,
  plain: plainSuite,
};
