// Notices that standard output has no reader any more without writing to it, as when the next
// program of a pipe has ended: poll(2), where the C library can be called.

import type { Timer } from "../shared/clock.ts";
import { systemClock } from "../shared/clock.ts";

/** How often to look, in milliseconds. */
const LOOK_MS = 250;

/** The descriptor of standard output. */
const STDOUT = 1;

/** poll(2): the reader has closed a pipe (POLLERR) or a socket (POLLHUP). */
const CLOSED = 0x08 | 0x10;

/** The state of standard output. */
export interface OutputWatch {
  /** Aborted once it has no reader. */
  readonly closed: AbortSignal;
  stop(): void;
}

/** Watches standard output until it has no reader, or until `stop()`. */
export async function watchOutput(): Promise<OutputWatch> {
  const closed = new AbortController();
  // Loaded here: no other part of a client calls the C library.
  const poll = (await import("../server/net/system/libc.ts")).libc()?.poll;
  if (poll === undefined) return { closed: closed.signal, stop: () => {} };
  // struct pollfd: the descriptor, then 16 bits of what is asked and 16 of the answer.
  const entry = new DataView(new ArrayBuffer(8));
  entry.setInt32(0, STDOUT, true);
  const bytes = new Uint8Array(entry.buffer);
  let timer: Timer;
  const look = (): void => {
    if (poll(bytes, 1n, 0) === 1 && (entry.getInt16(6, true) & CLOSED) !== 0) closed.abort();
    else timer = systemClock.after(LOOK_MS, look);
  };
  timer = systemClock.after(LOOK_MS, look);
  return { closed: closed.signal, stop: () => timer.cancel() };
}
