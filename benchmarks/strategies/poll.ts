// Sheet 004's single thread with poll() (R98): the kernel says which sockets have something.
// `deno run -A benchmarks/strategies/poll.ts [PORT]`

import { deliver } from "./broadcast.ts";
import { accept, close, listenOn, PollList, receive, SOCKET_ERRNO } from "./libc.ts";
import { announce, wantedPort } from "./listen_port.ts";
import { UsermsgSession } from "./usermsg_session.ts";

/** More than the system gives descriptors to one process. */
const MOST = 1 << 20;

const talkers = new Map<number, UsermsgSession>();
const list = new PollList(MOST);
const buffer = new Uint8Array(65_536);

const { listener, port } = listenOn(wantedPort(), false);
list.add(listener);
announce(port);
for (;;) {
  list.wait();
  // From the end: a socket that leaves is replaced by one that was already looked at.
  for (let index = list.length - 1; index > 0; index--) {
    if (list.isReady(index)) serve(index);
  }
  if (list.isReady(0)) acceptAll();
}

function acceptAll(): void {
  let fd;
  while ((fd = accept(listener, false)) >= 0) {
    talkers.set(fd, new UsermsgSession(`guest${fd}`));
    list.add(fd);
  }
  // Without a free descriptor the listener would be ready for ever: it waits until somebody leaves.
  if (fd !== -SOCKET_ERRNO.EAGAIN) list.watch(0, false);
}

function serve(index: number): void {
  const fd = list.fd(index);
  const count = receive(fd, buffer);
  if (count === -SOCKET_ERRNO.EAGAIN) return;
  const said = count > 0 ? talkers.get(fd)?.hear(buffer.subarray(0, count)) : undefined;
  if (said !== undefined) return deliver(talkers.keys(), fd, said);
  list.removeAt(index);
  list.watch(0, true);
  talkers.delete(fd);
  close(fd);
}
