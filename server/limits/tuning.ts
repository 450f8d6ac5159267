// How the server's machinery is paced: numbers nobody is promised and no operator can know better, so
// that no flag sets them; tests do. What a server allows is in limits.ts.

import type { SocketKind } from "../net/socket.ts";

const KIB = 1024;

/** The pace of the machinery. */
export interface Tuning {
  /** How often peers that have stopped reading are looked for. */
  readonly sweepMs: number;
  /** How the lateness of the event loop is sampled: every so often, and how many samples count. */
  readonly lagSamples: { readonly everyMs: number; readonly count: number };
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
  /**
   * Time for them, whatever their number: while it runs nobody is heard. Longer than a thousand readers
   * take, for a round in two turns carries half as many messages in each write.
   */
  readonly writesPerTurnMs: number;
  /** Most bytes of one write. */
  readonly writeBytes: number;
}

/** The pace it has. */
export const DEFAULT_TUNING: Tuning = {
  sweepMs: 1_000,
  lagSamples: { everyMs: 100, count: 100 },
  acceptBackoffMs: 100,
  readBufferBytes: { first: 256, max: 16 * KIB },
  writesPerTurn: { system: 2_000, runtime: 100 },
  writesPerTurnMs: 12,
  writeBytes: 64 * KIB,
};

/** Descriptors kept back for listeners, the control socket, logs and files. */
export const RESERVED_DESCRIPTORS = 64;

/**
 * Connections of one address, above what it may have, that are heard out so that they can be told;
 * beyond them, none.
 */
export const REFUSALS_PER_ADDRESS = 16;

/** What all clients together may have said to everybody in a turn of the event loop, in bytes. */
export const BYTES_PER_TURN = 1024 * KIB;

/** What a message takes on the wire beside its text, roughly, in bytes. */
export const OVERHEAD_BYTES = 64;

/** Text that costs whoever says it as much as another message, in UTF-16 units. */
export const TEXT_PER_MESSAGE = 4 * KIB;

/** Bytes of an answer that cost whoever asked for it as much as a message. */
export const ANSWER_BYTES_PER_MESSAGE = 4 * KIB;

/** The longest single answer, in bytes: a page of history or a list with the longest names there are. */
export const LARGEST_ANSWER_BYTES = 896 * KIB;
