// Options of a server. Types only.

import type { Texts } from "../texts/texts.ts";
import type { HashCost } from "./authority/passphrases.ts";
import type { ServerPassword } from "./authority/server_password.ts";
import type { Clock } from "../shared/clock.ts";
import type { Limits } from "./limits/limits.ts";
import type { LogEntry } from "./log_entry.ts";
import type { SocketKind } from "./net/socket.ts";
import type { Store } from "./store/store.ts";

export type { LogEntry };

/** Options of a new server. */
export interface ServerOptions {
  readonly limits?: Partial<Limits>;
  readonly clock?: Clock;
  /** The language of what clients are sent (default English). */
  readonly texts?: Texts;
  readonly log?: (entry: LogEntry) => void;
  /**
   * Stops after this number of rounds (R15, D7; default never). A round is a connection accepted, a
   * request received (a name, a message, a command) or the end of a connection.
   */
  readonly rounds?: number | undefined;
  /** How it accesses its sockets (default "system": direct system calls, where they work). */
  readonly sockets?: SocketKind;
  /** Where messages are stored (default memory). It stays open when the server has stopped. */
  readonly store?: Store | undefined;
  /** A password that every client must give before anything else. */
  readonly password?: ServerPassword | undefined;
  /** Whether certificates that are over are presented all the same (default false). */
  readonly allowExpired?: boolean | undefined;
  /** Cost of hashing passphrases (default {@linkcode USUAL_COST}); lower in tests. */
  readonly hashCost?: HashCost;
}
