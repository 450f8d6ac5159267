// `--limit NAME=VALUE`, and the limits of a server from all of its flags.

import { object } from "@optique/core/constructs";
import { message, text } from "@optique/core/message";
import { multiple, optional } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { flag, option } from "@optique/core/primitives";
import type { ValueParser } from "@optique/core/valueparser";
import type { Problem } from "../../protocol/problem.ts";
import { limitContradiction } from "../../server/limits/limit_checks.ts";
import { formatLimitValue, limitNamed, parseLimitValue } from "../../server/limits/limit_values.ts";
import {
  DEFAULT_LIMITS,
  LIMIT_KEYS,
  type LimitKey,
  LIMITS,
  type LimitValues,
} from "../../server/limits/limits.ts";
import { RESERVED_DESCRIPTORS } from "../../server/limits/tuning.ts";

/** One limit and its value, or `help` to print all limits. */
export type LimitSetting = { readonly key: LimitKey; readonly value: number } | "help";

const limitSetting: ValueParser<"sync", LimitSetting> = {
  mode: "sync",
  metavar: "NAME=VALUE",
  placeholder: "help",
  parse(input) {
    const parsed = parseLimitSetting(input);
    if (parsed === "help" || "key" in parsed) return { success: true, value: parsed };
    return { success: false, error: message`${text(parsed.error.replace(/[^?]$/, "$&."))}` };
  },
  format: (setting) => {
    if (setting === "help") return setting;
    const row = LIMITS[setting.key];
    return `${row.name}=${formatLimitValue(row, setting.value)}`;
  },
  *suggest(prefix: string) {
    for (const key of LIMIT_KEYS) {
      const { name, help } = LIMITS[key];
      if (!name.startsWith(prefix)) continue;
      yield { kind: "literal" as const, text: `${name}=`, description: message`${text(help)}` };
    }
  },
};

/** Parses `NAME=VALUE` or `help`. */
function parseLimitSetting(input: string): LimitSetting | Problem {
  if (input === "help") return input;
  const equals = input.indexOf("=");
  const key = limitNamed(equals < 0 ? input : input.slice(0, equals));
  if (typeof key !== "string") return key;
  const { name } = LIMITS[key];
  if (equals < 0) return { error: `Missing value: write --limit ${name}=VALUE` };
  const value = parseLimitValue(LIMITS[key], input.slice(equals + 1));
  return typeof value === "number" ? { key, value } : value;
}

/** The flags. */
export const serveLimitsParser = object({
  limit: multiple(option("--limit", limitSetting, {
    description: message`Set a limit, such as message-rate=200/s or hard-queue=4MiB; may be given \
several times. --limit help prints all limits with their purpose.`,
  })),
  limits: optional(flag("--limits", {
    description: message`Print every limit with its value and range, and exit.`,
  })),
});

/** The flags that set limits. */
export interface LimitFlags extends InferValue<typeof serveLimitsParser> {
  readonly maxClients: number | undefined;
  readonly maxGroups: number | undefined;
  readonly replay: number | undefined;
}

/** The limits of a server. */
export interface ChosenLimits {
  readonly limits: LimitValues;
  /** The limit on open files, if it allows fewer clients than wanted. */
  readonly openFiles: number | undefined;
}

/** Whether the limits are only to be printed. */
export function asksForLimits({ limit, limits }: LimitFlags): boolean {
  return limits === true || limit.includes("help");
}

/**
 * The limits that the flags ask for, or why they contradict each other. `files` is the number of files
 * that this process may open.
 */
export function chooseLimits(flags: LimitFlags, files: number): ChosenLimits | Problem {
  const chosen = new Map<LimitKey, number>();
  for (const setting of flags.limit) {
    if (setting !== "help") chosen.set(setting.key, setting.value);
  }
  if (flags.maxClients !== undefined) chosen.set("maxClients", flags.maxClients);
  if (flags.maxGroups !== undefined) chosen.set("maxGroups", flags.maxGroups);
  if (flags.replay !== undefined) chosen.set("replayMessages", flags.replay);
  const wanted = chosen.get("maxClients") ?? DEFAULT_LIMITS.maxClients;
  const maxClients = Math.max(1, Math.min(wanted, files - RESERVED_DESCRIPTORS));
  // A smaller --max-clients must not contradict this default.
  const clientsPerAddress = Math.min(DEFAULT_LIMITS.clientsPerAddress, wanted);
  const asked: LimitValues = {
    ...DEFAULT_LIMITS,
    clientsPerAddress,
    ...Object.fromEntries(chosen),
  };
  const problem = limitContradiction(asked);
  if (problem !== undefined) return problem;
  const openFiles = maxClients < wanted ? files : undefined;
  return { limits: { ...asked, maxClients }, openFiles };
}
