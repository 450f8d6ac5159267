// Times and numbers as the operator reads them. Pure.

/** RFC 3339 in UTC, to the minute and easier to read: `2026-11-22 08:36Z`. */
export function minute(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)}Z`;
}

/** How many people, with the right plural. */
export function people(count: number): string {
  return count === 1 ? "1 person" : `${count} people`;
}
