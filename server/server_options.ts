// What a server is made with, and what it logs. Types only.

import type { Texts } from "../texts/texts.ts";
import type { HashCost } from "./authority/passphrases.ts";
import type { ServerPassword } from "./authority/server_password.ts";
import type { Clock } from "../shared/clock.ts";
import type { Limits } from "./limits/limits.ts";
import type { LogEntry } from "./log_entry.ts";
import type { SocketKind } from "./net/socket.ts";
import type { Store } from "./store/store.ts";

export type { LogEntry };

/** How to make a server. */
export interface ServerOptions {
  readonly limits?: Partial<Limits>;
  readonly clock?: Clock;
  /** The language of what clients are sent (default English). */
  readonly texts?: Texts;
  readonly log?: (entry: LogEntry) => void;
  /**
   * Stops after so many rounds (R15, D7). One is a connection accepted, a request received (a name, a
   * message, a command) or the end of a connection noticed. Without it, never.
   */
  readonly rounds?: number | undefined;
  /** How it reaches its sockets: "system", by direct calls where they work, unless told otherwise. */
  readonly sockets?: SocketKind;
  /** Where messages are kept; in memory without one. It stays open when the server has stopped. */
  readonly store?: Store | undefined;
  /** What every newcomer must give before anything else. */
  readonly password?: ServerPassword | undefined;
  /** What a claimed name's hash costs; the usual one unless a test must be fast. */
  readonly hashCost?: HashCost;
}
