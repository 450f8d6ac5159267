// Every limit of the server, one row each, with its default, range and help. Sizes that both ends
// of a connection share are in protocol/limits.ts.

import { MAX_MESSAGE_BYTES, MAX_NAME_CHARS } from "../../protocol/limits.ts";
import { DEFAULT_TUNING, type Tuning } from "./tuning.ts";

/** Unit of a value: a count, bytes, milliseconds, or a rate per second. */
export type LimitUnit = "count" | "bytes" | "ms" | "perSecond";

/** One limit that can be set when a server starts. */
export interface LimitRow {
  /** Its name on the command line and in a configuration file. */
  readonly name: string;
  readonly unit: LimitUnit;
  /** The least and the greatest value. */
  readonly range: readonly [least: number, most: number];
  /** The default. */
  readonly usual: number;
  /** A running server cannot change it. */
  readonly fixed?: true;
  /** One line of help: what it limits. */
  readonly help: string;
}

const KIB = 1024;
const MIB = 1024 * KIB;
const DAY_MS = 86_400_000;

/** The limits that can be set, by their keys in the code. */
export const LIMITS = {
  maxClients: {
    name: "max-clients",
    unit: "count",
    range: [1, 1_000_000],
    usual: 10_000,
    help: "Most clients connected at the same time; the server refuses the next one as full",
  },
  clientsPerAddress: {
    name: "address-clients",
    unit: "count",
    range: [1, 1_000_000],
    usual: 512,
    help: "Most clients at the same time from one IP address, or one /64 of IPv6; this " +
      "machine's own and Unix sockets are exempt",
  },
  arrivalsPerAddress: {
    name: "address-rate",
    unit: "perSecond",
    range: [1, 1_000_000],
    usual: 20,
    help: "New connections a second from one such address, after a burst of address-clients",
  },
  maxGroups: {
    name: "max-groups",
    unit: "count",
    range: [0, 1_000_000],
    usual: 1_000,
    help: "Most groups at the same time: each costs memory that any client can ask for",
  },
  maxGroupsPerClient: {
    name: "client-groups",
    unit: "count",
    range: [1, 10_000],
    usual: 50,
    help: "Most groups one client may be in",
  },
  messageRate: {
    name: "message-rate",
    unit: "perSecond",
    range: [1, 10_000_000],
    usual: 50,
    help: "Messages a second of one client once its burst is used up; excess messages wait " +
      "and are not lost. Other requests count by their cost",
  },
  messageBurst: {
    name: "message-burst",
    unit: "count",
    range: [1, 10_000_000],
    usual: 500,
    help: "Messages of one client carried out immediately before message-rate applies; never " +
      "fewer than message-rate allows in a second",
  },
  messageBytes: {
    name: "message-bytes",
    unit: "bytes",
    range: [1, MAX_MESSAGE_BYTES],
    usual: MAX_MESSAGE_BYTES,
    help: "Longest text of one message, in UTF-8; the protocols allow no more than the default",
  },
  nameChars: {
    name: "name-chars",
    unit: "count",
    range: [12, MAX_NAME_CHARS],
    usual: MAX_NAME_CHARS,
    help: "Longest name of a member or group; the protocols allow no more than the default",
  },
  registrationMs: {
    name: "registration",
    unit: "ms",
    range: [500, DAY_MS],
    usual: 10_000,
    help: "From connecting to a complete first line, for a peer that has begun to send one; " +
      "more bytes do not extend it",
  },
  maxHandshakes: {
    name: "handshakes",
    unit: "count",
    range: [10, 1_000_000],
    usual: 1_000,
    help: "Most TLS handshakes, or PROXY headers awaited, at one listener; a new one closes " +
      "the oldest of the address with most",
  },
  greetedMs: {
    name: "greeted",
    unit: "ms",
    range: [500, DAY_MS],
    usual: 60_000,
    help: "The same for a peer that was greeted and is still silent: a person needs time to read",
  },
  greetAfterMs: {
    name: "greet-after",
    unit: "ms",
    range: [50, 10_000],
    usual: 300,
    help: "Silence before the server acts: on TCP it greets the peer, on a Unix socket it " +
      "takes unfinished raw text as complete",
  },
  softQueueBytes: {
    name: "soft-queue",
    unit: "bytes",
    range: [KIB, 1024 * MIB],
    usual: 64 * KIB,
    help: "Bytes queued for one client above which its own requests wait: it reads more " +
      "slowly than it asks",
  },
  hardQueueBytes: {
    name: "hard-queue",
    unit: "bytes",
    range: [KIB, 1024 * MIB],
    usual: 16 * MIB,
    fixed: true,
    help: "Bytes queued for one client above which it is dropped as slow; a message to " +
      "everyone is queued once for all",
  },
  totalQueueBytes: {
    name: "total-queue",
    unit: "bytes",
    range: [MIB, 1024 * 1024 * MIB],
    usual: 128 * MIB,
    help: "Bytes queued for all clients together above which those with the most are dropped " +
      "as slow",
  },
  stalledMs: {
    name: "stalled",
    unit: "ms",
    range: [1_000, DAY_MS],
    usual: 10_000,
    help: "Longest time a client may leave queued bytes without reading any",
  },
  vanishedMs: {
    name: "vanished",
    unit: "ms",
    range: [6_000, DAY_MS],
    usual: 120_000,
    fixed: true,
    help: "Time after which the server gives up a machine that no longer answers, also when " +
      "the connection is idle",
  },
  requestsPerTurn: {
    name: "turn-requests",
    unit: "count",
    range: [1, 10_000],
    usual: 64,
    help: "Requests of one client carried out before the other clients' turn, by their cost",
  },
  presenceBurst: {
    name: "presence-burst",
    unit: "count",
    range: [0, 1_000_000],
    usual: 100,
    help: "Joins and leaves announced one by one before any have to wait: enough for a class " +
      "that joins together",
  },
  presencePerSecond: {
    name: "presence-rate",
    unit: "perSecond",
    range: [0, 1_000_000],
    usual: 20,
    help: "Joins and leaves a second announced one by one after that",
  },
  presenceGatherMs: {
    name: "presence-gather",
    unit: "ms",
    range: [1, 60_000],
    usual: 250,
    help: "How long further joins and leaves are collected, to be announced together",
  },
  graceMs: {
    name: "grace",
    unit: "ms",
    range: [0, DAY_MS],
    usual: 30_000,
    help: "How long the name and groups of a client whose connection broke are held for it",
  },
  maxHeld: {
    name: "max-held",
    unit: "count",
    range: [0, 1_000_000],
    usual: 10_000,
    help: "Most clients whose names are held like that at the same time",
  },
  historyMessages: {
    name: "history-messages",
    unit: "count",
    range: [1, 1_000_000],
    usual: 1_000,
    fixed: true,
    help: "Messages kept in memory for /history",
  },
  flushMs: {
    name: "flush",
    unit: "ms",
    range: [100, DAY_MS],
    usual: 5_000,
    help: "How long a closing connection, or the whole server, may take to send what is queued",
  },
  lingerMs: {
    name: "linger",
    unit: "ms",
    range: [10, 60_000],
    usual: 250,
    help: "How long a client may take to hang up after the goodbye before its socket is closed",
  },
  historyRows: {
    name: "history-rows",
    unit: "count",
    range: [100, 10_000_000],
    usual: 1_000,
    fixed: true,
    help: "Rows of the history on disk read for one page: the default blocks the event loop " +
      "for some 5 ms",
  },
  commitEntries: {
    name: "commit-messages",
    unit: "count",
    range: [1, 100_000],
    usual: 500,
    fixed: true,
    help: "Most messages stored in one transaction: a longer commit would delay all clients",
  },
  replayMessages: {
    name: "replay",
    unit: "count",
    range: [0, 1_000],
    usual: 20,
    help: "Messages from the history sent to a new client",
  },
  tcpBacklog: {
    name: "tcp-backlog",
    unit: "count",
    range: [1, 65_535],
    usual: 4096,
    fixed: true,
    help: "Connections the system queues that are not accepted yet",
  },
} as const satisfies Readonly<Record<string, LimitRow>>;

/** The key of a limit in the code. */
export type LimitKey = keyof typeof LIMITS;

/** Values of the limits that can be set, in the unit of their row. */
export type LimitValues = { readonly [Key in LimitKey]: number };

/** The keys of {@linkcode LIMITS} in its order. */
export const LIMIT_KEYS: readonly LimitKey[] = Object.keys(LIMITS) as LimitKey[];

/** All limits of one server, with its tuning constants. */
export type Limits = LimitValues & Tuning;

/** The defaults. `maxClients` is lowered to what the system's limit on descriptors leaves. */
export const DEFAULT_LIMITS: Limits = { ...usualValues(), ...DEFAULT_TUNING };

function usualValues(): LimitValues {
  const values: Partial<Record<LimitKey, number>> = {};
  for (const key of LIMIT_KEYS) values[key] = LIMITS[key].usual;
  return values as LimitValues;
}

/** The limits that a running server can change. */
export function liveLimits(limits: LimitValues): Partial<LimitValues> {
  const live: Partial<Record<LimitKey, number>> = {};
  for (const key of LIMIT_KEYS) {
    if (!("fixed" in LIMITS[key])) live[key] = limits[key];
  }
  return live;
}
