// The seam between the chat and what remembers it: a message gets its number here, and what is fanned
// out is what came back from here. Knows nothing of people or sockets.

import type { MessageEvent } from "../../protocol/events.ts";
import type { Failure } from "../../protocol/failures.ts";
import type { Ref } from "../../protocol/requests.ts";

/** Who may read a message later. Serials are never reused, unlike ids and names. */
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
  /** Which of whose messages it is, where the sender may say it again because its ack was lost. */
  readonly origin?: MessageOrigin;
}

/** A session, and what it calls its message. */
export interface MessageOrigin {
  readonly serial: number;
  readonly ref: Ref;
}

/** A message that was stored under its origin before. */
export interface KnownMessage {
  readonly seq: number;
  readonly text: string;
  /** `@bob` or `#cooks`, as it was said; nothing for everyone. */
  readonly to?: string;
}

/** A stored message as it is known again. */
export function knownMessage({ seq, text, to }: MessageEvent): KnownMessage {
  return to === undefined ? { seq, text } : { seq, text, to };
}

/** The message that a draft becomes; said at `ms`, milliseconds since the epoch. */
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

/** Most messages are said in the same millisecond as another, and writing it out takes a while. */
function timeText(ms: number): string {
  if (ms !== lastTime.ms) lastTime = { ms, text: new Date(ms).toISOString() };
  return lastTime.text;
}

/** What became of a draft. */
export type AppendResult =
  | { readonly kind: "stored"; readonly message: MessageEvent }
  /** It was stored before, under that number: nobody is to hear it again. */
  | ({ readonly kind: "known" } & KnownMessage)
  /** It was not, and no later draft was either. */
  | { readonly kind: "failed"; readonly failure: Failure };

/** Which messages to read back. */
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

/** What remembers messages. */
export interface History {
  /** The newest stored message's number; 0 when there has been none. */
  readonly lastSeq: number;
  /** The oldest number that may still be read back; {@linkcode lastSeq} + 1 when none can. */
  readonly firstSeq: number;
  /** Rows read from the disk so far to answer who reads back: what that cost everybody. */
  readonly rowsRead: number;
  /**
   * Has a message stored and numbered, with all others that come close to it; `done` is told, in the order of
   * the calls, once it can no longer be lost, or why it was not stored.
   */
  append(draft: Draft, done: (stored: AppendResult) => void): void;
  /** Stores now what was appended. Whatever is to come behind it in everybody's order calls this. */
  flush(): void;
  /** The message of that origin, if it is stored and not forgotten. */
  find(origin: MessageOrigin): KnownMessage | undefined;
  /** Pages backward: the newest messages of the range. */
  newest(request: PageRequest): Page;
  /** Pages forward: the oldest messages of the range. */
  next(request: PageRequest): Page;
}
