// Parser for durations as values of flags.

import { message, text } from "@optique/core/message";
import type { ValueParser } from "@optique/core/valueparser";
import { quoted } from "../protocol/failures.ts";
import { type DurationRules, formatDuration, parseDuration } from "../shared/duration.ts";

/** A duration in milliseconds; with `forever` the word "forever" is accepted too, as Infinity. */
export function durationValue(
  { forever = false, ...rules }: DurationRules & { readonly forever?: boolean },
): ValueParser<"sync", number> {
  return {
    mode: "sync",
    metavar: "DURATION",
    placeholder: rules.least ?? 0,
    parse(input) {
      if (forever && input === "forever") return { success: true, value: Infinity };
      const ms = parseDuration(input, rules);
      if (typeof ms === "number") return { success: true, value: ms };
      const remedy = ms.remedy + (forever ? ", or forever" : "");
      return {
        success: false,
        error: message`${text(`Not a duration: ${quoted(input)}, ${remedy}.`)}`,
      };
    },
    format: (ms) => ms === Infinity ? "forever" : formatDuration(ms),
  };
}
