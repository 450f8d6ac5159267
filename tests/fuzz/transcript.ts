// All that was observed in one play, in a form that can be compared with another's.

import { toLatin1 } from "./scenario.ts";
import type { FuzzConnection } from "./fuzz_connection.ts";
import type { PlayResult } from "./play_scenario.ts";

/** Everything that each client received, as lines. */
export function transcript(
  { canary, listeners, connections, watched, closed }: PlayResult,
): string {
  return JSON.stringify({
    canary: seen(canary),
    listeners: listeners.map(seen),
    connections: connections.map(seen),
    watched,
    closed: [...closed].sort(),
  });
}

function seen({ socket, session, dialect }: FuzzConnection) {
  const got = toLatin1(socket.bytes);
  return { dialect, got, named: session.member?.name ?? "", closed: socket.closed };
}
