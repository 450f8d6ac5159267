// Dialect `etx`, sheet 003, both sides: one-letter commands in lines, answers that end with ETX, a
// session that ends with EOT (R57-R87, D14-D16).

import { EN } from "../texts/en.ts";
import { perLanguage } from "../texts/per_language.ts";
import type { EventTexts, Texts } from "../texts/texts.ts";
import type { BlockWriter } from "./block.ts";
import type {
  Circumstances,
  ClientCodecOptions,
  Codec,
  Decoder,
  Dialect,
  DialectMatch,
  SecretInput,
  ServerCodecOptions,
} from "./dialect.ts";
import { helpText, parseCommand } from "./etx_commands.ts";
import type { GroupInfo, MessageEvent, ServerEvent, UserInfo } from "./events.ts";
import { asLine, lineText } from "./framing.ts";
import { firstLine } from "./first_bytes.ts";
import { MAX_SERVER_LINE_BYTES, MAX_TEXT_LINE_BYTES } from "./limits.ts";
import { overlongLineEvent } from "./overlong_line.ts";
import { LineDecoder } from "./line_decoder.ts";
import { peerEncoders } from "./peer_text.ts";
import { RequestReader } from "./request_reader.ts";
import { TextCodec } from "./text_codec.ts";
import type { Request } from "./requests.ts";
import { orSecret } from "./secrets.ts";
import { describeEvent, describeMessage, parseMessage } from "./describe_event.ts";

/** End of a flow (R63) and of the session (R64). */
const ETX = 0x03;
const EOT = 0x04;
const LF = 0x0a;
const CR = 0x0d;

/** Sheet 003's protocol. */
export const etx: Dialect = {
  name: "etx",
  summary: "commands of one letter, answers ended by ETX (sheet 003)",
  byHand: "type hello NAME, then h for help",
  echo: false,
  dropsOwnName: true,
  canRefuseName: false, // the answer to `hello` contains the name given instead
  confirms: false,
  capabilities: {
    answers: false,
    goodbye: true,
    typedCommands: true,
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
 * `hello NAME` alone on a line, or `hello` that ends with LF (R87) or NUL (D25): CR LF is how the
 * programs end a line with which people type. Without an end it is text where text may be raw (D3).
 * After a greeting it is a name or a text of a person.
 */
function detect(
  head: Uint8Array,
  ended: boolean,
  { greeted = false, asksName = true }: Circumstances = {},
): DialectMatch {
  const { line, end } = firstLine(head, ended);
  // Bytes as Latin-1: no byte of a UTF-8 character may pass for a space.
  const isStart = "hello".startsWith(line) || /^hello *(?: [!-~\x80-\xfe]*)? *$/.test(line);
  if (!isStart || greeted) return "no";
  if (end === undefined && !ended) return "more";
  if (!line.startsWith("hello") || (end === undefined && !asksName)) return "no";
  return end !== CR || /\S \S/.test(line) ? "yes" : "no";
}

function serverCodec({ secrets, texts }: ServerCodecOptions): Codec<Request, ServerEvent> {
  const encoders = serverEncoders(texts ?? EN);
  return new TextCodec(new EtxReader(secrets), encoders);
}

/** Decodes a client's lines; the first one may be its `hello`. */
class EtxReader extends RequestReader {
  readonly #secrets: SecretInput | undefined;
  #isFirst = true;

  constructor(secrets?: SecretInput) {
    super(MAX_TEXT_LINE_BYTES);
    this.#secrets = secrets;
  }

  protected override request(text: string): Request | undefined {
    const [, hello, name = ""] = /^(hello)(?: +(\S*))? *$/.exec(text) ?? [];
    const isHello = this.#isFirst && hello !== undefined;
    this.#isFirst = false;
    if (isHello) return { verb: "hello", name };
    const means = parseCommand(text);
    // A client that does not know the secret must still be able to quit.
    if (means === undefined || /^\s*q(uit)?\s*$/i.test(text)) return means;
    return orSecret(this.#secrets, { text, means });
  }
}

const serverEncoders = perLanguage((texts) =>
  peerEncoders({
    encode(event, out) {
      // The only answer that ends with a newline instead of ETX (R87).
      if (event.type === "welcome") return out.text(asLine(`${event.id} ${event.name}`));
      const text = textOf(event, texts);
      // A client of the sheet prints what comes before ETX, then its prompt: texts end their line. It
      // puts the answer to `w` into that prompt (R60).
      const lineEnd = event.type === "you" ? "" : "\n";
      // ETX or EOT inside a text would split it for the reader (D16).
      const flow = text.replaceAll("\x03", " ").replaceAll("\x04", " ");
      if (text !== "") out.text(`${flow}${lineEnd}\x03`);
      if (event.type === "closed") out.text("\x04");
    },
  })
);

/** The event as text; "" for events that sheet 003 does not have. */
function textOf(event: ServerEvent, { events, refusals, etxCommands }: Texts): string {
  switch (event.type) {
    case "message":
      // A private message is also `name: text` (D15).
      return event.to?.startsWith("@")
        ? describeMessage(withoutTarget(event), events)
        : describeMessage(event, events);
    case "history":
      return event.messages.map((message) => describeMessage(message, events)).join("\n");
    case "you":
      return event.name;
    case "who":
      return listOf(event.users.map(userLine), event.total, events);
    case "groups":
      if (event.total === 0) return events.noGroupsEtx;
      return listOf(event.groups.map(groupLine), event.total, events);
    case "help":
      return helpText(etxCommands);
    case "joined":
      if (!event.you || event.group === undefined) return `-- ${describeEvent(event, events)}`;
      return `-- ${events.youJoinedEtx(event.group)}`;
    case "closed":
      return event.reason === "bye" ? "" : `-- ${describeEvent(event, events)}`;
    case "error":
      // A name cannot start with a dash, so a message cannot imitate these lines. Refusals name
      // commands of other dialects as the remedy; in this dialect `h` lists the commands.
      return `-! ${
        describeEvent(event, events).replace(/: \/[a-z]+ .*$/, `: ${refusals.etxRemedy}`)
      }`;
    case "left":
    case "presence":
    case "renamed":
    case "notice":
    case "shutdown":
      return `-- ${describeEvent(event, events)}`;
    case "welcome":
    case "gap":
    case "ack":
    case "greeting":
    case "pong":
      return "";
    default:
      event satisfies never;
      return "";
  }
}

function withoutTarget({ to: _, ...event }: MessageEvent): MessageEvent {
  return event;
}

function userLine({ id, name }: UserInfo): string {
  return `${id} ${name}`;
}

function groupLine({ name, members }: GroupInfo): string {
  return `#${name}: ${members.join(" ")}`;
}

function listOf(lines: readonly string[], total: number, events: EventTexts): string {
  const more = total > lines.length ? [events.andMore(total - lines.length)] : [];
  return [...lines, ...more].join("\n");
}

function clientCodec({ texts = EN }: ClientCodecOptions = {}): Codec<ServerEvent, Request> {
  const decoder = new EtxClientDecoder(texts);
  return { decoder, encoder: { encode: (request, out) => encodeRequest(request, out, decoder) } };
}

/**
 * Decodes a server's flows line by line; the first line holds this client's id and name, EOT ends
 * the session.
 */
class EtxClientDecoder implements Decoder<ServerEvent> {
  readonly #texts: Texts;
  readonly #lines: LineDecoder<ServerEvent>;
  /** Lines that may still be the answer to `hello`: a server may greet before it. */
  #mayIdentify = 5;
  /** The name in `hello`, which a server may answer with the id alone. */
  #given: string | undefined;
  /** Number of `w` commands not answered yet. */
  #asked = 0;
  #goodbye: string;
  #over = false;

  constructor(texts: Texts) {
    this.#texts = texts;
    this.#goodbye = texts.events.sessionOver;
    this.#lines = new LineDecoder<ServerEvent>(
      MAX_SERVER_LINE_BYTES,
      (line) => this.#onLine(line),
      (failure) => overlongLineEvent(failure, texts),
    );
  }

  /** `hello` was sent with that name. */
  joinsAs(name: string | undefined): void {
    this.#given = name;
  }

  /** The next line of a single word is this client's name (R60). */
  expectName(): void {
    this.#asked++;
  }

  feed(chunk: Uint8Array, emit: (event: ServerEvent) => void): void {
    if (this.#over) return;
    const end = chunk.indexOf(EOT);
    // ETX also ends a line; the bytes after EOT are ignored.
    const text = chunk.slice(0, end === -1 ? chunk.length : end);
    for (let at = text.indexOf(ETX); at !== -1; at = text.indexOf(ETX, at)) text[at] = LF;
    this.#lines.feed(text, emit);
    if (end === -1) return;
    this.#over = true;
    this.#lines.end(emit);
    emit({ type: "closed", reason: "bye", text: this.#goodbye });
  }

  end(emit: (event: ServerEvent) => void): void {
    if (!this.#over) this.#lines.end(emit);
  }

  pause(emit: (event: ServerEvent) => void): void {
    if (!this.#over) this.#lines.pause(emit);
  }

  #onLine(line: Uint8Array): ServerEvent | undefined {
    if (line.length === 0) return undefined;
    const text = lineText(line);
    const { events } = this.#texts;
    const identity = this.#mayIdentify-- > 0 ? /^(\d+)(?: (\S+))?$/.exec(text) : null;
    if (identity !== null) {
      this.#mayIdentify = 0;
      const [, id = "", name] = identity;
      // The id is the first name (R58), unless the server has taken the given one without a word.
      const isNamed = name !== undefined && name !== id;
      if (isNamed || this.#given === undefined) {
        return { type: "you", id: Number(id), name: name ?? id };
      }
      return { type: "you", id: Number(id), name: this.#given, assumed: true };
    }
    if (this.#asked > 0 && /^\S+$/.test(text)) {
      this.#asked--;
      return { type: "you", name: text };
    }
    if (!text.startsWith("-- ")) return parseMessage(text, events);
    const news = text.slice(3); // the view adds its own mark to notices
    const renamed = operandOf(news, events.youAreNow);
    if (renamed !== undefined && /^\S+$/.test(renamed)) {
      return { type: "renamed", was: "", name: renamed, you: true };
    }
    const goodbye = operandOf(news, events.goodbye);
    if (goodbye) {
      this.#goodbye = goodbye; // shown with the end of the session
      return undefined;
    }
    return { type: "notice", text: news };
  }
}

/** The operand with which `text` gives `line`; undefined if `line` is another text. */
function operandOf(line: string, text: (operand: string) => string): string | undefined {
  const [before = "", after = ""] = text("\0").split("\0");
  const end = line.length - after.length;
  const isText = end >= before.length && line.startsWith(before) && line.endsWith(after);
  return isText ? line.slice(before.length, end) : undefined;
}

/** Sends a typed line unchanged (R65, R69), any other request as a command of this dialect. */
function encodeRequest(request: Request, out: BlockWriter, decoder: EtxClientDecoder): void {
  const line = lineFor(request);
  if (line === undefined) return;
  if (request.verb === "hello") decoder.joinsAs(request.name);
  if (/^\s*w/i.test(line)) decoder.expectName();
  out.text(asLine(line));
}

function lineFor(request: Request): string | undefined {
  switch (request.verb) {
    case "hello":
      return request.name === undefined ? "hello" : `hello ${request.name}`;
    case "line":
    case "secret":
      return request.text;
    case "say": {
      const text = request.action ? `*${request.text}*` : request.text;
      return request.to === undefined ? `b ${text}` : `s ${request.to.name} ${text}`;
    }
    case "rename":
      return `n ${request.name}`;
    case "login":
      return `n ${request.name} ${request.passphrase}`;
    case "join":
      return `j ${request.group}`;
    case "leave":
      return `p ${request.group}`;
    case "who":
      return "l";
    case "groups":
      return "l g";
    case "whoami":
      return "w";
    case "help":
      return "h";
    case "bye":
      return "q";
    case "command":
      return `${request.word} ${request.rest}`.trimEnd();
    case "reply":
    case "history":
    case "ping":
    case "claim":
    case "unclaim":
    case "admin":
    case "invalid":
    case "answer":
    case "hangup":
      return undefined;
    default:
      request satisfies never;
  }
}
