// How long a server may keep an operator waiting. Knows neither sockets nor what is asked.

/** Calls `fire` once after `ms` milliseconds, unless the function it returned is called before. */
export type StartTimer = (ms: number, fire: () => void) => () => void;

/** The longest wait for a connection, and again for the first answer, in milliseconds. */
export const CONTROL_TIMEOUT_MS = 5_000;

/** What `work` gives, or `"late"` when it takes longer than {@linkcode CONTROL_TIMEOUT_MS}. */
export async function withTimeout<Value>(
  work: Promise<Value>,
  after: StartTimer,
): Promise<Value | "late"> {
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const disarm = after(CONTROL_TIMEOUT_MS, () => resolve("late"));
  try {
    return await Promise.race([late, work]);
  } finally {
    disarm();
  }
}
