// Dialect `framed`, sheet 000, both sides: frames with a nature and a length, and a bare `ok` for
// each message received (R9-R14, R22, D1-D5). The frames are in frames.ts.

import { EN } from "../texts/en.ts";
import type { Texts } from "../texts/texts.ts";
import type { BlockWriter } from "./block.ts";
import type {
  ClientCodecOptions,
  Codec,
  Decoder,
  Dialect,
  DialectMatch,
  SecretInput,
  ServerCodecOptions,
} from "./dialect.ts";
import type { ServerEvent } from "./events.ts";
import type { Failure } from "./failures.ts";
import { decodeLine } from "./framing.ts";
import { serverEncoder } from "./framed_events.ts";
import { concatBuffers } from "./first_bytes.ts";
import { findLayout, lastLayout } from "./find_layout.ts";
import type { FrameLayout } from "./frame_layouts.ts";
import {
  beginsLikeFrame,
  frame,
  FrameReader,
  framesOf,
  type Nature,
  payloadText,
} from "./frames.ts";
import { LayoutFinder } from "./layout_finder.ts";
import { MAX_FRAME_BYTES, MAX_SERVER_FRAME_BYTES } from "./limits.ts";
import { isSaidToAll, type Request } from "./requests.ts";
import { orSecret } from "./secrets.ts";
import { UntypedTexts } from "./untyped_texts.ts";
import { parseMessage } from "./describe_event.ts";

/** Sheet 000's protocol. */
export const framed: Dialect = {
  name: "framed",
  summary: "frames with an int, a length and a text; ok for each message (sheet 000)",
  byHand: undefined,
  echo: true,
  dropsOwnName: true,
  canRefuseName: false,
  confirms: true,
  capabilities: {
    answers: false,
    goodbye: false,
    typedCommands: false,
    resumes: false,
    namesByLine: false,
    provesInHello: false,
    headers: true,
  },
  flagsReplay: false,
  detect,
  server: serverCodec,
  client: clientCodec,
};

const LF = 0x0a;
const O = 0x6f;
const K = 0x6b;

const REGISTRATION: Nature = 0;
const MESSAGE: Nature = 1;

/** The layout of a C struct on today's machines: used until the client has shown another one. */
const USUAL = { headerBytes: 16, littleEndian: true } as const;

/**
 * Text never begins with byte 0 or 1; an int of value 0 or 1 does, in either byte order. Other
 * layouts are recognised by a whole frame of text.
 */
function detect(head: Uint8Array, ended: boolean): DialectMatch {
  const found = findLayout(head, MAX_FRAME_BYTES);
  if (typeof found !== "string") return "yes";
  // A peer may pause between two writes of one frame: its first bytes are a header nevertheless.
  if (beginsLikeFrame(head)) return ended || found === "none" ? "yes" : "more";
  if (found === "none") return "no";
  if (!ended) return "more";
  return lastLayout(head, MAX_FRAME_BYTES) === undefined ? "no" : "yes";
}

function serverCodec(
  { notices, secrets, layout, texts = EN }: ServerCodecOptions,
): Codec<Request, ServerEvent> {
  const decoder = new FramedDecoder(secrets, layout);
  return {
    decoder,
    get encoder() {
      const { layout: used, speaksJson } = decoder;
      return serverEncoder({ layout: used, notices, speaksJson }, texts);
    },
  };
}

/** Decodes a client's frames, in the layout of its first frame or a pinned one. */
class FramedDecoder implements Decoder<Request> {
  readonly #frames: LayoutFinder;
  readonly #secrets: SecretInput | undefined;
  readonly #pinned: FrameLayout | undefined;
  readonly #untyped: UntypedTexts;
  #named = false;
  #dead = false;

  constructor(secrets: SecretInput | undefined, pinned: FrameLayout | undefined) {
    this.#secrets = secrets;
    this.#untyped = new UntypedTexts(secrets);
    this.#pinned = pinned;
    this.#frames = new LayoutFinder(MAX_FRAME_BYTES, pinned);
  }

  /** The layout to answer in. */
  get layout(): FrameLayout {
    return this.#frames.layout ?? this.#pinned ?? USUAL;
  }

  get speaksJson(): boolean {
    return this.#untyped.speaksJson;
  }

  feed(chunk: Uint8Array, emit: (request: Request) => void): void {
    if (this.#dead) return;
    this.#check(
      this.#frames.feed(chunk, (nature, text) => this.#onFrame(nature, text, emit)),
      emit,
    );
  }

  end(emit: (request: Request) => void): void {
    if (this.#dead) return;
    this.#check(this.#frames.end((nature, text) => this.#onFrame(nature, text, emit)), emit);
  }

  #onFrame(
    nature: Nature,
    payload: Uint8Array,
    emit: (request: Request) => void,
  ): Failure | undefined {
    const text = payloadText(payload);
    if (typeof text !== "string") return text;
    if (this.layout.shape !== undefined) this.#untyped.read(text, emit);
    else emit(this.#request(nature, text));
    return undefined;
  }

  #request(nature: Nature, text: string): Request {
    if (nature === MESSAGE) return orSecret(this.#secrets, { text, means: { verb: "say", text } });
    const name = text.trim();
    const first = !this.#named;
    this.#named = true;
    return first ? { verb: "hello", name } : { verb: "rename", name };
  }

  #check(failure: Failure | undefined, emit: (request: Request) => void): void {
    if (failure === undefined) return;
    this.#dead = true;
    emit({ verb: "invalid", failure, fatal: true });
  }
}

function clientCodec(
  { layout = USUAL, texts = EN }: ClientCodecOptions = {},
): Codec<ServerEvent, Request> {
  return {
    decoder: new FramedClientDecoder(layout, texts),
    encoder: { encode: (request, out) => encodeRequest(request, out, layout) },
  };
}

function encodeRequest(request: Request, out: BlockWriter, layout: FrameLayout): void {
  if (request.verb === "hello" || request.verb === "rename") {
    // Without a name the server assigns one at the first message (D6).
    if (request.name) out.bytes(frame(layout, REGISTRATION, request.name));
  } else if (request.verb === "secret") {
    out.bytes(frame(layout, MESSAGE, request.text));
  } else if (request.verb === "say" && isSaidToAll(request) && request.text !== "") {
    const text = request.action ? `*${request.text}*` : request.text;
    framesOf(layout, MESSAGE, text).forEach((bytes) => out.bytes(bytes));
  }
}

/** Called with each event that a client has read. */
type Emit = (event: ServerEvent) => void;

/**
 * Decodes what a client reads: frames, the bare `ok`, and text without a frame, which another
 * program's server for the sheet may send as well (D1, D4). The first byte decides: 0 or 1 begins a
 * frame. Text ends at a newline, at a frame, or at the end of a chunk, since such a server may send
 * no newlines.
 */
class FramedClientDecoder implements Decoder<ServerEvent> {
  /** Whether all bytes are frames: only sheet 000 has others. */
  readonly #framesOnly: boolean;
  readonly #reader: FrameReader;
  readonly #text = new TextDecoder("utf-8", { ignoreBOM: true });
  /** The last byte read was an `o` that may begin an `ok`. */
  #halfOk = false;
  /** What the server has sent so far: with text alone, NULs are the rest of its buffer. */
  #sends: "nothing" | "text" | "frames" = "nothing";
  readonly #texts: Texts;
  #dead = false;

  /** `layout` is the one this client sends in: a server answers in it. */
  constructor(layout: FrameLayout, texts: Texts) {
    this.#texts = texts;
    this.#framesOnly = layout.shape !== undefined;
    this.#reader = new FrameReader(layout, MAX_SERVER_FRAME_BYTES);
  }

  feed(chunk: Uint8Array, emit: Emit): void {
    let at = 0;
    if (this.#halfOk && chunk.length > 0) {
      this.#halfOk = false;
      if (chunk[0] === K) {
        at = 1;
        emit(KO);
      } else at = this.#onText(concatBuffers(Uint8Array.of(O), chunk), 0, emit) - 1;
    }
    while (at < chunk.length && !this.#dead) at = this.#onItem(chunk, at, emit);
  }

  end(emit: Emit): void {
    if (this.#halfOk) emit({ type: "notice", text: "o" });
    this.#halfOk = false;
    this.#endText(emit);
  }

  #onItem(chunk: Uint8Array, at: number, emit: Emit): number {
    if (chunk[at] === 0 && this.#sends === "text") return at + 1;
    const inFrame = this.#framesOnly || !this.#reader.isIdle || isNature(chunk[at]);
    if (inFrame) return this.#onFrame(chunk, at, emit);
    if (chunk[at] === O && at + 1 === chunk.length) {
      this.#halfOk = true;
      return at + 1;
    }
    if (chunk[at] !== O || chunk[at + 1] !== K) return this.#onText(chunk, at, emit);
    this.#endText(emit);
    emit(KO);
    return at + 2;
  }

  #onFrame(chunk: Uint8Array, at: number, emit: Emit): number {
    this.#endText(emit);
    this.#sends = "frames";
    const next = this.#reader.read(
      chunk,
      at,
      (_nature, payload) => emit(parsePayload(payload, this.#texts)),
    );
    if (typeof next === "number") return next;
    this.#dead = true;
    emit({
      type: "error",
      code: next.code,
      message: this.#texts.refusals.otherLayout,
    });
    return chunk.length;
  }

  #onText(chunk: Uint8Array, from: number, emit: Emit): number {
    if (this.#sends === "nothing") this.#sends = "text";
    let at = from;
    while (at < chunk.length && chunk[at] !== LF && !isNature(chunk[at])) at++;
    // A character may be incomplete at the end of a chunk.
    const text = this.#text.decode(chunk.subarray(from, at), { stream: at === chunk.length })
      .replace(/\r$/, "");
    if (text !== "") emit(parseMessage(text, this.#texts.events));
    return chunk[at] === LF ? at + 1 : at;
  }

  /** Emits an incomplete character that something else follows. */
  #endText(emit: Emit): void {
    const text = this.#text.decode();
    if (text !== "") emit({ type: "notice", text });
  }
}

/**
 * The exact text that the sheet requires to be shown once a message is known to be received (R14).
 */
const KO: ServerEvent = Object.freeze({ type: "notice", text: "ko", receipt: true });

function isNature(byte: number | undefined): boolean {
  return byte === 0 || byte === 1;
}

/** `name: text`, `name@group: text` or `name (private): text`; anything else is shown as it is. */
function parsePayload(payload: Uint8Array, texts: Texts): ServerEvent {
  const nul = payload.indexOf(0); // what follows it in a buffer of fixed size is no text
  const line = decodeLine(nul === -1 ? payload : payload.subarray(0, nul), "lossy");
  if (typeof line !== "string") return { type: "notice", text: line.text(texts.refusals) };
  return parseMessage(line.replace(/[\r\n]+$/, ""), texts.events);
}
