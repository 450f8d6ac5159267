// What a dialect is: how bytes become requests and events become bytes, for both ends of a wire.
// Pure. The table of all dialects is in dialects.ts; nothing else may switch on a dialect's name.

import type { BlockWriter } from "./block.ts";
import type { Texts } from "../texts/texts.ts";
import type { ServerEvent } from "./events.ts";
import type { Request } from "./requests.ts";

/** Short names of the wire dialects, as on the command line. */
export type DialectName = "native" | "framed" | "usermsg" | "etx" | "plain";

/** Turns a byte stream into items, whatever the chunks. */
export interface Decoder<Item> {
  /** Calls `emit` for every item that `chunk` completes; `chunk` is not kept. */
  feed(chunk: Uint8Array, emit: (item: Item) => void): void;
  /** The stream ended, or fell silent where that counts as an end: emits what is unfinished. */
  end(emit: (item: Item) => void): void;
}

/**
 * Writes items as bytes. Stateless on a server, so that one encoder serves every connection that reads the same
 * bytes: the fan-out encodes an event once per encoder. Writing nothing means that the dialect has
 * no words for the item.
 */
export interface Encoder<Item> {
  encode(item: Item, out: BlockWriter): void;
  /** Set where readers keep a list of names: every join and leave is written for them, none summarised. */
  readonly listsNames?: boolean;
}

/** One side of a connection: what it reads and what it writes. */
export interface Codec<Reads, Writes> {
  readonly decoder: Decoder<Reads>;
  /** Asked for with every item: what was read first may have settled which one it is (D2). */
  readonly encoder: Encoder<Writes>;
}

/** Bytes with which a decoder answers for itself: the request `answer`, once its turn has come. */
export interface Answer {
  readonly type: "answer";
  readonly bytes: Uint8Array;
}

/** A server's codec. What is left out is as of the dialect; what may change is asked for each time. */
export interface ServerCodec extends Codec<Request, ServerEvent> {
  /**
   * Writes what is for this connection alone, in place of `encoder`, and may keep state. `encoder` stays
   * shared and stateless: it writes what many read. Without `own` an {@linkcode Answer} is sent as it is.
   */
  readonly own?: Encoder<ServerEvent | Answer> | undefined;
  /** Whether the sender gets its own message too (default {@linkcode Dialect.echo}). */
  readonly echo?: boolean;
  /** Whether replayed messages are marked (default {@linkcode Dialect.flagsReplay}). */
  readonly flagsReplay?: boolean;
}

/** What a listener settles for the connections it accepts. */
export interface ServerCodecOptions {
  /** Joins, leaves and refusals are told as messages from `server` where no verb exists (D17). */
  readonly notices: boolean;
  /** The first line of `plain` is the name (D8); not on a Unix socket, where it is text (D3). */
  readonly asksName: boolean;
  /** The language of what the server writes (default English). */
  readonly texts?: Texts | undefined;
  /** The connection it is for, where a line may be a secret and no request. */
  readonly secrets?: SecretInput;
}

/** What a decoder asks of its connection. */
export interface SecretInput {
  /** A password or passphrase was asked for: the next line is taken for it, as it is. */
  readonly awaitsSecret: boolean;
}

/** What a client settles for the connection it makes. */
export interface ClientCodecOptions {
  /** Bytes of the header in front of each message, little-endian: `framed` has several (D2). */
  readonly headerBytes?: 16 | 12 | 8 | undefined;
  /** The language of what the codec itself has to say (default English). */
  readonly texts?: Texts | undefined;
}

/** What a client can rely on with a server of one dialect. */
export interface Capabilities {
  /** Requests are answered: a welcome, an acknowledgement of each message, errors with their `ref`. */
  readonly answers: boolean;
  /** A client that leaves sends `bye` first (R67); elsewhere the word might be taken for a message. */
  readonly goodbye: boolean;
  /** The server has commands of its own, so a typed line goes to it as it is. */
  readonly typedCommands: boolean;
  /** A session can go on with another connection after the first one broke. */
  readonly resumes: boolean;
  /** A name is a line like any other, so a password must be sent in the line before it. */
  readonly namesByLine: boolean;
  /** The request to join can carry the passphrase of a claimed name. */
  readonly provesAtOnce: boolean;
  /** Messages have a header, whose length the client chooses (`headerBytes`, D2). */
  readonly headers: boolean;
}

/** Whether bytes are a dialect's: "more" when the next ones decide. */
export type DialectMatch = "yes" | "no" | "more";

/** One wire dialect, both halves. */
export interface Dialect {
  readonly name: DialectName;
  /** One line for help and documentation. */
  readonly summary: string;
  /**
   * What to say to somebody who joins with nc by hand: "" where everything is told on joining,
   * nothing where it is not for hands.
   */
  readonly byHand: string | undefined;
  /** Whether the sender gets its own message too (D5). */
  readonly echo: boolean;
  /** Whether a refused name can be told; else the peer gets the next free one (D6). */
  readonly canRefuseName: boolean;
  /** Whether any server sends a receipt for each message, in order and without naming it (R14). */
  readonly confirms: boolean;
  /** What a client can rely on with any server of this dialect. */
  readonly capabilities: Capabilities;
  /** Whether what was said earlier can be told from what is said now: a newcomer is shown some then. */
  readonly flagsReplay: boolean;
  /** Judges a connection's first bytes; `ended` when no more will come. */
  detect(head: Uint8Array, ended: boolean): DialectMatch;
  /** A fresh codec for one accepted connection. */
  server(options: ServerCodecOptions): ServerCodec;
  /** A fresh codec for one connection made; without options as most servers expect it. */
  client(options?: ClientCodecOptions): Codec<ServerEvent, Request>;
}
