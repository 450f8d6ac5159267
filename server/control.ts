// What an operator can do to a running server: the one interface between admin/ and the server. It
// knows neither sockets nor words; admin/command_table.ts turns typed commands into these calls.

import type { GroupInfo, ServerEvent, UserInfo } from "../protocol/events.ts";

/** The answer to an order: what was done, or one sentence saying why not. */
export type OrderOutcome<Done = void> =
  | { readonly ok: true; readonly value: Done }
  | { readonly ok: false; readonly error: string };

/** Somebody kept out. `until` is RFC 3339; `null` means until it is lifted. */
export interface Ban {
  /** A name as it was typed, or an IP address. */
  readonly subject: string;
  readonly kind: "name" | "address";
  readonly until: string | null;
  readonly reason: string;
}

/** Somebody who may not speak; `until` as of a {@linkcode Ban}. */
export interface Mute {
  readonly name: string;
  readonly until: string | null;
}

/** A name that belongs to whoever knows its passphrase. Times are RFC 3339. */
export interface ClaimInfo {
  readonly name: string;
  readonly since: string;
  /** When it was last proven. */
  readonly used: string;
  /** Whether it may give orders in the chat. */
  readonly operator: boolean;
}

/** A connected person as the operator sees one; `name` is "" before registration. */
export interface PersonInfo extends UserInfo {
  /** Where from: an IP address, or `unix`. */
  readonly address: string;
  /** Bytes waiting to be read by this person. */
  readonly queuedBytes: number;
  readonly muted: boolean;
}

/** What the server remembers. */
export interface HistoryStats {
  /** The database; `null` where what was said ends with the server. */
  readonly file: string | null;
  readonly messages: number;
  /** On the disk. */
  readonly bytes: number;
  /** When the oldest message was said, RFC 3339; `null` when there is none. */
  readonly oldest: string | null;
  /** Why nothing can be stored at the moment; `null` while all is well. */
  readonly problem: string | null;
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

/** Counters since the start, and the state now. */
export interface Stats {
  readonly version: string;
  readonly pid: number;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly uptimeSeconds: number;
  /** Where clients can join, as `tcp:HOST:PORT` or `unix:PATH`. */
  readonly listening: readonly string[];
  /** Where `/metrics` and `/healthz` are, `http://HOST:PORT`, or `null`. */
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
  /** Memory that waiting bytes take, of all clients together, and where those with most are dropped. */
  readonly queueMemory: { readonly bytes: number; readonly maxBytes: number };
  readonly accepted: number;
  readonly acceptErrors: number;
  /** How connections ended, by reason code. */
  readonly closed: Readonly<Record<string, number>>;
  readonly residentBytes: number;
  /** How late the event loop was in the last ten seconds, in milliseconds. */
  readonly lagMs: { readonly median: number; readonly worst: number };
  /** Seconds until the announced stop, or `null`. */
  readonly shutdownIn: number | null;
  /** All of them, as they are in force. */
  readonly limits: readonly LimitInfo[];
}

/** What happens on the server, as `tail` and the server's own terminal show it. */
export interface WatchedEvent {
  /** RFC 3339 with milliseconds. */
  readonly at: string;
  /** A message, join, leave, rename or shutdown; private text is left out. */
  readonly event: ServerEvent;
}

/** A running server, to its operator. Every order takes effect before the call returns. */
export interface ServerControl {
  /** Says `text` to everyone as `server` (R41); answers how many were there. */
  wall(text: string): OrderOutcome<{ readonly recipients: number }>;
  /** Says `text` to one person as `server`; nobody else reads it. */
  tell(name: string, text: string): OrderOutcome<{ readonly name: string }>;
  /** Disconnects one person with a reason (R42, D9). */
  kick(name: string, reason: string): OrderOutcome<{ readonly name: string }>;
  /** Keeps a name or an IP address out, for `seconds` or until it is unbanned; kicks who matches. */
  ban(
    subject: string,
    options: { readonly seconds?: number; readonly reason: string },
  ): OrderOutcome<{ readonly ban: Ban; readonly kicked: readonly string[] }>;
  unban(subject: string): OrderOutcome<{ readonly subject: string }>;
  bans(): readonly Ban[];
  /** Refuses what a person says, for `seconds` or until {@linkcode unmute}. */
  mute(
    name: string,
    options?: { readonly seconds?: number },
  ): OrderOutcome<Mute>;
  mutes(): readonly Mute[];
  unmute(name: string): OrderOutcome<{ readonly name: string }>;
  claims(): readonly ClaimInfo[];
  /** Takes a name away from whoever has claimed it: its passphrase is forgotten, say. */
  unclaim(name: string): OrderOutcome<{ readonly name: string }>;
  /** Lets whoever proves a claimed name give orders in the chat, or no longer. */
  setOperator(name: string, isOperator: boolean): OrderOutcome<{ readonly name: string }>;
  who(): readonly PersonInfo[];
  groups(): readonly GroupInfo[];
  stats(): Stats;
  /** Calls `listener` for everything that happens from now on, until the returned function is called. */
  watch(listener: (event: WatchedEvent) => void): () => void;
  /** Stops in so many seconds (0 to 86400), telling everyone; replaces an earlier countdown (D10). */
  shutdown(seconds: number): OrderOutcome<{ readonly seconds: number; readonly replaced: boolean }>;
  /** Calls the countdown off and says so. */
  cancelShutdown(): OrderOutcome;
}
