// What a chat on a terminal is given.

import type { Dialect } from "../protocol/dialect.ts";
import type { Clock } from "../shared/clock.ts";
import type { Style } from "../terminal/style.ts";
import type { Candidates } from "./completion_candidates.ts";
import type { ReconnectTimeouts } from "./conversation_options.ts";
import type { Address, DialResult } from "./dial.ts";
import type { PromptLike } from "./prompt_interface.ts";
import type { SessionSecrets } from "./resume_state.ts";

/** What makes a chat on a terminal. */
export interface InteractiveOptions {
  readonly address: Address;
  readonly dialect: Dialect;
  /** The name to join with; without one the person is asked (R92). */
  readonly name?: string;
  /** What lets this client in, as far as it is known: the person is asked for the rest. */
  readonly secrets?: SessionSecrets;
  /** Command-line words that join the same way again, without the address and the name. */
  readonly flags: readonly string[];
  readonly dial: () => Promise<DialResult>;
  /** Makes the line editor; `complete` is what Tab offers. */
  readonly prompt: (complete: (line: string, cursor: number) => Candidates) => PromptLike;
  readonly style: Style;
  readonly clock: Clock;
  /** Answers from 0 to below 1. */
  readonly random: () => number;
  /** How long to try to come back; {@linkcode TERMINAL_RECONNECT} if not set. */
  readonly reconnectTimeouts?: ReconnectTimeouts;
  /** Columns behind the mark of a notice; those of 80 if not set. */
  readonly textColumns?: number;
  /** Rings for a private message or a mention. */
  readonly ringBell: () => void;
  /** Aborted when the program is told to end. */
  readonly stop: AbortSignal;
  /** How long the server may take to welcome, in milliseconds; `WELCOME_MS` if not set. */
  readonly welcomeMs?: number;
}

/** A person can leave at any time; a server that said it would stop may be starting again. */
export const TERMINAL_RECONNECT: ReconnectTimeouts = { lostMs: 600_000, announcedMs: 60_000 };

/** How long a server may take to let go after a goodbye, in milliseconds. */
export const GOODBYE_MS = 1_000;

/** Lines that may wait for the server's answer: a person types on, and memory stays bounded. */
export const MAX_PENDING = 1_000;

export const EXIT_LOST = 1;
export const EXIT_INTERRUPTED = 130;
