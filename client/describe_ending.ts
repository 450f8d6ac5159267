// How a connection's end is described to a person, and whether it is a failure. Pure.

import type { CloseReason } from "../protocol/failures.ts";
import { durationText } from "../shared/duration.ts";
import type { ClientTexts } from "../texts/texts.ts";
import type { Reconnected } from "./conversation_options.ts";
import { type Address, addressText } from "./dial.ts";
import type { ConnectionEnd } from "./client_connection.ts";
import type { WelcomeEvent } from "./resume_state.ts";

/** How long a server may take to send its welcome, in milliseconds. */
export const WELCOME_MS = 10_000;

/** Whether the end is no failure: a goodbye, the client's own close, or an announced stop. */
export function isGoodEnd(end: ConnectionEnd, stopAnnounced: boolean): boolean {
  if (end.kind === "closed") return end.event.reason === "bye" || end.event.reason === "shutdown";
  return end.kind === "here" || stopAnnounced;
}

/**
 * Reasons after which joining again is refused or useless: a banned client stays out, a replaced or
 * resumed one is connected already, and a kicked one was sent away.
 */
const NO_WAY_BACK: ReadonlySet<CloseReason> = new Set(["banned", "kicked", "replaced", "resumed"]);

/** The server and the remedy, for {@linkcode endText}. */
export interface EndContext {
  readonly address: Address;
  /** The command that joins again, "" for none. */
  readonly again: string;
}

/** How the connection ended, with the command that joins again where that can help. */
export function endText(
  end: ConnectionEnd,
  { address, again }: EndContext,
  texts: ClientTexts,
): string {
  switch (end.kind) {
    case "closed":
      return texts.serverClosed(end.event.text, NO_WAY_BACK.has(end.event.reason) ? "" : again);
    case "eof":
      return texts.serverClosed(texts.noReason, again);
    case "lost":
      return texts.lost(addressText(address), end.detail, again);
    case "here":
      return texts.youLeft;
  }
}

/** The text shown when the client has reconnected. */
export function reconnectedText(
  { name }: Pick<WelcomeEvent, "name">,
  { afterMs, resumed }: Pick<Reconnected, "afterMs" | "resumed">,
  texts: ClientTexts,
): string {
  const duration = durationText(Math.max(1, Math.round(afterMs / 1000)) * 1000);
  return resumed ? texts.backAfter(duration) : texts.backInNewSession(duration, name);
}
