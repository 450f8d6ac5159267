// The table of dialects for whoever checks a server: which checks there are, and how bytes are shown.

import type { DialectName } from "../../protocol/dialect.ts";
import { ETX_CHECKS } from "./etx_checks.ts";
import { framedChecks } from "./framed_checks.ts";
import { NATIVE_CHECKS } from "./native_checks.ts";
import { PLAIN_CHECKS } from "./plain_checks.ts";
import type { ServerCheck } from "./server_runner.ts";
import { USERMSG_CHECKS } from "./usermsg_checks.ts";
import type { Layout } from "../../protocol/frames.ts";
import { type Show, visibleBytes, visibleFrames } from "../visible.ts";

/** What it takes to check a server of one dialect. */
export interface ServerSuite {
  /** For people: `usermsg (sheet 004)`. */
  readonly title: string;
  /** In the order in which they are played. */
  readonly checks: readonly ServerCheck[];
  readonly show: Show;
}

/** How many bytes stand in front of each message, for `framed` (D2). */
type HeaderLayout = Pick<Layout, "headerBytes">;

const SHEETS: Readonly<Record<DialectName, (layout: HeaderLayout) => ServerSuite>> = {
  native: () => ({ title: "native (docs/protocol.md)", checks: NATIVE_CHECKS, show: visibleBytes }),
  framed({ headerBytes }) {
    const layout = { headerBytes, littleEndian: true };
    return {
      title: `framed (sheet 000), headers of ${headerBytes} bytes`,
      checks: framedChecks(layout),
      show: visibleFrames(layout),
    };
  },
  usermsg: () => ({ title: "usermsg (sheet 004)", checks: USERMSG_CHECKS, show: visibleBytes }),
  etx: () => ({ title: "etx (sheet 003)", checks: ETX_CHECKS, show: visibleBytes }),
  plain: () => ({ title: "plain (sheet 001)", checks: PLAIN_CHECKS, show: visibleBytes }),
};

/** The checks of a server of that dialect; `headerBytes` matters to `framed` alone. */
export function serverSuite(dialect: DialectName, layout: HeaderLayout): ServerSuite {
  return SHEETS[dialect](layout);
}
