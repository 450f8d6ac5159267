// Parses and formats durations (`90s`, `10m`, `1h30m`, `2d`, `4w`, `500ms`), with one grammar for
// flags, operator's commands and limits. Pure.

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

/** A unit of each kind at most once, the largest first; a number may have a fraction, as in `1.5s`. */
const DURATION_REGEXP = RegExp(
  "^" + ["w", "d", "h", "m(?:in)?", "s", "ms"]
    .map((unit) => String.raw`(?:(\d+(?:\.\d+)?)${unit})?`).join("") +
    "$",
);

/** Milliseconds of the unit of each group of DURATION_REGEXP. */
const UNITS_MS = [WEEK_MS, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, 1];

/** Longest duration: longer ones exceed the clock, whose dates end 270,000 years from now. */
const MAX_MS = 1_000_000 * WEEK_MS;

/** Bounds of a duration, and what is accepted besides the grammar. */
export interface DurationRules {
  /** In milliseconds (default 0). */
  readonly least?: number;
  /** In milliseconds (default a million weeks). */
  readonly most?: number;
  /** Whether a number without a unit is seconds, as in `--for 90` (default false). */
  readonly bareSeconds?: boolean;
}

/**
 * Whole milliseconds, or the end of an error message that says what to write instead:
 * `expected one such as 90s, 10m, 1h30m, 2d or 4w`.
 */
export function parseDuration(
  text: string,
  { least = 0, most = MAX_MS, bareSeconds = false }: DurationRules = {},
): number | { readonly remedy: string } {
  const isBare = /^\d+(?:\.\d+)?$/.test(text);
  if (isBare && !bareSeconds) return { remedy: "add its unit, as in 90s, 10m or 1h30m" };
  const [whole, ...counts] = DURATION_REGEXP.exec(isBare ? `${text}s` : text) ?? [];
  const sum = UNITS_MS.reduce((sum, unit, at) => sum + Number(counts[at] ?? 0) * unit, 0);
  const ms = Math.round(sum);
  if (!whole || Math.abs(sum - ms) > 1e-6) {
    return { remedy: "expected one such as 90s, 10m, 1h30m, 2d or 4w" };
  }
  if (ms >= least && ms <= most) return ms;
  const upTo = most === MAX_MS ? "or more" : `to ${formatDuration(most)}`;
  return { remedy: `choose ${formatDuration(least)} ${upTo}` };
}

/**
 * Formats whole milliseconds from 0 as {@linkcode parseDuration} reads them: `1h30m`, `1.5s`,
 * `500ms`, `0s`.
 */
export function formatDuration(ms: number): string {
  if (ms > 0 && ms < SECOND_MS) return `${ms}ms`;
  const parts = [
    [Math.floor(ms / DAY_MS), "d"],
    [Math.floor(ms % DAY_MS / HOUR_MS), "h"],
    [Math.floor(ms % HOUR_MS / MINUTE_MS), "m"],
    [ms % MINUTE_MS / SECOND_MS, "s"],
  ] as const;
  return parts.filter(([count]) => count > 0).map((part) => part.join("")).join("") || "0s";
}

/**
 * Formats milliseconds for an error message or a table: `90 s`, `5 min`, `2 h 5 min`, `30 days`.
 */
export function durationText(ms: number): string {
  if (ms < 2 * MINUTE_MS) return `${ms / SECOND_MS} s`;
  const days = ms < 2 * DAY_MS ? 0 : Math.floor(ms / DAY_MS);
  const parts = [
    [days, "days"],
    [Math.floor((ms - days * DAY_MS) / HOUR_MS), "h"],
    [Math.floor(ms % HOUR_MS / MINUTE_MS), "min"],
    [ms % MINUTE_MS / SECOND_MS, "s"],
  ] as const;
  return parts.filter(([count]) => count > 0).map((part) => part.join(" ")).join(" ");
}
