// The thread that thread_per_connection.ts starts for one client; it ends when the client
// disconnects.

import { serveBlocking } from "./serve_blocking.ts";
import { SharedRoom } from "./shared_room.ts";

addEventListener("message", (event) => {
  if (!(event instanceof MessageEvent)) return;
  serveBlocking(event.data.fd, new SharedRoom(event.data.memory));
  close();
});
