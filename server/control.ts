// The operator's interface to a running server; admin/command_table.ts turns typed commands into
// these calls.

import type { GroupInfo, ServerEvent, UserInfo } from "../protocol/events.ts";

/** The answer to a command: its result, or an error message. */
export type OrderOutcome<Done = void> =
  | { readonly ok: true; readonly value: Done }
  | { readonly ok: false; readonly error: string };

/** A ban. `until` is RFC 3339; `null` for good. */
export interface Ban {
  /** A name as it was typed, an IP address, or a range of them (`2001:db8::/64`). */
  readonly subject: string;
  readonly kind: "name" | "address";
  /** Of an address: it covers 2 to that power of addresses, 0 to 128. */
  readonly bits?: number;
  readonly until: string | null;
  readonly reason: string;
}

/** A muted name; `until` as of {@linkcode Ban}. */
export interface Mute {
  readonly name: string;
  readonly until: string | null;
}

/** A claimed name. Times are RFC 3339. */
export interface ClaimInfo {
  readonly name: string;
  readonly since: string;
  /** When it was last proven. */
  readonly used: string;
  /** Whether its owner may give operator commands in the chat. */
  readonly operator: boolean;
}

/** A connected client as the operator sees it; `name` is "" before registration. */
export interface PersonInfo extends UserInfo {
  /** IP address, or `unix`. */
  readonly address: string;
  /** Bytes queued for this client. */
  readonly queuedBytes: number;
  readonly muted: boolean;
}

/** The stored messages. */
export interface HistoryStats {
  /** The database; `null` if messages are only in memory. */
  readonly file: string | null;
  readonly messages: number;
  /** Size on the disk. */
  readonly bytes: number;
  /** When the oldest message was sent, RFC 3339; `null` if there is none. */
  readonly oldest: string | null;
  /** Why messages cannot be stored at the moment; `null` if they can. */
  readonly problem: string | null;
  /** Why old messages are kept or new ones are dated in the future; `null` if the clock is believed. */
  readonly clock: string | null;
}

/** A limit in force. */
export interface LimitInfo {
  /** As on the command line. */
  readonly name: string;
  readonly value: number;
  readonly default: number;
  readonly unit: "bytes" | "count" | "ms" | "perSecond";
  /** The value as `--limit` takes it. */
  readonly text: string;
}

/** A certificate of the server. */
export interface CertificateInfo {
  /** Path of its file. */
  readonly cert: string;
  /** When it ends, RFC 3339. */
  readonly until: string;
  /** That it ends soon or is over, in one line with the remedy; else `null`. */
  readonly problem: string | null;
}

/** Counters since the start, and the state now. */
export interface Stats {
  readonly version: string;
  readonly pid: number;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly uptimeSeconds: number;
  /** Where clients can join, as `tcp:HOST:PORT` or `unix:PATH`. */
  readonly listening: readonly string[];
  /** Base URL of `/metrics` and `/healthz`, `http://HOST:PORT`, or `null`. */
  readonly metrics: string | null;
  readonly clients: number;
  readonly registered: number;
  readonly maxClients: number;
  readonly groups: number;
  /** Connected clients by dialect. */
  readonly dialects: Readonly<Record<string, number>>;
  /** Messages stored. */
  readonly messages: number;
  readonly history: HistoryStats;
  /** Copies of events handed to clients' queues. */
  readonly deliveries: number;
  readonly queuedBytes: number;
  /**
   * Memory of the queued bytes of all clients, and the amount at which the clients with most are
   * dropped.
   */
  readonly queueMemory: { readonly bytes: number; readonly maxBytes: number };
  readonly accepted: number;
  readonly acceptErrors: number;
  /** How connections ended, by reason code. */
  readonly closed: Readonly<Record<string, number>>;
  readonly residentBytes: number;
  /** How late the event loop was in the last ten seconds, in milliseconds. */
  readonly lagMs: { readonly median: number; readonly worst: number };
  /** The certificates presented to clients. */
  readonly certificates: readonly CertificateInfo[];
  /** Seconds until the announced stop, or `null`. */
  readonly shutdownIn: number | null;
  /** All limits in force. */
  readonly limits: readonly LimitInfo[];
}

/** An event on the server, as `tail` and the server's own terminal show it. */
export interface WatchedEvent {
  /** RFC 3339 with milliseconds. */
  readonly at: string;
  /** A message, join, leave, rename or shutdown; private text is left out. */
  readonly event: ServerEvent;
}

/** A running server, for its operator. Every command takes effect before the call returns. */
export interface ServerControl {
  /** Sends `text` to everyone as `server` (R41); returns the number of members. */
  wall(text: string): OrderOutcome<{ readonly recipients: number }>;
  /** Sends `text` to one member as `server`, privately. */
  tell(name: string, text: string): OrderOutcome<{ readonly name: string }>;
  /** Disconnects a member with a reason (R42, D9). */
  kick(name: string, reason: string): OrderOutcome<{ readonly name: string }>;
  /**
   * Bans a name or an IP address, for `seconds` or until it is unbanned; kicks the members that
   * match.
   */
  ban(
    subject: string,
    options: { readonly seconds?: number; readonly reason: string },
  ): OrderOutcome<{ readonly ban: Ban; readonly kicked: readonly string[] }>;
  unban(subject: string): OrderOutcome<{ readonly subject: string }>;
  bans(): readonly Ban[];
  /** Refuses the messages of a member, for `seconds` or until {@linkcode unmute}. */
  mute(
    name: string,
    options?: { readonly seconds?: number },
  ): OrderOutcome<Mute>;
  mutes(): readonly Mute[];
  unmute(name: string): OrderOutcome<{ readonly name: string }>;
  claims(): readonly ClaimInfo[];
  /** Removes a claim, for example if its passphrase is forgotten. */
  unclaim(name: string): OrderOutcome<{ readonly name: string }>;
  /** Makes the owner of a claimed name an operator, or revokes that. */
  setOperator(name: string, isOperator: boolean): OrderOutcome<{ readonly name: string }>;
  who(): readonly PersonInfo[];
  groups(): readonly GroupInfo[];
  stats(): Stats;
  /** Calls `listener` for every event from now on, until the returned function is called. */
  watch(listener: (event: WatchedEvent) => void): () => void;
  /**
   * Stops in `seconds` (0 to 86400), announced to everyone; replaces an earlier countdown (D10).
   */
  shutdown(seconds: number): OrderOutcome<{ readonly seconds: number; readonly replaced: boolean }>;
  /** Confirms that the clock is right: messages that have expired by it are deleted (A4). */
  confirmClock(): OrderOutcome;
  /** Cancels the countdown and announces that. */
  cancelShutdown(): OrderOutcome;
}
