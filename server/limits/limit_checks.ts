// Checks that limits do not contradict each other before a server starts; the error names both and
// the remedy. Pure.

import type { Problem } from "../../protocol/problem.ts";
import { formatLimitValue } from "./limit_values.ts";
import { type LimitKey, LIMITS, type LimitValues } from "./limits.ts";
import { LARGEST_ANSWER_BYTES } from "./tuning.ts";

/** Slow readers there must be memory for: with fewer, one of them could disconnect all others. */
const SLOW_READERS = 4;

/** The first contradiction among `limits`; undefined if there is none. */
export function limitContradiction(limits: LimitValues): Problem | undefined {
  for (const check of CHECKS) {
    const problem = check(limits);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const CHECKS: readonly ((limits: LimitValues) => Problem | undefined)[] = [
  (limits) => {
    const { softQueueBytes, hardQueueBytes } = limits;
    if (softQueueBytes < hardQueueBytes) return undefined;
    return contradicts(limits, {
      low: "softQueueBytes",
      high: "hardQueueBytes",
      why: "must be less than",
    });
  },
  (limits) => {
    const least = limits.softQueueBytes + LARGEST_ANSWER_BYTES;
    if (limits.hardQueueBytes >= least) return undefined;
    const answer = formatLimitValue(LIMITS.hardQueueBytes, LARGEST_ANSWER_BYTES);
    const error =
      `${shown(limits, "hardQueueBytes")} has no room for the longest answer (${answer}) on ` +
      `top of ${shown(limits, "softQueueBytes")}: set --limit hard-queue=` +
      `${formatLimitValue(LIMITS.hardQueueBytes, least)} or more, or lower soft-queue`;
    return { error };
  },
  (limits) => {
    const least = Math.min(SLOW_READERS, limits.maxClients) * limits.hardQueueBytes;
    if (limits.totalQueueBytes >= least) return undefined;
    const readers = Math.min(SLOW_READERS, limits.maxClients);
    const error = `${shown(limits, "totalQueueBytes")} has no room for ${readers} slow clients ` +
      `with ${shown(limits, "hardQueueBytes")} each: set --limit total-queue=` +
      `${formatLimitValue(LIMITS.totalQueueBytes, least)} or more, or lower hard-queue`;
    return { error };
  },
  (limits) =>
    limits.registrationMs <= limits.greetedMs ? undefined : contradicts(limits, {
      low: "registrationMs",
      high: "greetedMs",
      why: "must not be longer than",
    }),
  (limits) =>
    limits.greetAfterMs < limits.registrationMs ? undefined : contradicts(limits, {
      low: "greetAfterMs",
      high: "registrationMs",
      why: "must be shorter than",
    }),
  (limits) =>
    limits.stalledMs <= limits.vanishedMs ? undefined : contradicts(limits, {
      low: "stalledMs",
      high: "vanishedMs",
      why: "must not be longer than",
    }),
  (limits) =>
    limits.clientsPerAddress <= limits.maxClients ? undefined : contradicts(limits, {
      low: "clientsPerAddress",
      high: "maxClients",
      why: "must not be more than",
    }),
];

function contradicts(
  limits: LimitValues,
  { low, high, why }: { readonly low: LimitKey; readonly high: LimitKey; readonly why: string },
): Problem {
  const error = `${shown(limits, low)} ${why} ${shown(limits, high)}: lower ` +
    `--limit ${LIMITS[low].name} or raise --limit ${LIMITS[high].name}`;
  return { error };
}

function shown(limits: LimitValues, key: LimitKey): string {
  return `${LIMITS[key].name} (${formatLimitValue(LIMITS[key], limits[key])})`;
}
