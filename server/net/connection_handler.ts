// What a connection tells its session, and what it needs of the server. Types only.

import type { CloseReason } from "../../protocol/failures.ts";
import type { Clock } from "../../shared/clock.ts";
import type { Limits } from "../limits/limits.ts";
import type { Flusher } from "./flusher.ts";
import type { ByteCount } from "./queue_memory.ts";

/** What a connection tells its session. */
export interface ConnectionHandler {
  /** Bytes came; the view is valid during the call only. */
  onChunk(chunk: Uint8Array): void;
  /** The peer will send no more, but may still read (R26). */
  onEnd(): void;
  /** Whether requests were put off: the connection is congested, or others have their turn first. */
  readonly hasQueuedRequests: boolean;
  /**
   * Milliseconds until it is time for what was put off, 0 for the next turn; Infinity until `goOn()` of
   * the connection is called.
   */
  readonly waitMs: number;
  /** That time has come, and it is not congested. */
  resume(): void;
  /** All that the peer sent is carried out, and it is closed next: what it is owed goes out now. */
  onInputDone(): void;
  /** It has ended, and why; told once, and never in the middle of another call. */
  onClosed(reason: CloseReason): void;
}

/** What a connection needs of the server. */
export interface ConnectionOptions {
  readonly limits: Limits;
  readonly clock: Clock;
  readonly flusher: Flusher;
  /** Counts what waits for all peers together. */
  readonly memory?: ByteCount;
  /** Told of exceptions in the handler: a bug, which costs this connection only. */
  readonly onFault: (fault: unknown) => void;
}
