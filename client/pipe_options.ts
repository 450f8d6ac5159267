// What a chat in a pipe is told: where it is, whom it speaks as, its streams, and how long it waits.

import type { Dialect } from "../protocol/dialect.ts";
import type { Clock } from "../shared/clock.ts";
import type { ReconnectTimeouts } from "./conversation_options.ts";
import type { Address, DialResult } from "./dial.ts";
import { WELCOME_MS } from "./describe_ending.ts";
import type { SessionSecrets } from "./resume_state.ts";

/** What makes a chat in a pipe. */
export interface PipeOptions {
  readonly address: Address;
  readonly dialect: Dialect;
  /** The name to join with; without one the server gives its default name (R58). */
  readonly name?: string;
  /** Prints every event as one line of JSON instead of messages as `name: text`. */
  readonly json: boolean;
  /** What lets this client in, where that is asked for. */
  readonly secrets?: SessionSecrets;
  /** Goes on after the input ended, until the server closes. */
  readonly stay: boolean;
  readonly dial: () => Promise<DialResult>;
  readonly stdin: { read(buffer: Uint8Array): Promise<number | null> };
  readonly stdout: { write(bytes: Uint8Array): Promise<number> };
  /** Prints one line on standard error. */
  readonly printError: (line: string) => void;
  readonly clock: Clock;
  /** Answers from 0 to below 1. */
  readonly random: () => number;
  readonly timeouts?: PipeTimeouts;
  /** How long to try to come back; {@linkcode PIPE_RECONNECT} if not set. */
  readonly reconnectTimeouts?: ReconnectTimeouts;
  /** Asks the client to say goodbye and leave (R66, R67). */
  readonly stop?: AbortSignal;
}

/** How long to wait for a server, in milliseconds. */
export interface PipeTimeouts {
  /** For its welcome, where there is one. */
  readonly welcomeMs: number;
  /** For its close, once everything was said. */
  readonly goodbyeMs: number;
  /** For the next confirmation, where confirmations are not known to come. */
  readonly confirmMs: number;
}

/** Unless told otherwise. */
export const PIPE_TIMEOUTS: PipeTimeouts = {
  welcomeMs: WELCOME_MS,
  goodbyeMs: 2_000,
  confirmMs: 5_000,
};

/** A script waits for a restart; a stop that was announced is an end it can see and act on. */
export const PIPE_RECONNECT: ReconnectTimeouts = { lostMs: 60_000, announcedMs: 0 };
