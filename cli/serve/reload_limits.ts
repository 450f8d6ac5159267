// The limits of a running server, and what a reload makes of them.

import { limitContradiction } from "../../server/limits/limit_checks.ts";
import { formatLimitValue } from "../../server/limits/limit_values.ts";
import { LIMIT_KEYS, LIMITS, type LimitValues, liveLimits } from "../../server/limits/limits.ts";
import type { Server } from "../../server/server.ts";
import type { Reload } from "./reload.ts";
import type { ChosenLimits } from "./limit_options.ts";

/** The limits a server starts with, and how they are read again where a file has them. */
export interface RunLimits extends ChosenLimits {
  readonly reread: (() => ChosenLimits | { readonly error: string }) | undefined;
}

/** Gives the server what `reread` answers, as far as it takes it, and logs what changed (F70). */
export function limitsReload(
  server: Server,
  reread: () => ChosenLimits | { readonly error: string },
): Reload {
  return () => {
    const read = reread();
    if ("error" in read) return Promise.resolve(read.error);
    const inForce = { ...server.limits, ...liveLimits(read.limits) };
    const problem = limitContradiction(inForce);
    if (problem !== undefined) {
      return Promise.resolve(`${problem.error}, or start the server again`);
    }
    const details = { changed: changes(server.limits, read.limits) };
    server.changeLimits(read.limits);
    server.log({ level: "info", what: "limits_changed", details });
    return Promise.resolve(undefined);
  };
}

/** What becomes of each limit that is not as it was, by its name. */
function changes(before: LimitValues, after: LimitValues): Record<string, string> {
  const changed: Record<string, string> = {};
  for (const key of LIMIT_KEYS) {
    if (before[key] === after[key]) continue;
    const row = LIMITS[key];
    const [was, is] = [before[key], after[key]].map((value) => formatLimitValue(row, value));
    changed[row.name] = "fixed" in row ? `${was}, ${is} at the next start` : `${was} to ${is}`;
  }
  return changed;
}
