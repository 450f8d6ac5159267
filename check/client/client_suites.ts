// The checks of clients, by dialect.

import type { DialectName } from "../../protocol/dialect.ts";
import type { ClientCheckTexts } from "../../texts/texts.ts";
import type { ClientSuite } from "./client_suite.ts";
import { etxSuite } from "./etx_suite.ts";
import { framedSuite } from "./framed_suite.ts";
import { nativeSuite } from "./native_suite.ts";
import { plainSuite } from "./plain_suite.ts";
import { usermsgSuite } from "./usermsg_suite.ts";

const SUITES: Readonly<Record<DialectName, (texts: ClientCheckTexts) => ClientSuite>> = {
  native: nativeSuite,
  framed: framedSuite,
  usermsg: usermsgSuite,
  etx: etxSuite,
  plain: plainSuite,
};

/** The checks of a dialect's clients, with titles from `texts`. */
export function clientSuite(dialect: DialectName, texts: ClientCheckTexts): ClientSuite {
  return SUITES[dialect](texts);
}
