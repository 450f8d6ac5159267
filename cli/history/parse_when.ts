// Moments as people write them on a command line: so long ago, a date, a time of today, or the number
// of a message. Pure; what time it is now is handed in.

import { quoted } from "../../protocol/failures.ts";
import { parseDuration } from "../../shared/duration.ts";

/** A moment in milliseconds since the epoch, or a message by its number. */
export type HistoryPosition =
  | { readonly kind: "time"; readonly ms: number }
  | { readonly kind: "seq"; readonly seq: number };

const DATE_REGEXP =
  /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)?)?$/;

/**
 * Reads `30m`, `1h30m`, `2d` (ago), `10:30` (today), `2026-11-22`, `2026-11-22T10:00` (of
 * this machine's zone unless it says another one) or the number of a message; else a sentence.
 */
export function parseHistoryPosition(input: string, now: Date): HistoryPosition | string {
  if (/^\d{1,15}$/.test(input)) return { kind: "seq", seq: Number(input) };
  const ago = parseDuration(input);
  if (typeof ago === "number") return time(now.getTime() - ago);
  const [, hours, minutes] = /^(\d\d?):(\d\d)$/.exec(input) ?? [];
  if (hours !== undefined && Number(hours) < 24 && Number(minutes) < 60) {
    return time(new Date(now).setHours(Number(hours), Number(minutes), 0, 0));
  }
  // A bare date would be taken for UTC's; people mean the day they live in.
  const whole = /^\d{4}-\d\d-\d\d$/.test(input) ? `${input}T00:00` : input;
  const ms = DATE_REGEXP.test(input) ? Date.parse(whole.replace(" ", "T")) : NaN;
  if (!Number.isNaN(ms)) return time(ms);
  return `Not a moment: ${
    quoted(input)
  }, expected 1h30m, 2d, 10:30, 2026-11-22, 2026-11-22T10:30 or \
the number of a message`;
}

function time(ms: number): HistoryPosition {
  return { kind: "time", ms };
}
