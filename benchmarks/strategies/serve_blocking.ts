// Serves one client in a thread: waits in recv() and sends to the others, until the client
// disconnects.

import { close, receive } from "./libc.ts";
import type { SharedRoom } from "./shared_room.ts";
import { UsermsgSession } from "./usermsg_session.ts";

/** Most bytes of one read. */
const READ_BYTES = 65_536;

/** Serves one client on a blocking socket, then closes the socket. */
export function serveBlocking(fd: number, room: SharedRoom): void {
  const session = new UsermsgSession(`guest${fd}`);
  const buffer = new Uint8Array(READ_BYTES);
  if (!room.join(fd)) return close(fd);
  for (;;) {
    const count = receive(fd, buffer);
    const lines = count > 0 ? session.receive(buffer.subarray(0, count)) : undefined;
    if (lines === undefined) break; // the end, a reset, or a line that is too long
    if (lines.length > 0) room.say(fd, lines);
  }
  room.leave(fd);
}
