// The options of a chat in a pipe, and how long it waits for a server.

import type { Dialect } from "../protocol/dialect.ts";
import type { Clock } from "../shared/clock.ts";
import type { Texts } from "../texts/texts.ts";
import type { OtherName, ReconnectTimeouts } from "./conversation_options.ts";
import { WELCOME_MS } from "./describe_ending.ts";
import type { Address, DialResult } from "./dial.ts";
import type { SessionSecrets } from "./resume_state.ts";

/** The options of a chat in a pipe. */
export interface PipeOptions {
  readonly address: Address;
  readonly dialect: Dialect;
  readonly texts: Texts;
  /** The name to join with; without it the server gives its default name (R58). */
  readonly name?: string;
  /** Prints every event as one line of JSON instead of messages as `name: text`. */
  readonly json: boolean;
  /** The password and passphrase, where the server asks for them. */
  readonly secrets?: SessionSecrets;
  /** Stays after the end of the input, until the server closes. */
  readonly stay: boolean;
  /** Prints nothing on standard error but errors. */
  readonly quiet?: boolean;
  /** Stays until a line that is shown matches, and leaves then. */
  readonly until?: RegExp;
  /** Leaves after that long, in milliseconds. */
  readonly timeoutMs?: number;
  /** The next name to try where one is taken; undefined ends the attempts. */
  readonly otherName?: OtherName;
  readonly dial: () => Promise<DialResult>;
  /** What was found out about the server, shown once it is connected. */
  readonly findings?: readonly string[];
  readonly stdin: { read(buffer: Uint8Array): Promise<number | null> };
  readonly stdout: { write(bytes: Uint8Array): Promise<number> };
  /** Aborted when standard output has no reader any more, though nothing was written. */
  readonly outputClosed?: AbortSignal;
  /** Prints one line on standard error. */
  readonly printError: (line: string) => void;
  readonly clock: Clock;
  /** Returns a number from 0 to below 1. */
  readonly random: () => number;
  readonly timeouts?: PipeTimeouts;
  /** How long to try to reconnect (default {@linkcode PIPE_RECONNECT}). */
  readonly reconnectTimeouts?: ReconnectTimeouts;
  /** Aborted when the client is to send a goodbye and leave (R66, R67). */
  readonly stop?: AbortSignal;
}

/** How long to wait for a server, in milliseconds. */
export interface PipeTimeouts {
  /** For its welcome, in dialects that have one. */
  readonly welcomeMs: number;
  /** For its close, after the client's goodbye. */
  readonly goodbyeMs: number;
  /** For the next confirmation, where the server may not send any. */
  readonly confirmMs: number;
}

/** The default of {@linkcode PipeOptions.timeouts}. */
export const PIPE_TIMEOUTS: PipeTimeouts = {
  welcomeMs: WELCOME_MS,
  goodbyeMs: 2_000,
  confirmMs: 5_000,
};

/**
 * A script waits for a restart after a lost connection; after an announced stop it ends, so that
 * the caller can act on it.
 */
export const PIPE_RECONNECT: ReconnectTimeouts = { lostMs: 60_000, announcedMs: 0 };
