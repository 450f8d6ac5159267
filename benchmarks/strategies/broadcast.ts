// How one client's lines get into the sockets of the others, the same in all four servers of sheet
// 004, so that what differs is only how they wait.

import { hangUp, send } from "./libc.ts";

/**
 * Sends `bytes` to every socket of `fds` but `from`. Nobody is waited for: who has not read for so
 * long that the kernel's buffer is full is disconnected. A line is never left out in silence.
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
