// The interface between the chat and its stored messages: a message gets its number here before it
// is sent to anyone.

import type { MessageEvent } from "../../protocol/events.ts";
import type { Failure } from "../../protocol/failures.ts";
import type { Ref } from "../../protocol/requests.ts";

/** Who may read a message later. Serials are never reused, unlike ids and names. */
export type Audience =
  | { readonly kind: "everyone" }
  | { readonly kind: "people"; readonly serials: readonly number[] }
  | { readonly kind: "group"; readonly serial: number; readonly sender: number };

/** A message that is not stored yet. */
export interface Draft {
  readonly from: string;
  readonly to?: string;
  readonly text: string;
  readonly action?: true;
  readonly audience: Audience;
  /** The sender's address; absent for the server. */
  readonly address?: string;
  /** Recognises a message that its sender repeats because the ack was lost. */
  readonly origin?: MessageOrigin;
}

/** A session, and the ref it gave its message. */
export interface MessageOrigin {
  readonly serial: number;
  readonly ref: Ref;
}

/** A message that was stored before with the same origin. */
export interface KnownMessage {
  readonly seq: number;
  readonly text: string;
  /** `@bob` or `#cooks`, as sent; absent for everyone. */
  readonly to?: string;
}

/** The part of a stored message that identifies it to its sender. */
export function knownMessage({ seq, text, to }: MessageEvent): KnownMessage {
  return to === undefined ? { seq, text } : { seq, text, to };
}

/** The message made of a draft; sent at `ms`, milliseconds since the epoch. */
export function messageFrom(
  { from, to, text, action }: Draft,
  seq: number,
  ms: number,
): MessageEvent {
  const known = { type: "message", seq, at: timeText(ms), from } as const;
  const said = to === undefined ? { ...known, text } : { ...known, to, text };
  return action ? { ...said, action } : said;
}

let lastTime = { ms: 0, text: new Date(0).toISOString() };

/**
 * `ms` as ISO text. The last result is reused: most messages are sent in the same millisecond as
 * another, and formatting takes a while.
 */
function timeText(ms: number): string {
  if (ms !== lastTime.ms) lastTime = { ms, text: new Date(ms).toISOString() };
  return lastTime.text;
}

/** The outcome for one draft. */
export type AppendResult =
  | { readonly kind: "stored"; readonly message: MessageEvent }
  /** It was stored before, under that number: it must not be sent again. */
  | ({ readonly kind: "known" } & KnownMessage)
  /** It was not stored, and no later draft was either. */
  | { readonly kind: "failed"; readonly failure: Failure };

/** Which messages to read. */
export interface PageRequest {
  /** Only messages with a greater number (default 0). */
  readonly since?: number;
  /** Only messages with a smaller number (default no bound). */
  readonly before?: number;
  /** Most messages of the page. */
  readonly limit: number;
  /** Most text of the page, in UTF-16 units (default no bound). */
  readonly chars?: number;
  /** Whether the reader is entitled to a message; `seq` is its number. */
  visible(audience: Audience, seq: number): boolean;
}

/** A page of messages in ascending order of their numbers. */
export interface Page {
  readonly messages: readonly MessageEvent[];
  /**
   * Where the following page continues: its `since` after {@linkcode History.next}, its `before` after
   * {@linkcode History.newest}. Absent when the page reaches the end of its range. Present when the range holds
   * another message for the reader, or when the bound on rows ended the search before one was found.
   */
  readonly next?: number;
}

/** Stores messages and reads them back. */
export interface History {
  /** The newest stored message's number; 0 if there has been none. */
  readonly lastSeq: number;
  /** The oldest number that may still be read; {@linkcode lastSeq} + 1 if none can. */
  readonly firstSeq: number;
  /** Whether messages wait to be stored: no request should be performed meanwhile. */
  readonly isWaiting: boolean;
  /** Rows read from the disk so far for pages: each delays all clients. */
  readonly rowsRead: number;
  /**
   * Stores and numbers a message, batched with others that arrive close to it. Calls `done`, in the
   * order of the calls, when the message can no longer be lost, or with the reason why it was not
   * stored.
   */
  append(draft: Draft, done: (stored: AppendResult) => void): void;
  /** Stores now what was appended; other events flush it first to keep the order. */
  flush(): void;
  /** The message of that origin; undefined if it is not stored or was purged. */
  find(origin: MessageOrigin): KnownMessage | undefined;
  /** Pages backward: the newest messages of the range. */
  newest(request: PageRequest): Page;
  /** Pages forward: the oldest messages of the range. */
  next(request: PageRequest): Page;
}
