// Parses a position in the history from the command line: a time ago, a date, a time of today, or
// the number of a message. Pure.

import { quoted } from "../../protocol/failures.ts";
import type { Problem } from "../../protocol/problem.ts";
import { parseDuration } from "../../shared/duration.ts";

/** A time in milliseconds since the epoch, or a message by its number. */
export type HistoryPosition =
  | { readonly kind: "time"; readonly ms: number }
  | { readonly kind: "seq"; readonly seq: number };

const DATE_REGEXP =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,3})?)?(?:Z|[+-](\d\d):(\d\d))?)?$/;

/**
 * Parses `30m`, `1h30m`, `2d` (ago), `10:30` (today), `2026-11-22`, `2026-11-22T10:00` (in this
 * machine's time zone if it names none) or the number of a message.
 */
export function parseHistoryPosition(input: string, now: Date): HistoryPosition | Problem {
  if (/^\d{1,15}$/.test(input)) return { kind: "seq", seq: Number(input) };
  const ago = parseDuration(input);
  if (typeof ago === "number") return time(now.getTime() - ago);
  const [, hours, minutes] = /^(\d\d?):(\d\d)$/.exec(input) ?? [];
  if (hours !== undefined && Number(hours) < 24 && Number(minutes) < 60) {
    return time(new Date(now).setHours(Number(hours), Number(minutes), 0, 0));
  }
  // Date.parse() takes a bare date as UTC; here it is a day in the local time zone.
  const whole = /^\d{4}-\d\d-\d\d$/.test(input) ? `${input}T00:00` : input;
  const ms = isDate(input) ? Date.parse(whole.replace(" ", "T")) : NaN;
  if (!Number.isNaN(ms)) return time(ms);
  const expected = "1h30m, 2d, 10:30, 2026-11-22, 2026-11-22T10:30 or the number of a message";
  return { error: `Not a moment: ${quoted(input)}, expected ${expected}` };
}

/** Whether the day is in the calendar and the time on a clock: Date.parse() takes 02-30 for 03-02. */
function isDate(input: string): boolean {
  const match = DATE_REGEXP.exec(input);
  if (match === null) return false;
  const [year = 0, month = 0, day = 0, ...clock] = match.slice(1).map((digits) =>
    Number(digits ?? 0)
  );
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day); // Date.UTC() takes the years before 100 for 19xx
  const [hours = 0, minutes = 0, seconds = 0, zoneHours = 0, zoneMinutes = 0] = clock;
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day &&
    hours < 24 && minutes < 60 && seconds < 60 && zoneHours < 24 && zoneMinutes < 60;
}

function time(ms: number): HistoryPosition {
  return { kind: "time", ms };
}
