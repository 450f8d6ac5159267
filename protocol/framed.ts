// Dialect `framed`, sheet 000: frames with a nature and a length from both sides, and a bare `ok` for
// each message received (R9-R14, R22, D1-D5). Both halves. The frames themselves are in frames.ts.

import type { BlockWriter } from "./block.ts";
import type {
  ClientOptions,
  Codec,
  Decoder,
  Dialect,
  Encoder,
  ServerOptions,
  Verdict,
} from "./dialect.ts";
import type { ServerEvent } from "./events.ts";
import type { Failure } from "./failures.ts";
import { decodeLine } from "./framing.ts";
import { joined } from "./head.ts";
import {
  badFrame,
  beginsLikeFrame,
  frame,
  FrameReader,
  guessLayout,
  type Layout,
  LAYOUTS,
  type Nature,
  settleLayout,
} from "./frames.ts";
import { FramedClientDecoder } from "./framed_client.ts";
import { MAX_FRAME_BYTES } from "./limits.ts";
import type { Request } from "./requests.ts";
import { describe, describeMessage, stopsIn } from "./words.ts";

/** Sheet 000's protocol. */
export const framed: Dialect = {
  name: "framed",
  summary: "frames with an int, a length and a text; ok for each message (sheet 000)",
  byHand: undefined,
  echo: true,
  canRefuseName: false,
  confirms: true,
  detect,
  server: serverCodec,
  client: clientCodec,
};

const REGISTRATION: Nature = 0;
const MESSAGE: Nature = 1;

/** A C struct on today's machines, for whoever has not shown another layout. */
const USUAL = { headerBytes: 16, littleEndian: true } as const;

/** Text begins with neither 0 nor 1, an int that is 0 or 1 does in either byte order. */
function detect(head: Uint8Array, ended: boolean): Verdict {
  if (!beginsLikeFrame(head)) return "no";
  // Between two writes of one frame a peer may be silent: its first bytes are a header all the same.
  if (ended) return "yes";
  return settleLayout(head, MAX_FRAME_BYTES) === "more" ? "more" : "yes";
}

function serverCodec({ notices }: ServerOptions): Codec<Request, ServerEvent> {
  const decoder = new FramedDecoder();
  return {
    decoder,
    get encoder() {
      return serverEncoder(decoder.layout, notices);
    },
  };
}

/** Reads a client's frames, in the layout that its first one shows. */
class FramedDecoder implements Decoder<Request> {
  #head = new Uint8Array(0);
  #layout: Layout | undefined;
  #reader: FrameReader | undefined;
  #named = false;
  #dead = false;

  /** The layout to answer in. */
  get layout(): Layout {
    return this.#layout ?? USUAL;
  }

  feed(chunk: Uint8Array, emit: (request: Request) => void): void {
    if (this.#dead) return;
    if (this.#reader !== undefined) return this.#read(this.#reader, chunk, emit);
    this.#head = joined(this.#head, chunk);
    const layout = settleLayout(this.#head, MAX_FRAME_BYTES);
    if (layout === "none") return this.#refuse(badFrame(MAX_FRAME_BYTES), emit);
    if (layout !== "more") this.#settle(layout, emit);
  }

  end(emit: (request: Request) => void): void {
    if (this.#dead || this.#reader !== undefined) return; // half a frame says nothing
    const layout = guessLayout(this.#head, MAX_FRAME_BYTES);
    if (layout !== undefined) this.#settle(layout, emit);
  }

  #settle(layout: Layout, emit: (request: Request) => void): void {
    this.#layout = layout;
    this.#reader = new FrameReader(layout, MAX_FRAME_BYTES);
    const head = this.#head;
    this.#head = new Uint8Array(0);
    this.#read(this.#reader, head, emit);
  }

  #read(reader: FrameReader, chunk: Uint8Array, emit: (request: Request) => void): void {
    for (let at = 0; at < chunk.length && !this.#dead;) {
      const next = reader.read(chunk, at, (nature, payload) => {
        const text = payloadText(payload);
        if (typeof text === "string") emit(this.#request(nature, text));
        else this.#refuse(text, emit);
      });
      if (typeof next !== "number") return this.#refuse(next, emit);
      at = next;
    }
  }

  #request(nature: Nature, text: string): Request {
    if (nature === MESSAGE) return { verb: "say", text };
    const name = text.trim();
    const first = !this.#named;
    this.#named = true;
    return first ? { verb: "hello", name } : { verb: "rename", name };
  }

  #refuse(failure: Failure, emit: (request: Request) => void): void {
    this.#dead = true;
    emit({ verb: "invalid", failure, fatal: true });
  }
}

/** A payload as text, without the line end of `fgets` and the NUL of a C string, if they were sent. */
function payloadText(payload: Uint8Array): string | Failure {
  let end = payload.length;
  while (end > 0 && [0x00, 0x0a, 0x0d].includes(payload[end - 1] ?? -1)) end--;
  return decodeLine(payload.subarray(0, end), "lossy");
}

/** Every encoder there is: connections in one layout share theirs. */
const SERVER_ENCODERS = LAYOUTS.flatMap((layout) =>
  [false, true].map((notices) => ({
    layout,
    notices,
    encoder: {
      encode: (event, out) => encodeEvent(event, out, { layout, notices }),
    } satisfies Encoder<ServerEvent>,
  }))
);

function serverEncoder(layout: Layout, notices: boolean): Encoder<ServerEvent> {
  const found = SERVER_ENCODERS.find((row) =>
    row.notices === notices && row.layout.headerBytes === layout.headerBytes &&
    row.layout.littleEndian === layout.littleEndian
  );
  if (found === undefined) throw new RangeError(`No such layout: "${layout.headerBytes}"`);
  return found.encoder;
}

const OK = new TextEncoder().encode("ok");

function encodeEvent(
  event: ServerEvent,
  out: BlockWriter,
  { layout, notices }: { layout: Layout; notices: boolean },
): void {
  const tell = (text: string): void => out.bytes(frame(layout, MESSAGE, text));
  switch (event.type) {
    case "message":
      return tell(describeMessage(event));
    case "ack":
      return out.bytes(OK);
    case "shutdown":
      return tell(`server: ${stopsIn(event.in)}`);
    case "closed":
      return event.reason === "bye" ? undefined : tell(`server: Goodbye: ${event.text}`);
    case "history":
      return event.messages.forEach((message) => tell(describeMessage(message)));
    case "error":
      // Whoever is about to be closed for its bytes is told why, the rest only on request (D17).
      if (notices || TORN.has(event.code)) tell(`server: ${event.message}`);
      return;
    case "welcome": // without the list of people: it would not fit a small program's buffer
      if (notices) tell(`server: You are ${event.name}`);
      return;
    case "joined":
    case "left":
    case "presence":
    case "renamed":
    case "notice":
      if (notices) tell(`server: ${describe(event)}`);
      return;
    case "greeting":
    case "you":
    case "who":
    case "groups":
    case "help":
    case "pong":
      return; // nothing in this dialect asks for them
    default:
      event satisfies never;
  }
}

const TORN: ReadonlySet<string> = new Set<Failure["code"]>(["bad_frame", "binary_input"]);

function clientCodec(options?: ClientOptions): Codec<ServerEvent, Request> {
  const { headerBytes } = options ?? USUAL;
  const layout = { headerBytes, littleEndian: true };
  return {
    decoder: new FramedClientDecoder(layout),
    encoder: { encode: (request, out) => encodeRequest(request, out, layout) },
  };
}

function encodeRequest(request: Request, out: BlockWriter, layout: Layout): void {
  if (request.verb === "hello" || request.verb === "rename") {
    // Without a name the server gives one as soon as something is said (D6).
    if (request.name) out.bytes(frame(layout, REGISTRATION, request.name));
  } else if (request.verb === "say" && request.to === undefined && request.text !== "") {
    const text = request.action ? `*${request.text}*` : request.text;
    out.bytes(frame(layout, MESSAGE, text));
  }
}
