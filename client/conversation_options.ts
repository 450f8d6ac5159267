// The options of a conversation, and the interface of its listener.

import type { Dialect } from "../protocol/dialect.ts";
import type { ServerEvent } from "../protocol/events.ts";
import type { FailureCode } from "../protocol/failures.ts";
import type { Clock } from "../shared/clock.ts";
import type { ClientTexts } from "../texts/texts.ts";
import type { DialResult } from "./dial.ts";
import type { ConnectionEnd } from "./client_connection.ts";
import type { PendingRequest } from "./pending_requests.ts";
import type { SessionSecrets, WelcomeEvent } from "./resume_state.ts";

export interface ConversationOptions {
  readonly dialect: Dialect;
  readonly texts: ClientTexts;
  /** The name to join with; without it the server gives its default name (R58). */
  readonly name?: string | undefined;
  /** The password and passphrase, where the server asks for them. */
  readonly secrets?: SessionSecrets;
  readonly dial: () => Promise<DialResult>;
  readonly clock: Clock;
  /** Returns a number from 0 to below 1. */
  readonly random: () => number;
  /** How long the server may take to send its welcome, in milliseconds. */
  readonly welcomeMs: number;
  readonly timeouts: ReconnectTimeouts;
  /** The next name to try where one is taken; undefined ends the attempts. */
  readonly otherName?: OtherName | undefined;
  /** Most requests kept until they are answered; `send()` refuses more. */
  readonly maxPending: number;
}

/** The name to try after `taken`, which another person has; undefined if there is none. */
export type OtherName = (taken: string) => string | undefined;

/** How long to try to reconnect, in milliseconds; 0 for not at all. */
export interface ReconnectTimeouts {
  /** After a connection that was lost. */
  readonly lostMs: number;
  /** After a stop that the server announced. */
  readonly announcedMs: number;
}

/** Never reconnects. */
export const NO_RECONNECT: ReconnectTimeouts = { lostMs: 0, announcedMs: 0 };

/** The result of a connection, or of the attempt to make one. */
export type ConnectionOutcome =
  /**
   * `final` if a person has to decide before another attempt, for example about a changed
   * certificate.
   */
  | { readonly kind: "unreachable"; readonly error: string; readonly final?: true }
  | { readonly kind: "no_welcome" }
  /** The server refused the name, or wants a secret; `error` says why. */
  | { readonly kind: "refused"; readonly error: string; readonly code: FailureCode }
  | { readonly kind: "ended"; readonly end: ConnectionEnd; readonly stopAnnounced: boolean };

/** What happened before the second and every later welcome. */
export interface Reconnected {
  readonly afterMs: number;
  /** The session was resumed; otherwise the server no longer knew it, and this is a new one. */
  readonly resumed: boolean;
  /** Messages sent on a lost connection; whether they arrived is unknown. */
  readonly doubtful: readonly PendingRequest[];
}

/** A wait before the next attempt. */
export interface ReconnectWait {
  /** Counts from 1. */
  readonly attempt: number;
  readonly inMs: number;
  /** Milliseconds until the client stops trying. */
  readonly leftMs: number;
  /** The result of the last connection or attempt. */
  readonly outcome: ConnectionOutcome;
}

/** Callbacks of a conversation. A returned promise holds up the next event. */
export interface ConversationListener {
  /** A connection is open; the server has sent nothing yet. */
  onConnected(): void;
  /** The server sent its welcome; `back` is set from the second welcome on. */
  onWelcome(event: WelcomeEvent, back: Reconnected | undefined): void | Promise<void>;
  /** Any other event not seen before; `answered` is the request that it answers, if any. */
  onEvent(event: ServerEvent, answered: PendingRequest | undefined): void | Promise<void>;
  onWait(wait: ReconnectWait): void;
  /** The wait is over: attempt number `attempt` begins, counted from 1. */
  onAttempt(attempt: number): void;
}
