// Internal tuning constants of the server; not configurable except by tests.

import type { SocketKind } from "../net/socket.ts";

const KIB = 1024;

/** Constants that tests may change. */
export interface Tuning {
  /** Milliseconds between two checks for clients that have stopped reading. */
  readonly sweepMs: number;
  /** Sampling of the event loop's lag: a sample every `everyMs`, the newest `count` of them. */
  readonly lagSamples: { readonly everyMs: number; readonly count: number };
  /**
   * Wait after the system refused to accept: without it accept would fail 44,000 times a second.
   */
  readonly acceptBackoffMs: number;
  /**
   * First and largest read buffer. A pending read of the runtime's pins its buffer, so idle clients
   * have the small one; with direct calls all share one of the largest size.
   */
  readonly readBufferBytes: { readonly first: number; readonly max: number };
  /**
   * Writes begun in one turn of the event loop. Through the runtime more would trickle out in
   * stale, tiny batches; with direct calls a turn with more would delay all clients by some 10 ms.
   */
  readonly writesPerTurn: Readonly<Record<SocketKind, number>>;
  /**
   * Milliseconds for them in one turn, whatever their number: meanwhile no requests are received.
   * Longer than a thousand readers take, since a broadcast spread over two turns has half as many
   * messages in each write.
   */
  readonly writesPerTurnMs: number;
  /** Most bytes of one write. */
  readonly writeBytes: number;
}

/** The defaults. */
export const DEFAULT_TUNING: Tuning = {
  sweepMs: 1_000,
  lagSamples: { everyMs: 100, count: 100 },
  acceptBackoffMs: 100,
  readBufferBytes: { first: 256, max: 16 * KIB },
  writesPerTurn: { system: 2_000, runtime: 100 },
  writesPerTurnMs: 12,
  writeBytes: 64 * KIB,
};

/**
 * Milliseconds of silence after which text without a line end is a line (D24): longer than the
 * network holds up the rest of a line as a rule, shorter than a person waits.
 */
export const LINE_PAUSE_MS = 400;

/** Descriptors reserved for listeners, the control socket, logs and files. */
export const RESERVED_DESCRIPTORS = 64;

/**
 * Connections from one address, above its limit, that are accepted in order to send a refusal;
 * further ones are closed without.
 */
export const REFUSALS_PER_ADDRESS = 16;

/**
 * Bytes of messages to everyone that all clients together may send in one turn of the event loop.
 */
export const BYTES_PER_TURN = 1024 * KIB;

/** Bytes of a message on the wire beside its text, roughly. */
export const OVERHEAD_BYTES = 64;

/** Text that costs its sender as much as another message, in UTF-16 units. */
export const TEXT_PER_MESSAGE = 4 * KIB;

/** Bytes of an answer that cost the client that asked as much as a message. */
export const ANSWER_BYTES_PER_MESSAGE = 4 * KIB;

/** Bytes received that cost their sender as much as a message, beyond those of a request each. */
export const INPUT_BYTES_PER_MESSAGE = 4 * KIB;

/**
 * Share of {@linkcode BYTES_PER_TURN} that a request other than a message uses for each message it
 * costs: so all clients together ask for no more than some milliseconds of one turn.
 */
export const TURN_BYTES_PER_COST = 8 * KIB;

/** The longest single answer, in bytes: a page of history, or a list of the longest names. */
export const LARGEST_ANSWER_BYTES = 896 * KIB;
