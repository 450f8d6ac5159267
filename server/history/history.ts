// The seam between the chat and what remembers it: a message gets its number here, and what is fanned
// out is what came back from here. Knows nothing of people or sockets.

import type { MessageEvent } from "../../protocol/events.ts";

/** Who may read a message later. Serials are never reused within a server, unlike ids and names. */
export type Audience =
  | { readonly kind: "everyone" }
  | { readonly kind: "people"; readonly serials: readonly number[] }
  | { readonly kind: "group"; readonly serial: number; readonly sender: number };

/** A message on its way in. */
export interface Draft {
  readonly from: string;
  readonly to?: string;
  readonly text: string;
  readonly action?: true;
  readonly audience: Audience;
}

/** Which messages to read back, oldest first. */
export interface PageRequest {
  /** Only messages with a greater number. */
  readonly since: number;
  /** At most so many, the newest. */
  readonly limit: number;
  /** Whether the reader is entitled to a message; `seq` is its number. */
  visible(audience: Audience, seq: number): boolean;
}

/** What remembers messages. */
export interface History {
  /** The newest message's number; 0 when there is none. */
  readonly lastSeq: number;
  /** Stores a message and numbers it. */
  append(draft: Draft): MessageEvent;
  /** Calls `stored` once the message with that number, and all before it, can no longer be lost. */
  whenStored(seq: number, stored: () => void): void;
  page(request: PageRequest): MessageEvent[];
}
