// What a conversation is given, and what it tells those who listen to it.

import type { Dialect } from "../protocol/dialect.ts";
import type { ServerEvent } from "../protocol/events.ts";
import type { FailureCode } from "../protocol/failures.ts";
import type { Clock } from "../shared/clock.ts";
import type { ClientTexts } from "../texts/texts.ts";
import type { DialResult } from "./dial.ts";
import type { ConnectionEnd } from "./client_connection.ts";
import type { PendingRequest } from "./pending_requests.ts";
import type { SessionSecrets, WelcomeEvent } from "./resume_state.ts";

/** What makes a conversation. */
export interface ConversationOptions {
  readonly dialect: Dialect;
  readonly texts: ClientTexts;
  /** The name to join with; without one the server gives its default name (R58). */
  readonly name?: string | undefined;
  /** What lets this client in, where that is asked for. */
  readonly secrets?: SessionSecrets;
  readonly dial: () => Promise<DialResult>;
  readonly clock: Clock;
  /** Answers from 0 to below 1. */
  readonly random: () => number;
  /** How long the server may take to welcome, in milliseconds. */
  readonly welcomeMs: number;
  readonly timeouts: ReconnectTimeouts;
  /** Requests kept until they are answered; no more are taken above it. */
  readonly maxPending: number;
}

/** How long to try to come back, in milliseconds; 0 for not at all. */
export interface ReconnectTimeouts {
  /** After a connection that was lost. */
  readonly lostMs: number;
  /** After a stop that the server announced. */
  readonly announcedMs: number;
}

/** Nothing is tried again. */
export const NO_RECONNECT: ReconnectTimeouts = { lostMs: 0, announcedMs: 0 };

/** How a connection, or the attempt to make one, came out. */
export type ConnectionOutcome =
  /** `final` when somebody has to decide before another attempt: a certificate has changed. */
  | { readonly kind: "unreachable"; readonly error: string; readonly final?: true }
  | { readonly kind: "no_welcome" }
  /** The server would not have the name, or wants a secret; `error` says why. */
  | { readonly kind: "refused"; readonly error: string; readonly code: FailureCode }
  | { readonly kind: "ended"; readonly end: ConnectionEnd; readonly stopAnnounced: boolean };

/** What a second and later welcome means. */
export interface Reconnected {
  readonly afterMs: number;
  /** The session goes on; else the server had forgotten it, and this is a new one. */
  readonly resumed: boolean;
  /** Messages sent on a lost connection of which nobody knows whether they arrived. */
  readonly doubtful: readonly PendingRequest[];
}

/** A wait before the next attempt. */
export interface ReconnectWait {
  /** Counts from 1. */
  readonly attempt: number;
  readonly inMs: number;
  /** For how long attempts go on. */
  readonly leftMs: number;
  /** What became of the last connection or attempt. */
  readonly outcome: ConnectionOutcome;
}

/** Who is told what happens. */
export interface ConversationListener {
  /** A connection stands; the server has said nothing yet. */
  onConnected(): void;
  /** The server let this client in; `back` when it was in before. */
  onWelcome(event: WelcomeEvent, back: Reconnected | undefined): void | Promise<void>;
  /** Any other event that is news; `answered` is the request that it answers, if it does. */
  onEvent(event: ServerEvent, answered: PendingRequest | undefined): void | Promise<void>;
  onWait(wait: ReconnectWait): void;
  /** The wait is over: attempt number `attempt` begins. */
  onAttempt(attempt: number): void;
}
