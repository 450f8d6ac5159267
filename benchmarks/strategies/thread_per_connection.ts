// Sheet 004's threads (R96): every connection has a thread of its own, which waits in recv(). `deno
// run -A benchmarks/strategies/thread_per_connection.ts [PORT]`

import { accept, listenOn } from "./libc.ts";
import { SharedRoom } from "./shared_room.ts";
import { announce, sleepSync, wantedPort } from "./listen_port.ts";

const room = new SharedRoom();
const { listener, port } = listenOn(wantedPort(), true);
announce(port);
for (;;) {
  const fd = accept(listener, true);
  if (fd < 0) {
    sleepSync(100);
    continue;
  }
  const thread = new Worker(new URL("connection_worker.ts", import.meta.url), { type: "module" });
  thread.postMessage({ fd, memory: room.memory });
  // Between two waits in accept() the runtime frees threads that have ended.
  await new Promise((resolve) => setTimeout(resolve, 0));
}
