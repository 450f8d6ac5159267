// The texts of a dialogue's events and of its end. Pure.

import type { ConnectionEnd } from "../client/client_connection.ts";
import type { TurnsTexts } from "../texts/texts.ts";
import type { TurnEvent } from "./turn_state.ts";

/** Silence since the start after which both sides may be waiting, in milliseconds (R52). */
export const BOTH_WAITING_MS = 5_000;

/**
 * The text of `event`; `typesAhead` if lines typed while waiting are read, so that one can take the
 * turn.
 */
export function describeTurnEvent(
  event: TurnEvent,
  typesAhead: boolean,
  texts: TurnsTexts,
): string {
  switch (event.kind) {
    case "held":
      return texts.held(event.lines);
    case "both_waiting":
      return texts.bothWaiting(BOTH_WAITING_MS / 1000, typesAhead);
    case "crossed":
      return texts.crossed;
    case "last_answer":
      return texts.lastAnswer;
  }
}

/** How a dialogue ended, for the side that stays. */
export function describeTurnsEnd(end: ConnectionEnd, texts: TurnsTexts): string {
  if (end.kind === "lost") return texts.peerLost(end.detail);
  if (end.kind === "closed" && end.event.reason !== "eof") return texts.peerClosed(end.event.text);
  return texts.peerLeft;
}
