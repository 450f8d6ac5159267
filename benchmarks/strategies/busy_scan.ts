// Sheet 004's naive server (R95): one thread that polls every non-blocking socket in a loop. `deno
// run -A benchmarks/strategies/busy_scan.ts [PORT]`

import { deliver } from "./broadcast.ts";
import { accept, close, listenOn, receive, SOCKET_ERRNO } from "./libc.ts";
import { announce, wantedPort } from "./listen_port.ts";
import { UsermsgSession } from "./usermsg_session.ts";

const sessions = new Map<number, UsermsgSession>();
const buffer = new Uint8Array(65_536);

const { listener, port } = listenOn(wantedPort(), false);
announce(port);
for (;;) {
  for (let fd; (fd = accept(listener, false)) >= 0;) {
    sessions.set(fd, new UsermsgSession(`guest${fd}`));
  }
  for (const [fd, session] of sessions) scan(fd, session);
}

function scan(fd: number, session: UsermsgSession): void {
  const count = receive(fd, buffer);
  if (count === -SOCKET_ERRNO.EAGAIN) return; // undefined in nearly all calls of this program
  const lines = count > 0 ? session.receive(buffer.subarray(0, count)) : undefined;
  if (lines !== undefined) return deliver(sessions.keys(), fd, lines);
  sessions.delete(fd);
  close(fd);
}
