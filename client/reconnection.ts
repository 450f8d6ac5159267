// Whether and how soon a client reconnects after its connection ended: a table of close reasons,
// and exponential backoff with jitter. Pure.

import type { CloseReason } from "../protocol/failures.ts";
import type { ConnectionOutcome } from "./conversation_options.ts";
import type { ConnectionEnd } from "./client_connection.ts";

/**
 * When to try again: soon, later (the server is full), for a short time after an announced stop, or
 * never.
 */
export type ReconnectPolicy = "soon" | "later" | "announced" | "never";

/** By the reason of the server's goodbye; unknown reasons of later versions count as "soon". */
const POLICIES: Readonly<Partial<Record<CloseReason, ReconnectPolicy>>> = {
  bye: "never",
  kicked: "never",
  banned: "never",
  replaced: "never", // another connection of the same person has this name now
  wrong_password: "never",
  wrong_passphrase: "never",
  resumed: "never", // another client with our secret has resumed the session
  line_too_long: "never", // the same bytes would be sent again
  binary_input: "never",
  bad_frame: "never",
  unsupported_protocol: "never",
  shutdown: "announced",
  server_full: "later",
  too_many_connections: "later",
};

/**
 * The upper bound of the wait before the first attempt, in milliseconds; it doubles for each one.
 */
const FIRST_MS = 250;
/**
 * The upper bound of any wait, in milliseconds: all clients are back that long after a restart
 * (F41).
 */
const LONGEST_MS = 10_000;
/** Doublings that a full server gets in advance, so that clients do not retry it quickly. */
const SERVER_FULL_HEAD_START = 4;

/** Whether and when to reconnect after `end`; `stopAnnounced` if the server announced its stop. */
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
 * Milliseconds to wait before attempt number `attempt`, counted from 1: random up to a bound that
 * doubles each time, so that the clients of a restarted server do not all reconnect at the same
 * time (F41). `random` returns a number from 0 to below 1.
 */
export function reconnectDelayMs(
  attempt: number,
  policy: ReconnectPolicy,
  random: () => number,
): number {
  const doublings = attempt - 1 + (policy === "later" ? SERVER_FULL_HEAD_START : 0);
  return random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** doublings);
}

/** {@linkcode reconnectAfter} for the outcome of a connection or of an attempt. */
export function reconnectPolicyOf(outcome: ConnectionOutcome): ReconnectPolicy {
  if (outcome.kind === "unreachable" && outcome.final) return "never";
  return outcome.kind === "ended" ? reconnectAfter(outcome.end, outcome.stopAnnounced) : "soon";
}
