// The flags of `minichat serve` about what it remembers: where, how safely, how long, and how much of
// it a newcomer is shown.

import { object } from "@optique/core/constructs";
import { message, text } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { flag, option } from "@optique/core/primitives";
import { integer, type ValueParser } from "@optique/core/valueparser";
import { quoted } from "../protocol/failures.ts";
import { LIMITS } from "../server/limits/limits.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long messages are kept unless told otherwise, in milliseconds. */
export const DEFAULT_RETAIN_MS = 30 * DAY_MS;

const [MIN_REPLAY, MAX_REPLAY] = LIMITS.replayMessages.range;

/** Ages are whole hours or days: what is old is looked for once an hour. */
const UNIT_MS: Readonly<Record<string, number>> = { h: HOUR_MS, d: DAY_MS, w: 7 * DAY_MS };

/** `30d`, `12h` or `2w` in milliseconds, Infinity for `forever`; a sentence when it is no age. */
export function parseAge(input: string): number | string {
  if (input === "forever") return Infinity;
  const [, count = "", unit = ""] = /^(\d{1,6})([hdw])$/.exec(input) ?? [];
  const ms = Number(count) * (UNIT_MS[unit] ?? 0);
  return ms > 0 ? ms : `Not an age: ${quoted(input)}, expected 12h, 30d, 4w or forever`;
}

/** An age in words: `30 days`, `12 hours`, `for good`. */
export function ageText(ms: number): string {
  if (ms === Infinity) return "for good";
  const [count, unit] = ms % DAY_MS === 0 ? [ms / DAY_MS, "day"] : [ms / HOUR_MS, "hour"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

const age: ValueParser<"sync", number> = {
  mode: "sync",
  metavar: "AGE",
  placeholder: DEFAULT_RETAIN_MS,
  parse(input) {
    const ms = parseAge(input);
    if (typeof ms === "number") return { success: true, value: ms };
    return { success: false, error: message`${text(ms)}.` };
  },
  format: (ms) => ms === Infinity ? "forever" : `${ms / HOUR_MS}h`,
};

/** A directory; an empty word is a variable of a script that is not set. */
export const directory: ValueParser<"sync", string> = {
  mode: "sync",
  metavar: "DIR",
  placeholder: ".",
  parse(input) {
    if (input !== "") return { success: true, value: input };
    return { success: false, error: message`Empty directory: give one, such as ./chat.` };
  },
  format: String,
};

/** What `minichat serve` takes about its history. */
export const historyOptions = object({
  data: optional(option("--data", directory, {
    description: message`Keep messages in DIR instead of minichat/PORT in your state directory \
($XDG_STATE_HOME, else ~/.local/state). One server a directory.`,
  })),
  noHistory: optional(flag("--no-history", {
    description: message`Write nothing to the disk: what was said is gone when the server stops.`,
  })),
  durable: optional(flag("--durable", {
    description: message`Wait for the disk with every message. Without it an acknowledged message \
survives the death of the server, with it a power failure too; it costs the speed of your disk.`,
  })),
  retain: optional(option("--retain", age, {
    description: message`How long messages are kept: 12h, 30d (unless told otherwise), 4w or \
forever.`,
  })),
  replay: optional(option("--replay", integer({ min: MIN_REPLAY, max: MAX_REPLAY, metavar: "N" }), {
    description:
      message`Messages a newcomer is shown of what was said to everyone before, 20 unless \
told otherwise; 0 for none. Only where they can be told from new ones: native and plain.`,
  })),
});

/** Parsed flags. */
export type HistoryOptions = InferValue<typeof historyOptions>;
