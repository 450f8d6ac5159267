// Sends one client's lines to the sockets of the others, alike in all four servers of sheet 004, so
// that they differ only in how they wait.

import { hangUp, send } from "./libc.ts";

/**
 * Sends `bytes` to every socket of `fds` but `from`, without waiting: a client that has not read
 * until the kernel's buffer is full is disconnected. No line is left out silently.
 */
export function deliver(
  fds: Iterable<number>,
  from: number,
  bytes: Uint8Array<ArrayBuffer>,
): void {
  if (bytes.length === 0) return;
  for (const fd of fds) {
    if (fd !== from && send(fd, bytes) !== bytes.length) hangUp(fd);
  }
}
