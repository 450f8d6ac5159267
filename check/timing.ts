// The pauses of the checks, and waiting by a clock. Tests pass a clock that runs faster.

import type { Clock } from "../shared/clock.ts";

/** Pauses of the checks of a server, and waits for bytes that probably never come, in milliseconds. */
export interface CheckTiming {
  /** Between two writes that the server should read separately, or carry out in order. */
  readonly apartMs: number;
  /** The same between the bytes of a message that is sent byte by byte. */
  readonly bytesApartMs: number;
  /** The same between a registration without an answer and the first message. */
  readonly registerMs: number;
  /** After this long without a byte, a client has received everything in transit. */
  readonly silenceMs: number;
  /** Poll interval. */
  readonly pollMs: number;
  /** For a server to close the connection of a client that leaves. */
  readonly leaveMs: number;
  /** For the end of a connection to be read after a write to it has failed. */
  readonly endMs: number;
  /** When a process dies: from the end of its connections to the end of its listening socket. */
  readonly dyingMs: number;
  /** For the answer to the first message of each other dialect, when the dialect is guessed. */
  readonly guessMs: number;
}

/** For servers in a process of their own, on a machine that may be slow. */
export const CHECK_TIMING: CheckTiming = {
  apartMs: 60,
  bytesApartMs: 4,
  registerMs: 20,
  silenceMs: 100,
  pollMs: 50,
  leaveMs: 100,
  endMs: 200,
  dyingMs: 200,
  guessMs: 500,
};

/** Waits for `ms` milliseconds. */
export function pause(clock: Clock, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  clock.after(ms, resolve);
  return promise;
}

/** Waits for `promise`, at most `ms` milliseconds; cancels its timer. */
export async function within(clock: Clock, promise: Promise<unknown>, ms: number): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = clock.after(ms, resolve);
  await Promise.race([promise, late]);
  timer.cancel();
}
