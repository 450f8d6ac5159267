// What the two people of a dialogue by turns are told, in words. Pure.

import type { ConnectionEnd } from "../client/client_connection.ts";
import type { TurnEvent } from "./turn_state.ts";

/** Silence at the start after which both sides may be waiting, in milliseconds (R52). */
export const BOTH_WAITING_MS = 5_000;

/**
 * One sentence; `typesAhead` tells whether what is typed while waiting is read, so that the person can
 * take the turn.
 */
export function describeTurnEvent(news: TurnEvent, typesAhead: boolean): string {
  switch (news.kind) {
    case "held":
      return news.lines === 1
        ? "Held until your turn comes"
        : `Held until its turn comes: ${news.lines} lines wait`;
    case "both_waiting":
      return `Nothing has come for ${BOTH_WAITING_MS / 1000} s: perhaps both sides are waiting. ` +
        (typesAhead
          ? "A line typed now takes the turn"
          : "Start one of them with the other --first, if so");
    case "crossed":
      return "Both sides are speaking: lines have crossed. It is still your turn";
    case "last_answer":
      return "The other side has sent its last line: one answer may still reach it";
  }
}

/** How a dialogue ended, for the one who stays. */
export function describeTurnsEnd(end: ConnectionEnd): string {
  if (end.kind === "lost") return `Lost the other side: ${end.detail}`;
  if (end.kind === "closed" && end.event.reason !== "eof") {
    return `Closed the connection: the other side ${end.event.text}`;
  }
  return "The other side has left";
}
