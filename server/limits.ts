// Every limit of the server: its unit in its name, its reason beside it. The sizes both ends of a
// wire share are in protocol/limits.ts. Nothing else may know a number.

import type { SocketKind } from "./net/socket.ts";

/** What one server allows; all of it can be set when a server is made. */
export interface Limits {
  /** Connections held at once; the next one is told that the server is full. */
  readonly maxClients: number;
  /** Groups at once: each costs memory that any client can ask for. */
  readonly maxGroups: number;
  /** Groups one client may be in. */
  readonly maxGroupsPerClient: number;
  /** From connecting to a finished first line, for a peer that has begun to send one; bytes do not extend it. */
  readonly registrationMs: number;
  /** The same for a person who was greeted and is still silent: reading the greeting takes a while. */
  readonly greetedMs: number;
  /** TLS handshakes under way at one listener; the oldest makes room for the next (F13). */
  readonly maxHandshakes: number;
  /** Silence that says something: on TCP that a person waits to be greeted, behind raw text its end. */
  readonly greetAfterMs: number;
  /** Queued bytes of one peer above which its own requests wait: it reads slower than it asks. */
  readonly softQueueBytes: number;
  /** Queued bytes of one peer above which it is dropped as `slow`. */
  readonly hardQueueBytes: number;
  /** Longest time a peer may leave queued bytes without reading one, before it is dropped as `slow`. */
  readonly stalledMs: number;
  /** Requests of one peer carried out in one turn of the event loop; the others' come in between. */
  readonly requestsPerTurn: number;
  /** How often peers that have stopped reading are looked for. */
  readonly sweepMs: number;
  /** How the lateness of the event loop is sampled: every so often, and how many samples count. */
  readonly lagSamples: { readonly everyMs: number; readonly count: number };
  /** How long a closing connection, or the whole server, may take to send what is queued. */
  readonly flushMs: number;
  /** How long a peer that was told goodbye may take to hang up, before the socket is closed anyway. */
  readonly lingerMs: number;
  /** Wait after the system refused to accept: at once it would refuse again, 44,000 times a second. */
  readonly acceptBackoffMs: number;
  /**
   * First and largest read buffer. A read that waits in the runtime pins its buffer, so idle clients
   * keep the small one; by direct calls all share one of the largest size.
   */
  readonly readBufferBytes: { readonly first: number; readonly max: number };
  /**
   * Writes begun in one turn of the event loop. Through the runtime more would trickle out with stale,
   * tiny batches; by direct calls a turn with more leaves the others waiting for some 10 ms.
   */
  readonly writesPerTurn: Readonly<Record<SocketKind, number>>;
  /** Most bytes of one write. */
  readonly writeBytes: number;
  /** Length of the kernel's queue of connections not yet accepted. */
  readonly tcpBacklog: number;
  /** People who come and go told one by one before any have to wait: a class sits down at once. */
  readonly presenceBurst: number;
  /** How many more of them each second. */
  readonly presencePerSecond: number;
  /** How long those beyond that are gathered, to be told together. */
  readonly presenceGatherMs: number;
  /** Messages kept in memory for `/history`. */
  readonly historyMessages: number;
}

/** The defaults. `maxClients` is lowered to what the system's descriptor limit leaves. */
export const DEFAULT_LIMITS: Limits = {
  maxClients: 10_000,
  maxGroups: 1_000,
  maxGroupsPerClient: 50,
  registrationMs: 10_000,
  greetedMs: 60_000,
  maxHandshakes: 1_000,
  greetAfterMs: 300,
  softQueueBytes: 64 * 1024,
  hardQueueBytes: 1024 * 1024,
  stalledMs: 10_000,
  requestsPerTurn: 64,
  sweepMs: 1_000,
  lagSamples: { everyMs: 100, count: 100 },
  flushMs: 5_000,
  lingerMs: 250,
  acceptBackoffMs: 100,
  readBufferBytes: { first: 256, max: 16 * 1024 },
  writesPerTurn: { system: 2_000, runtime: 100 },
  writeBytes: 64 * 1024,
  tcpBacklog: 4096,
  presenceBurst: 100,
  presencePerSecond: 20,
  presenceGatherMs: 250,
  historyMessages: 1_000,
};

/** Descriptors kept back for listeners, the control socket, logs and files. */
export const RESERVED_DESCRIPTORS = 64;
