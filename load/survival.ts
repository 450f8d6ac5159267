// After the load: whether the server still serves new clients when all others have disconnected.
// Servers that write to closed connections end at this moment.

import { joinClients, type JoinOptions } from "./join_phase.ts";
import type { LoadClients } from "./load_clients.ts";

/** Options of {@linkcode survivalProblem}. */
export interface SurvivalOptions extends Pick<JoinOptions, "waiter" | "timing" | "onProgress"> {
  /** New clients with names that were not used yet. */
  readonly newClients: (attempt: number) => LoadClients;
}

/** Milliseconds before the first new client, for a server that ends a little later. */
const PAUSE_MS = 100;
const NEW_CLIENTS = 2;
/** Attempts without a connection after which the server has ended, 1.5 s in all. */
const ATTEMPTS_REFUSED = 4;

const ENDED = "The server takes no new connection after its clients have disconnected: it has " +
  "probably ended. A write to a closed connection ends a program in C by SIGPIPE (ignore it: " +
  "signal(SIGPIPE, SIG_IGN)), in Python by an uncaught BrokenPipeError or ConnectionResetError";

/**
 * Joins two new clients and sends a message from one to the other. A server that is still busy with
 * those who left gets `timing.joinMs`. Returns a problem, or undefined if the message arrived or the
 * user interrupted.
 */
export async function survivalProblem(options: SurvivalOptions): Promise<string | undefined> {
  const { waiter, timing, newClients, onProgress } = options;
  const endsAt = waiter.now() + timing.joinMs;
  for (let attempt = 0, pause = PAUSE_MS;; attempt++, pause *= 2) {
    await waiter.pause(pause);
    if (waiter.isStopped) return undefined;
    const loadClients = newClients(attempt);
    const { end, held, detail } = await joinClients({
      loadClients,
      waiter,
      clients: NEW_CLIENTS,
      mayOpen: Infinity,
      timing,
      onProgress,
    });
    await loadClients.close();
    if (end === "interrupted" || (end === "all_joined" && held === NEW_CLIENTS)) return undefined;
    if (loadClients.dialError !== undefined) {
      if (attempt + 1 >= ATTEMPTS_REFUSED) return ENDED;
    }
    if (waiter.now() < endsAt) continue;
    const how = end === "stalled"
      ? "no message of one reaches the other"
      : `it ends their connections${detail === null ? "" : ` ("${detail}")`}`;
    return `The server serves no new clients after all others have disconnected: ${how}`;
  }
}
