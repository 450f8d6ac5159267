// What a connection tells its session, and what it needs of the server. Types only.

import type { CloseReason } from "../../protocol/failures.ts";
import type { Clock } from "../clock.ts";
import type { Limits } from "../limits.ts";
import type { Flusher } from "./flusher.ts";

/** What a connection tells its session. */
export interface ConnectionHandler {
  /** Bytes came; the view is valid during the call only. */
  onChunk(chunk: Uint8Array): void;
  /** The peer will send no more, but may still read (R26). */
  onEnd(): void;
  /** Whether requests were put off: because the connection is congested, or for the others' sake. */
  readonly isBehind: boolean;
  /** Another turn, and not congested: time for what was put off. */
  resume(): void;
  /** It has ended, and why; told once, and never in the middle of another call. */
  onClosed(reason: CloseReason): void;
}

/** What a connection needs of the server. */
export interface ConnectionOptions {
  readonly limits: Limits;
  readonly clock: Clock;
  readonly flusher: Flusher;
  /** Told of exceptions in the handler: a bug, which costs this connection only. */
  readonly onFault: (fault: unknown) => void;
}
