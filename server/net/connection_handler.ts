// What a connection reports to its session, and what it needs of the server. Types only.

import type { CloseReason } from "../../protocol/failures.ts";
import type { Clock } from "../../shared/clock.ts";
import type { Limits } from "../limits/limits.ts";
import type { Flusher } from "./flusher.ts";
import type { ByteCount } from "./queue_memory.ts";

/** Receives the events of one connection. */
export interface ConnectionHandler {
  /** Bytes were received; the view is valid during the call only. */
  onChunk(chunk: Uint8Array): void;
  /** The client will send no more, but may still read (R26). */
  onEnd(): void;
  /** The connection is lost: what came before has been received. Nothing can be sent any more. */
  onLost?(): void;
  /**
   * Whether requests are queued: the connection is congested, or other connections have their turn.
   */
  readonly hasQueuedRequests: boolean;
  /**
   * Milliseconds until queued requests may run, 0 for the next turn of the event loop; Infinity
   * until the connection's `continueReading()` is called.
   */
  readonly waitMs: number;
  /** Runs queued requests: that time has passed, and the connection is not congested. */
  resume(): void;
  /**
   * All requests are carried out and the connection closes next: pending answers must be sent now.
   */
  onInputDone(): void;
  /** The connection has closed; called once, and never in the middle of another call. */
  onClosed(reason: CloseReason): void;
}

/** What a connection needs of the server. */
export interface ConnectionOptions {
  readonly limits: Limits;
  readonly clock: Clock;
  readonly flusher: Flusher;
  /** Counts the bytes queued for all clients together. */
  readonly memory?: ByteCount;
  /** Called with an exception that the handler threw: a bug, which costs this connection only. */
  readonly onFault: (fault: unknown) => void;
}
