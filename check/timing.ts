// The pauses of the checks, and waiting by a clock. Tests give a clock that runs faster.

import type { Clock } from "../shared/clock.ts";

/** How long the checks of a server pause, and wait for what is likely not to come, in milliseconds. */
export interface CheckTiming {
  /** Between two writes that the server is to read one by one, or to carry out in their order. */
  readonly apartMs: number;
  /** The same where a message is sent byte by byte. */
  readonly bytesApartMs: number;
  /** The same between a registration that is not answered and the first message. */
  readonly registerMs: number;
  /** From the beginning of a burst until the server is in the middle of writing it to others. */
  readonly midBurstMs: number;
  /** Without a byte for so long, a client has got all that was on its way. */
  readonly silenceMs: number;
  /** Between two questions whether something has changed. */
  readonly pollMs: number;
  /** For a server to close the connection of a client that leaves. */
  readonly leaveMs: number;
  /** For the end of a connection to be read after a write to it has failed. */
  readonly endMs: number;
  /** From the end of the connections of a process that dies to the end of its listening socket. */
  readonly dyingMs: number;
  /** For the first message of each other dialect, when the server seems to speak another one. */
  readonly guessMs: number;
}

/** For servers that are programs of their own, on a machine that may be slow. */
export const CHECK_TIMING: CheckTiming = {
  apartMs: 60,
  bytesApartMs: 4,
  registerMs: 20,
  midBurstMs: 3,
  silenceMs: 100,
  pollMs: 50,
  leaveMs: 100,
  endMs: 200,
  dyingMs: 100,
  guessMs: 500,
};

/** Lets `ms` milliseconds pass. */
export function pause(clock: Clock, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  clock.after(ms, resolve);
  return promise;
}

/** Waits for `promise`, at most `ms` milliseconds; leaves no timer behind. */
export async function within(clock: Clock, promise: Promise<unknown>, ms: number): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = clock.after(ms, resolve);
  await Promise.race([promise, late]);
  timer.cancel();
}
