// Dialect `usermsg`, sheet 004, both sides: `USER name` and `MSG text` from the client, `MSG name
// text` from the server (R89-R91). The sheet has no other verbs (D17).

import { EN } from "../texts/en.ts";
import { perLanguage } from "../texts/per_language.ts";
import type { EventTexts, Texts } from "../texts/texts.ts";
import type { BlockWriter } from "./block.ts";
import type {
  ClientCodecOptions,
  Codec,
  Dialect,
  DialectMatch,
  Encoder,
  SecretInput,
  ServerCodecOptions,
} from "./dialect.ts";
import type { MessageEvent, ServerEvent } from "./events.ts";
import {
  type Failure,
  failure,
  type FailureCode,
  NOT_STORED_CODES,
  quoted,
  SECRET_CODES,
} from "./failures.ts";
import { asLine, lineText } from "./framing.ts";
import { firstLine } from "./first_bytes.ts";
import { MAX_SERVER_LINE_BYTES, MAX_TEXT_LINE_BYTES } from "./limits.ts";
import { overlongLineEvent } from "./overlong_line.ts";
import { LineReader } from "./line_decoder.ts";
import { type PeerEncoders, peerEncoders } from "./peer_text.ts";
import { RequestReader } from "./request_reader.ts";
import { TextCodec } from "./text_codec.ts";
import { isSaidToAll, type Request } from "./requests.ts";
import { orSecret } from "./secrets.ts";
import { countdownText, describeEvent } from "./describe_event.ts";
import { unmarked } from "./imitated_marks.ts";

const VERBS = ["USER ", "MSG "];

/** Sheet 004's protocol. */
export const usermsg: Dialect = {
  name: "usermsg",
  summary: "USER name / MSG text (sheet 004)",
  byHand: "type USER NAME, then MSG TEXT",
  echo: false,
  dropsOwnName: true,
  canRefuseName: false,
  confirms: false,
  capabilities: {
    answers: false,
    goodbye: false,
    typedCommands: false,
    resumes: false,
    namesByLine: false,
    provesInHello: false,
    headers: false,
  },
  flagsReplay: false,
  detect,
  server: serverCodec,
  client: clientCodec,
};

/**
 * `USER` with any text after it: the chat replaces a bad name, and IRC's `USER` was recognised
 * before (D6).
 */
function detect(head: Uint8Array, ended: boolean): DialectMatch {
  const { line, whole } = firstLine(head, ended);
  if (line.startsWith("MSG ")) return "yes";
  if (whole) return /^(USER|MSG)( |$)/.test(line) ? "yes" : "no";
  return line.startsWith("USER ") || VERBS.some((verb) => verb.startsWith(line)) ? "more" : "no";
}

function serverCodec(
  { notices, secrets, texts = EN }: ServerCodecOptions,
): Codec<Request, ServerEvent> {
  const encoders = notices ? withNotices(texts) : withoutNotices(texts);
  return new TextCodec(new UsermsgReader(secrets), encoders);
}

class UsermsgReader extends RequestReader {
  readonly #secrets: SecretInput | undefined;
  #named = false;

  constructor(secrets?: SecretInput) {
    super(MAX_TEXT_LINE_BYTES);
    this.#secrets = secrets;
  }

  /** A verb that follows a text directly. */
  protected override get sends(): RegExp {
    return /(?<=\S)(?:MSG|USER) /g;
  }

  protected override request(text: string): Request {
    const [, verb, rest = ""] = /^(\S*) ?(.*)$/s.exec(text) ?? [];
    if (verb === "MSG") {
      return orSecret(this.#secrets, { text: rest, means: { verb: "say", text: rest } });
    }
    if (verb === "USER") {
      const name = rest.trim();
      const first = !this.#named;
      this.#named = true;
      return first ? { verb: "hello", name } : { verb: "rename", name };
    }
    return { verb: "invalid", failure: unknownVerb(text), fatal: false, typed: text };
  }
}

function unknownVerb(line: string): Failure {
  return failure("unknown_command", (t) => t.unknownVerb(quoted(line)));
}

const withoutNotices = perLanguage((texts) => encodersOf(texts, false));
const withNotices = perLanguage((texts) => encodersOf(texts, true));

function encodersOf({ events }: Texts, notices: boolean): PeerEncoders {
  return peerEncoders({
    encode: (event, out) => encodeEvent(event, out, { notices, events }),
  });
}

/**
 * Refusals that are sent even without notices: a message was not stored, or the client was not
 * admitted.
 */
const ALWAYS_SENT: ReadonlySet<FailureCode> = new Set([
  ...NOT_STORED_CODES,
  ...SECRET_CODES,
  "name_claimed",
  "order_refused",
]);

function encodeEvent(
  event: ServerEvent,
  out: BlockWriter,
  { notices, events }: { readonly notices: boolean; readonly events: EventTexts },
): void {
  switch (event.type) {
    case "message":
      return out.text(asLine(`MSG ${event.from} ${marked(event, events)}`));
    case "notice": // for this client only: the result of an operator's command, or how to log in
      return out.text(asLine(`MSG server ${describeEvent(event, events)}`));
    case "shutdown":
      return out.text(`MSG server ${countdownText(event.in, events)}\n`);
    case "closed":
      return event.reason === "bye"
        ? undefined
        : out.text(asLine(`MSG server ${events.goodbye(event.text)}`));
    case "history":
      return event.messages.forEach((message) => encodeEvent(message, out, { notices, events }));
    case "welcome":
    case "joined":
    case "left":
    case "presence":
    case "renamed":
    case "error":
      if (notices || (event.type === "error" && ALWAYS_SENT.has(event.code))) {
        out.text(asLine(`MSG server ${describeEvent(event, events)}`));
      }
      return;
    case "greeting":
    case "gap":
    case "ack":
    case "you":
    case "who":
    case "groups":
    case "help":
    case "pong":
      return; // this dialect has no request for them
    default:
      event satisfies never;
  }
}

/**
 * The text, marked if it is not for everyone: the sheet's verb has no field for the recipient. No
 * text can make such a mark itself (A10).
 */
function marked({ text, to, action }: MessageEvent, events: EventTexts): string {
  const body = action ? `*${text}*` : text;
  if (to === undefined) return unmarked(body);
  return to.startsWith("@") ? `[${events.private}] ${body}` : `[${to}] ${body}`;
}

function clientCodec({ texts = EN }: ClientCodecOptions = {}): Codec<ServerEvent, Request> {
  return { decoder: new UsermsgClientReader(texts), encoder: CLIENT_ENCODER };
}

const LF = 0x0a;

/** The first bytes of each message. */
const MSG = new TextEncoder().encode("MSG ");

/**
 * Decodes a server's lines. The sheet writes its messages without a line end, so a server may send
 * none: then a chunk that begins a message ends the one before (D24).
 */
class UsermsgClientReader extends LineReader<ServerEvent> {
  readonly #texts: Texts;
  #hasLineEnds = false;
  /** The author of the message that was emitted in a pause. */
  #cutAuthor: string | undefined;

  constructor(texts: Texts) {
    super(MAX_SERVER_LINE_BYTES);
    this.#texts = texts;
  }

  override feed(chunk: Uint8Array, emit: (event: ServerEvent) => void): void {
    const begins = MSG.every((byte, at) => chunk[at] === byte);
    if (begins && !this.#hasLineEnds) this.pause(emit);
    this.#hasLineEnds ||= chunk.includes(LF);
    super.feed(chunk, emit);
  }

  override pause(emit: (event: ServerEvent) => void): void {
    super.pause((event) => {
      if (event.type === "message") this.#cutAuthor = event.from;
      emit(event);
    });
  }

  protected override read(line: Uint8Array): ServerEvent {
    const text = lineText(line);
    const cutAuthor = this.#cutAuthor;
    this.#cutAuthor = undefined;
    const [, author, body] = /^MSG (\S+) ?(.*)$/s.exec(text) ?? [];
    if (author !== undefined && body !== undefined) return messageFrom(author, body);
    // The network held up the rest of a message of a server that ends its lines.
    if (cutAuthor !== undefined && this.#hasLineEnds) return messageFrom(cutAuthor, text);
    return { type: "notice", text };
  }

  protected override refuse(failure: Failure): ServerEvent {
    return overlongLineEvent(failure, this.#texts);
  }
}

function messageFrom(from: string, text: string): MessageEvent {
  return { type: "message", seq: 0, at: "", from, text };
}

const CLIENT_ENCODER: Encoder<Request> = {
  encode(request, out) {
    if (request.verb === "hello") {
      // Without a name the server assigns one at the first message (D6).
      return request.name === undefined ? undefined : out.text(asLine(`USER ${request.name}`));
    }
    if (request.verb === "secret") return out.text(asLine(`MSG ${request.text}`));
    if (request.verb === "rename") return out.text(asLine(`USER ${request.name}`));
    if (request.verb !== "say" || !isSaidToAll(request)) return;
    return out.text(asLine(`MSG ${request.action ? `*${request.text}*` : request.text}`));
  },
};
