// Reads numbers of rows that another program may have changed: one beyond 2^53 cannot be read at
// all, and a date beyond the calendar's end is none.

/** The end of the year 9999, the last that RFC 3339 can write, in milliseconds since the epoch. */
export const LATEST_MS = 253_402_300_799_999;

/** The greatest number of a message or member that is believed: far more than there can be. */
export const MAX_STORED = 2 ** 52;

/** SQL for a column as a number from 0 to `most`, under its own name; NULL stays NULL. */
export function bounded(column: string, most: number): string {
  return `max(0, min(${column}, ${most})) AS ${column}`;
}
