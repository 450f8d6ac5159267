// Sheet 004's pool (R97): each thread accepts a connection, serves it to its end, and accepts the
// next. `deno run -A benchmarks/strategies/thread_pool.ts [PORT [THREADS]]`

import { listenOn } from "./libc.ts";
import { SharedRoom } from "./shared_room.ts";
import { announce, wantedPort } from "./listen_port.ts";

const threads = Number(Deno.args[1] ?? 100);
const room = new SharedRoom();
const { listener, port } = listenOn(wantedPort(), true);
for (let started = 0; started < threads; started++) {
  const thread = new Worker(new URL("pool_worker.ts", import.meta.url), { type: "module" });
  const ready = new Promise((resolve) => thread.addEventListener("message", resolve));
  thread.postMessage({ listener, memory: room.memory });
  await ready;
}
announce(port);
