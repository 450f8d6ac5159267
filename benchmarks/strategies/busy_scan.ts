// Sheet 004's naive server (R95): one thread that asks every non-blocking socket, over and over,
// whether it has something. `deno run -A benchmarks/strategies/busy_scan.ts [PORT]`

import { deliver } from "./broadcast.ts";
import { accept, close, listenOn, receive, SOCKET_ERRNO } from "./libc.ts";
import { announce, wantedPort } from "./listen_port.ts";
import { UsermsgSession } from "./usermsg_session.ts";

const talkers = new Map<number, UsermsgSession>();
const buffer = new Uint8Array(65_536);

const { listener, port } = listenOn(wantedPort(), false);
announce(port);
for (;;) {
  for (let fd; (fd = accept(listener, false)) >= 0;) {
    talkers.set(fd, new UsermsgSession(`guest${fd}`));
  }
  for (const [fd, talker] of talkers) scan(fd, talker);
}

function scan(fd: number, talker: UsermsgSession): void {
  const count = receive(fd, buffer);
  if (count === -SOCKET_ERRNO.EAGAIN) return; // nothing: what nearly every call of this program says
  const said = count > 0 ? talker.hear(buffer.subarray(0, count)) : undefined;
  if (said !== undefined) return deliver(talkers.keys(), fd, said);
  talkers.delete(fd);
  close(fd);
}
