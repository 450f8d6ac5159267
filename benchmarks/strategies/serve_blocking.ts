// What a thread does with one client: wait in recv(), tell the others, until the client is gone. It
// must not know where the thread came from.

import { close, receive } from "./libc.ts";
import type { SharedRoom } from "./shared_room.ts";
import { UsermsgSession } from "./usermsg_session.ts";

/** What a read may bring at once, in bytes. */
const READ_BYTES = 65_536;

/** Serves one client on a blocking socket to its end; then the socket is closed. */
export function serveBlocking(fd: number, room: SharedRoom): void {
  const talker = new UsermsgSession(`guest${fd}`);
  const buffer = new Uint8Array(READ_BYTES);
  if (!room.join(fd)) return close(fd);
  for (;;) {
    const count = receive(fd, buffer);
    const said = count > 0 ? talker.hear(buffer.subarray(0, count)) : undefined;
    if (said === undefined) break; // the end, a reset, or a line without one
    if (said.length > 0) room.say(fd, said);
  }
  room.leave(fd);
}
