// The interface of a wire dialect: how bytes become requests and events become bytes, on both
// sides. No file but dialects.ts may switch on a dialect's name.

import type { BlockWriter } from "./block.ts";
import type { Texts } from "../texts/texts.ts";
import type { ServerEvent } from "./events.ts";
import type { FrameLayout } from "./frame_layouts.ts";
import type { Request } from "./requests.ts";

/** Short names of the wire dialects, as on the command line. */
export type DialectName = "native" | "framed" | "usermsg" | "etx" | "plain";

/** Decodes a byte stream into items, however it is split into chunks. */
export interface Decoder<Item> {
  /** Calls `emit` for every item that `chunk` completes; does not retain `chunk`. */
  feed(chunk: Uint8Array, emit: (item: Item) => void): void;
  /**
   * The stream ended, or was silent for so long that it counts as ended: emits the unfinished item,
   * cut at `cuts` (positions in its {@linkcode pendingBytes}, ascending) into several.
   */
  end(emit: (item: Item) => void, cuts?: readonly number[]): void;
  /** On a server: bytes of an unfinished line that silence may complete (D24); absent for frames. */
  readonly pendingBytes?: number;
  /** Whether the peer ends its lines with LF or CR: then silence completes none. */
  readonly endsLines?: boolean;
  /**
   * On a client: the server has paused, so text without a line end may be whole (D24): emits it. What
   * follows is not emitted twice.
   */
  pause?(emit: (item: Item) => void): void;
}

/**
 * Encodes items as bytes. Stateless on a server, so that one encoder serves all connections that
 * read the same bytes: the fan-out encodes an event once per encoder. An item that the dialect
 * cannot express is encoded as no bytes.
 */
export interface Encoder<Item> {
  encode(item: Item, out: BlockWriter): void;
  /**
   * Set if the readers maintain a list of names: they get every join and leave, and no summaries.
   */
  readonly listsNames?: boolean;
}

/** One side of a connection: how it reads and how it writes. */
export interface Codec<Reads, Writes> {
  readonly decoder: Decoder<Reads>;
  /** Read again for every item: the first bytes received may change the encoder (D2). */
  readonly encoder: Encoder<Writes>;
}

/** Bytes that a decoder sends as its own answer: the request `answer`, once it is performed. */
export interface Answer {
  readonly type: "answer";
  readonly bytes: Uint8Array;
}

/**
 * A server's codec. Optional fields default to the dialect's; all are read again for each item,
 * since they may change.
 */
export interface ServerCodec extends Codec<Request, ServerEvent> {
  /**
   * Encodes events for this connection only, in place of `encoder`; may have state. `encoder` stays
   * shared and stateless, for events with many recipients. Without `own`, an {@linkcode Answer} is
   * sent as it is.
   */
  readonly own?: Encoder<ServerEvent | Answer> | undefined;
  /** Whether the sender also gets its own message (default {@linkcode Dialect.echo}). */
  readonly echo?: boolean;
  /** Whether replayed messages are marked (default {@linkcode Dialect.flagsReplay}). */
  readonly flagsReplay?: boolean;
}

/** Settings of a listener for the connections that it accepts. */
export interface ServerCodecOptions {
  /**
   * Whether joins, leaves and refusals are sent as messages from `server` if the dialect has no
   * verb for them (D17).
   */
  readonly notices: boolean;
  /**
   * Whether the first line of `plain` is the name (D8); false on a Unix socket, where it is text
   * (D3).
   */
  readonly asksName: boolean;
  /** The language of what the server writes (default English). */
  readonly texts?: Texts | undefined;
  /** The layout of frames in `framed`; without it the first frame shows it (D2). */
  readonly layout?: FrameLayout | undefined;
  /** Whether the next line is a secret; absent if no secret is ever asked for. */
  readonly secrets?: SecretInput;
}

/** The state of a connection that its decoder depends on. */
export interface SecretInput {
  /** Whether a password or passphrase was asked for: the next line is the answer, unparsed. */
  readonly awaitsSecret: boolean;
}

/** Settings of a client for the connection that it makes. */
export interface ClientCodecOptions {
  /** The layout of each message's header in `framed` (default a C struct, D2). */
  readonly layout?: FrameLayout | undefined;
  /** The language of the codec's own texts (default English). */
  readonly texts?: Texts | undefined;
}

/** What a client can rely on with a server of one dialect. */
export interface Capabilities {
  /** Requests are answered: a welcome, an acknowledgement of each message, errors with their `ref`. */
  readonly answers: boolean;
  /**
   * A leaving client sends `bye` first (R67); false if a server might take the word for a message.
   */
  readonly goodbye: boolean;
  /** The server parses typed commands, so the client sends a typed line unchanged. */
  readonly typedCommands: boolean;
  /** A session can be resumed on another connection after its connection was lost. */
  readonly resumes: boolean;
  /** A name is a line like any other, so a password must be sent in the line before it. */
  readonly namesByLine: boolean;
  /** The request to join can carry the passphrase of a claimed name. */
  readonly provesInHello: boolean;
  /** Messages have a header, whose layout the client chooses (D2). */
  readonly headers: boolean;
}

/** Whether first bytes belong to a dialect; "more" if the next bytes decide. */
export type DialectMatch = "yes" | "no" | "more";

/** What decides where first bytes can be of two dialects. */
export interface Circumstances {
  /** Whether the client was greeted before it sent anything: then it may be a person. */
  readonly greeted?: boolean;
  /** Whether clients are asked for a name (default true); else text may be raw. */
  readonly asksName?: boolean;
}

/** A wire dialect: its server side and its client side. */
export interface Dialect {
  readonly name: DialectName;
  /** One line for help and documentation. */
  readonly summary: string;
  /**
   * How to join by hand with nc: "" if the server's greeting explains it, undefined if the dialect
   * cannot be typed.
   */
  readonly byHand: string | undefined;
  /** Whether the sender also gets its own message (D5). */
  readonly echo: boolean;
  /**
   * Whether a text that begins with the sender's own name is sent without it: programs that show
   * their lines as `name: text` may send them so (J6).
   */
  readonly dropsOwnName: boolean;
  /** Whether a refused name can be reported; if not, the peer gets the next free one (D6). */
  readonly canRefuseName: boolean;
  /** Whether servers confirm each message, in order and without naming it (R14). */
  readonly confirms: boolean;
  /** What a client can rely on with any server of this dialect. */
  readonly capabilities: Capabilities;
  /**
   * Whether replayed messages are marked as such; only then does a new member get earlier messages.
   */
  readonly flagsReplay: boolean;
  /** Judges a connection's first bytes; `ended` if no more will come. */
  detect(head: Uint8Array, ended: boolean, circumstances?: Circumstances): DialectMatch;
  /** A new codec for one accepted connection. */
  server(options: ServerCodecOptions): ServerCodec;
  /** A new codec for one outgoing connection; the defaults are what most servers expect. */
  client(options?: ClientCodecOptions): Codec<ServerEvent, Request>;
}
