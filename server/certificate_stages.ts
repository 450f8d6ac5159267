// How near a certificate is to its end (O7): reported 30, 7 and 1 days before, and when it is over.
// Pure.

const DAY_MS = 24 * 60 * 60 * 1000;

/** Days before the end of a certificate at which it is reported. */
const REPORTED_DAYS = [1, 7, 30] as const;

/** The next of the reported days, 0 for a certificate that is over; Infinity for one that is far. */
export function certificateStage(until: number, now: number): number {
  if (until <= now) return 0;
  return REPORTED_DAYS.find((days) => until - now <= days * DAY_MS) ?? Infinity;
}
