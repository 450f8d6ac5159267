// One thread of thread_pool.ts: serves one client after the other, for ever.

/// <reference lib="deno.worker" />

import { serveBlocking } from "./serve_blocking.ts";
import { accept } from "./libc.ts";
import { SharedRoom } from "./shared_room.ts";
import { sleepSync } from "./listen_port.ts";

addEventListener("message", (event) => {
  if (!(event instanceof MessageEvent)) return;
  const room = new SharedRoom(event.data.memory);
  postMessage("ready");
  for (;;) {
    const fd = accept(event.data.listener, true);
    if (fd < 0) sleepSync(100);
    else serveBlocking(fd, room);
  }
});
