// How long a server may keep an operator waiting. Knows neither sockets nor what is asked.

/** Calls `fire` once after `ms` milliseconds, unless the function it returned is called before. */
export type After = (ms: number, fire: () => void) => () => void;

/** The longest wait for a connection, and again for the first answer, in milliseconds. */
export const PATIENCE_MS = 5_000;

/** What `work` gives, or `"late"` when it takes longer than {@linkcode PATIENCE_MS}. */
export async function inTime<Value>(work: Promise<Value>, after: After): Promise<Value | "late"> {
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const disarm = after(PATIENCE_MS, () => resolve("late"));
  try {
    return await Promise.race([late, work]);
  } finally {
    disarm();
  }
}
