// When a client comes back after its connection ended, and how soon: a table of reasons and the
// arithmetic of waiting. Pure; chance is passed in.

import type { CloseReason } from "../protocol/failures.ts";
import type { ConnectionOutcome } from "./conversation_options.ts";
import type { ConnectionEnd } from "./client_connection.ts";

/** What to do after an end: try again soon, later, for a short time only, or not at all. */
export type ReconnectPolicy = "soon" | "later" | "announced" | "never";

/** After the server's own goodbye. A reason of a later version is no reason to stay away. */
const POLICIES: Readonly<Partial<Record<CloseReason, ReconnectPolicy>>> = {
  bye: "never",
  kicked: "never",
  banned: "never",
  replaced: "never", // the same person goes on elsewhere
  wrong_password: "never",
  wrong_passphrase: "never",
  resumed: "never", // somebody with our own secret goes on in our place
  line_too_long: "never", // what was sent once would be sent again
  binary_input: "never",
  bad_frame: "never",
  unsupported_protocol: "never",
  shutdown: "announced",
  server_full: "later",
  too_many_connections: "later",
};

/** The longest wait before the first attempt; each following one doubles it. */
const FIRST_MS = 250;
/** The longest wait before any attempt: so long after a server's return everybody is back (F41). */
const LONGEST_MS = 10_000;
/** Attempts a full server is spared: the first wait is as long as that of the one after them. */
const SERVER_FULL_HEAD_START = 4;

/** Whether it makes sense to come back after `end`; `stopAnnounced` when the server told it would stop. */
export function reconnectAfter(end: ConnectionEnd, stopAnnounced: boolean): ReconnectPolicy {
  switch (end.kind) {
    case "closed":
      return POLICIES[end.event.reason] ?? "soon";
    case "eof":
    case "lost":
      return stopAnnounced ? "announced" : "soon";
    case "here":
      return "never";
  }
}

/**
 * Milliseconds to wait before attempt number `attempt`, from 1: anything up to a bound that doubles
 * each time, so that the clients of a restarted server do not come back all at once (F41). `random`
 * answers from 0 to below 1.
 */
export function reconnectDelayMs(
  attempt: number,
  policy: ReconnectPolicy,
  random: () => number,
): number {
  const doublings = attempt - 1 + (policy === "later" ? SERVER_FULL_HEAD_START : 0);
  return random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** doublings);
}

/** The same for however a connection, or the attempt to make one, came out. */
export function reconnectPolicyOf(outcome: ConnectionOutcome): ReconnectPolicy {
  if (outcome.kind === "unreachable" && outcome.final) return "never";
  return outcome.kind === "ended" ? reconnectAfter(outcome.end, outcome.stopAnnounced) : "soon";
}
