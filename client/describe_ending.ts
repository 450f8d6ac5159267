// How a connection's end is told to a person, and whether it is a failure. Pure.

import type { CloseReason } from "../protocol/failures.ts";
import { durationText } from "../shared/duration.ts";
import type { Reconnected } from "./conversation_options.ts";
import { type Address, addressText } from "./dial.ts";
import type { ConnectionEnd } from "./client_connection.ts";
import type { WelcomeEvent } from "./resume_state.ts";

/** How long a server may take to welcome a client, in milliseconds. */
export const WELCOME_MS = 10_000;

/** Told when it took longer: somebody else's server may never send a welcome. */
export const NO_WELCOME =
  "No welcome from the server: if it is no minichat server, try another --dialect";

/**
 * Whether the end is nothing to worry about: a goodbye, or a stop of the server that was announced.
 */
export function isGoodEnd(end: ConnectionEnd, stopAnnounced: boolean): boolean {
  if (end.kind === "closed") return end.event.reason === "bye" || end.event.reason === "shutdown";
  return end.kind === "here" || stopAnnounced;
}

/** Whoever is banned stays out, and whoever was replaced is there already. */
const NO_WAY_BACK: ReadonlySet<CloseReason> = new Set(["banned", "replaced", "resumed"]);

/** One sentence on how the connection ended; `again` is the command that comes back, if any helps. */
export function endText(end: ConnectionEnd, address: Address, again: string): string {
  const isInVain = end.kind === "closed" && NO_WAY_BACK.has(end.event.reason);
  const remedy = again === "" || isInVain ? "" : `; to come back: ${again}`;
  switch (end.kind) {
    case "closed":
      return `The server closed the connection: ${end.event.text}${remedy}`;
    case "eof":
      return `The server closed the connection: it gave no reason${remedy}`;
    case "lost":
      return `Lost the connection to ${addressText(address)}: ${end.detail}${remedy}`;
    case "here":
      return "You left";
  }
}

/** What a person is told when the connection stands again. */
export function reconnectedText({ name }: Pick<WelcomeEvent, "name">, back: Reconnected): string {
  const after = `Back after ${durationText(Math.max(1, Math.round(back.afterMs / 1000)) * 1000)}`;
  if (back.resumed) return after;
  return `${after}, as ${name} and anew: the server no longer knew the session, so what was said ` +
    "meanwhile may be missing";
}
