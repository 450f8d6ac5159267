// Reloads the limits of a running server from its configuration file.

import type { Problem } from "../../protocol/problem.ts";
import { limitContradiction } from "../../server/limits/limit_checks.ts";
import { formatLimitValue } from "../../server/limits/limit_values.ts";
import { LIMIT_KEYS, LIMITS, type LimitValues, liveLimits } from "../../server/limits/limits.ts";
import type { Server } from "../../server/server.ts";
import type { Reload } from "./reload.ts";
import type { ChosenLimits } from "./limit_options.ts";

/** The limits of a server at its start, and how to read them again from a file, if there is one. */
export interface RunLimits extends ChosenLimits {
  readonly reread: (() => ChosenLimits | Problem) | undefined;
}

/** Applies the limits that `reread` returns, except those fixed at the start, and logs changes (F70). */
export function limitsReload(server: Server, reread: () => ChosenLimits | Problem): Reload {
  return () => {
    const read = reread();
    if ("error" in read) return Promise.resolve(read);
    const inForce = { ...server.limits, ...liveLimits(read.limits) };
    const problem = limitContradiction(inForce);
    if (problem !== undefined) {
      return Promise.resolve({ error: `${problem.error}, or start the server again` });
    }
    const details = { changed: changes(server.limits, read.limits) };
    server.changeLimits(read.limits);
    server.log({ level: "info", what: "limits_changed", details });
    return Promise.resolve(undefined);
  };
}

/** The changed limits by name, as `10 to 20`, or when a fixed one will change. */
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
