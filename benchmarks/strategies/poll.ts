// Sheet 004's single thread with poll() (R98): the kernel reports which sockets are ready. `deno
// run -A benchmarks/strategies/poll.ts [PORT]`

import { deliver } from "./broadcast.ts";
import { accept, close, listenOn, PollList, receive, SOCKET_ERRNO } from "./libc.ts";
import { announce, wantedPort } from "./listen_port.ts";
import { UsermsgSession } from "./usermsg_session.ts";

/** More descriptors than the system gives one process. */
const MOST = 1 << 20;

const sessions = new Map<number, UsermsgSession>();
const list = new PollList(MOST);
const buffer = new Uint8Array(65_536);

const { listener, port } = listenOn(wantedPort(), false);
list.add(listener);
announce(port);
for (;;) {
  list.wait();
  // From the end: a removed socket is replaced by one that was handled before.
  for (let index = list.length - 1; index > 0; index--) {
    if (list.isReady(index)) serve(index);
  }
  if (list.isReady(0)) acceptAll();
}

function acceptAll(): void {
  let fd;
  while ((fd = accept(listener, false)) >= 0) {
    sessions.set(fd, new UsermsgSession(`guest${fd}`));
    list.add(fd);
  }
  // Without a free descriptor the listener would be ready for ever: it is unwatched until a client
  // leaves.
  if (fd !== -SOCKET_ERRNO.EAGAIN) list.watch(0, false);
}

function serve(index: number): void {
  const fd = list.fd(index);
  const count = receive(fd, buffer);
  if (count === -SOCKET_ERRNO.EAGAIN) return;
  const lines = count > 0 ? sessions.get(fd)?.receive(buffer.subarray(0, count)) : undefined;
  if (lines !== undefined) return deliver(sessions.keys(), fd, lines);
  list.removeAt(index);
  list.watch(0, true);
  sessions.delete(fd);
  close(fd);
}
