// Dialect `plain`, both sides: lines of text for people with telnet, nc or socat (sheets 001 and
// 002, D8, D11-D13). Every event is rendered as text.

import type { BlockWriter } from "./block.ts";
import type {
  ClientCodecOptions,
  Codec,
  Decoder,
  Dialect,
  DialectMatch,
  Encoder,
  ServerCodecOptions,
} from "./dialect.ts";
import { EN } from "../texts/en.ts";
import type { Texts } from "../texts/texts.ts";
import { perLanguage } from "../texts/per_language.ts";
import type { ServerEvent } from "./events.ts";
import { asLine, lineText } from "./framing.ts";
import { firstLine, isLineEnd } from "./first_bytes.ts";
import { MAX_SERVER_LINE_BYTES, MAX_TEXT_LINE_BYTES } from "./limits.ts";
import { overlongLineEvent } from "./overlong_line.ts";
import { LineDecoder } from "./line_decoder.ts";
import { peerEncoders } from "./peer_text.ts";
import { RequestReader } from "./request_reader.ts";
import { TextCodec } from "./text_codec.ts";
import type { Request } from "./requests.ts";
import { orSecret } from "./secrets.ts";
import { TelnetFilter, TIMING_MARK_REPLY } from "./telnet.ts";
import { describeEvent } from "./describe_event.ts";

/** Lines of text, the dialect of every connection that matches no other. */
export const plain: Dialect = {
  name: "plain",
  summary: "lines of text for telnet, nc and socat (sheets 001, 002)",
  byHand: "",
  echo: false,
  dropsOwnName: true,
  canRefuseName: true,
  confirms: false,
  capabilities: {
    answers: false,
    goodbye: false,
    typedCommands: true,
    resumes: false,
    namesByLine: true,
    provesInHello: false,
    headers: false,
  },
  flagsReplay: true,
  detect,
  server: serverCodec,
  client: clientCodec,
};

/**
 * CTRL-D and any telnet command: they take effect before the line is complete.
 */
const IMMEDIATE = ["\x04", "\xff"];

/** Keys that take back the last character, and the whole line (CTRL-U). */
const BACKSPACE = "\b";
const DELETE = "\x7f";
const KILL = "\x15";
// deno-lint-ignore no-control-regex
const EDITING_REGEXP = /[\b\x7f\x15]/;

/** Whether a byte can begin text: a character of UTF-8, a telnet option (FF) or an editing key. */
function isText(first: number): boolean {
  if (first < 0x20) return [0x03, 0x04, 0x08, 0x09, 0x0a, 0x0d, 0x15, 0x1b].includes(first);
  return first <= 0x7f || (first >= 0xc0 && first !== 0xfe); // also letters of Latin-1
}

/** Bytes beside NUL that no line of text has: beside NULs they show that this is none. */
function isBinary(byte: number): boolean {
  return byte < 0x20 && ![0x03, 0x04, 0x08, 0x15, 0x1b, 0x09].includes(byte) && !isLineEnd(byte);
}

/**
 * Any text, once its first line is complete or contains an {@linkcode IMMEDIATE} mark: an
 * incomplete line may still be another dialect's.
 */
function detect(head: Uint8Array, ended: boolean): DialectMatch {
  if (head[0] !== undefined && !isText(head[0])) return "no";
  if (head.includes(0) && head.some(isBinary)) return "no";
  const { line, whole } = firstLine(head, ended);
  return whole || IMMEDIATE.some((mark) => line.includes(mark)) ? "yes" : "more";
}

function serverCodec(options: ServerCodecOptions): Codec<Request, ServerEvent> {
  const encoders = serverEncoders(options.texts ?? EN);
  return new TextCodec(new PlainDecoder(options), encoders);
}

/** CTRL-D as a byte: telnet and terminals in raw mode send it, alone, instead of ending the stream. */
const EOT = 0x04;
const QUIT: Request = Object.freeze({ verb: "bye" });
const ENCODER = new TextEncoder();
/** Telnet's timing mark asks whether everything before it was processed: a ping. */
const TIMING_MARK: Request = Object.freeze({ verb: "ping" });

class PlainDecoder implements Decoder<Request> {
  readonly #telnet = new TelnetFilter();
  readonly #lines: PlainLines;
  readonly #texts: Texts;
  #atLineStart = true;
  #over = false;

  constructor(options: ServerCodecOptions) {
    this.#lines = new PlainLines(options);
    this.#texts = options.texts ?? EN;
  }

  /** Whether the client writes Latin-1. */
  get isLatin1(): boolean {
    return this.#lines.isLatin1;
  }

  feed(chunk: Uint8Array, emit: (request: Request) => void): void {
    if (this.#over) return;
    const marks: { readonly at: number; readonly request: Request }[] = [];
    const text = this.#telnet.feed(chunk, {
      onQuit: () => this.#over = true,
      onTimingMark: (at) => marks.push({ at, request: TIMING_MARK }),
      onReply: (at, bytes) => marks.push({ at, request: { verb: "answer", bytes } }),
      onAreYouThere: (at) => {
        const bytes = ENCODER.encode(`-- ${this.#texts.notices.areYouThere}\n`);
        marks.push({ at, request: { verb: "answer", bytes } });
      },
    });
    const eot = endOfSession(text, this.#atLineStart);
    if (eot !== -1) this.#over = true;
    else if (text.length > 0) this.#atLineStart = isLineEnd(text[text.length - 1]);
    const end = eot === -1 ? text.length : eot;
    let from = 0;
    for (const { at, request } of marks.filter((mark) => mark.at <= end)) {
      this.#lines.feed(text.subarray(from, at), emit);
      emit(request); // answered after everything before it was processed
      from = at;
    }
    this.#lines.feed(text.subarray(from, end), emit);
    if (this.#over) emit(QUIT);
  }

  end(emit: (request: Request) => void, cuts?: readonly number[]): void {
    if (this.#over) return;
    this.#atLineStart = true;
    this.#lines.end(emit, cuts);
  }

  get pendingBytes(): number {
    return this.#lines.pendingBytes;
  }

  get endsLines(): boolean {
    return this.#lines.endsLines;
  }
}

/**
 * Position of a CTRL-D at the start of a line, or -1; inside a line it is a character like any
 * other (D16).
 */
function endOfSession(text: Uint8Array, atLineStart: boolean): number {
  for (let at = text.indexOf(EOT); at !== -1; at = text.indexOf(EOT, at + 1)) {
    if (at === 0 ? atLineStart : isLineEnd(text[at - 1])) return at;
  }
  return -1;
}

/** The lines of a client. */
class PlainLines extends RequestReader {
  readonly #options: ServerCodecOptions;

  constructor(options: ServerCodecOptions) {
    super(MAX_TEXT_LINE_BYTES);
    this.#options = options;
  }

  /** A private word that follows a text directly: it must not become a part of it. */
  protected override get sends(): RegExp {
    return /(?<=[^\s/])@[^\s@.]+ /g;
  }

  protected override request(line: string): Request {
    const { asksName, secrets } = this.#options;
    const text = edited(line);
    const means = parseLine(text, asksName);
    // A client that does not know the secret must still be able to quit.
    return /^\/(quit|exit|bye)\s*$/.test(text) ? means : orSecret(secrets, { text, means });
  }
}

/** The line as a person sees it who mistypes in telnet's character mode: editing keys have worked. */
function edited(line: string): string {
  if (!EDITING_REGEXP.test(line)) return line;
  const chars: string[] = [];
  for (const char of line) {
    if (char === BACKSPACE || char === DELETE) chars.pop();
    else if (char === KILL) chars.length = 0;
    else chars.push(char);
  }
  return chars.join("");
}

function parseLine(decoded: string, asksName: boolean): Request {
  // A space before a command or a name must not turn it into a public message.
  const text = /^\s+[/@]/.test(decoded) ? decoded.trimStart() : decoded;
  // `//x` sends `/x`, and `/@x` sends `@x`, also with spaces between.
  if (/^\/\s*[/@]/.test(text)) return { verb: "say", text: text.slice(1) };
  if (text.startsWith("/")) {
    const [, word = "", rest = ""] = /^\/(\S*)\s*(.*)$/s.exec(text) ?? [];
    return { verb: "command", word, rest };
  }
  const [, name, body = ""] = /^@(\S+)\s*(.*)$/s.exec(text) ?? [];
  if (name !== undefined) return { verb: "say", to: { sigil: "@", name }, text: body };
  return asksName ? { verb: "line", text } : { verb: "say", text };
}

const serverEncoders = perLanguage(({ events }) =>
  peerEncoders({
    encode(event: ServerEvent, out: BlockWriter): void {
      if (event.type === "pong") return out.bytes(TIMING_MARK_REPLY);
      if (event.type === "message" || (event.type === "history" && event.messages.length > 0)) {
        return out.text(describeEvent(event, events) + "\n");
      }
      // A name cannot start with a dash, so neither a message nor an action can imitate these lines.
      const mark = event.type === "error" ? "-! " : "-- ";
      const body = describeEvent(event, events);
      out.text(
        event.type === "greeting" ? body + "\n" : mark + body.replaceAll("\n", "\n   ") + "\n",
      );
    },
  })
);

function clientCodec({ texts = EN }: ClientCodecOptions = {}): Codec<ServerEvent, Request> {
  const lines = new LineDecoder<ServerEvent>(
    MAX_SERVER_LINE_BYTES,
    (line) => ({ type: "notice", text: lineText(line) }),
    (failure) => overlongLineEvent(failure, texts),
  );
  let lastPrompt: string | undefined;
  const decoder: Decoder<ServerEvent> = {
    feed: (chunk, emit) => lines.feed(chunk, emit),
    end: (emit) => lines.end(emit),
    // Some servers repeat a prompt without words after all they send: it is shown once.
    pause: (emit) =>
      lines.pause((event) => {
        const prompt = event.type === "notice" ? WORDLESS_REGEXP.exec(event.text)?.[0] : undefined;
        if (prompt === undefined || prompt !== lastPrompt) emit(event);
        if (prompt !== undefined) lastPrompt = prompt;
      }),
  };
  return { decoder, encoder: CLIENT_ENCODER };
}

/** A prompt such as `> `, `$ ` or `>>> `. */
const WORDLESS_REGEXP = /^[^\p{L}\p{N}]{1,5}$/u;

/**
 * Encodes a request as the line that minichat's server understands; another program's server gets
 * the same line.
 */
const CLIENT_ENCODER: Encoder<Request> = {
  encode(request: Request, out: BlockWriter): void {
    switch (request.verb) {
      case "hello":
        return request.name === undefined ? undefined : out.text(asLine(request.name));
      case "say":
        if (request.to !== undefined) {
          return out.text(asLine(`@${request.to.name} ${request.text}`));
        }
        if (request.action) return out.text(asLine(`/me ${request.text}`));
        return out.text(asLine(/^\s*[/@]/.test(request.text) ? "/" + request.text : request.text));
      case "line":
        return out.text(asLine(request.text));
      case "command":
        return out.text(asLine(`/${request.word} ${request.rest}`.trimEnd()));
      case "reply":
        return out.text(asLine(`/reply ${request.text}`));
      case "rename":
        return out.text(asLine(`/name ${request.name}`));
      case "claim":
        return out.text(asLine(`/claim ${request.passphrase}`));
      case "login":
        return out.text(asLine(`/login ${request.name} ${request.passphrase}`));
      case "unclaim":
        return out.text("/unclaim\n");
      case "secret":
        return out.text(asLine(request.text));
      case "join":
        return out.text(asLine(`/join ${request.group}`));
      case "leave":
        return out.text(asLine(`/leave ${request.group}`));
      case "who":
        return out.text("/list\n");
      case "groups":
        return out.text("/groups\n");
      case "history":
        return out.text(request.limit === undefined ? "/history\n" : `/history ${request.limit}\n`);
      case "help":
        return out.text("/help\n");
      case "bye": // another program's server might take the word for a message
      case "whoami":
      case "ping":
      case "admin":
      case "invalid":
      case "answer":
      case "hangup":
        return;
      default:
        request satisfies never;
    }
  },
};
