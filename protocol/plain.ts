// Dialect `plain`: lines for people with telnet, nc or socat (sheets 001 and 002, D8, D11-D13). Both
// halves. It renders every event in words; what commands mean is the core's business.

import type { BlockWriter } from "./block.ts";
import type { Codec, Decoder, Dialect, Encoder, ServerOptions } from "./dialect.ts";
import type { ServerEvent } from "./events.ts";
import { decodeLine } from "./framing.ts";
import { MAX_SERVER_LINE_BYTES, MAX_TEXT_LINE_BYTES } from "./limits.ts";
import { LineDecoder } from "./line_decoder.ts";
import type { Request } from "./requests.ts";
import { TelnetFilter } from "./telnet.ts";
import { describe } from "./words.ts";

/** Text lines, the dialect of whoever speaks no other. */
export const plain: Dialect = {
  name: "plain",
  summary: "lines of text for telnet, nc and socat (sheets 001, 002)",
  echo: false,
  canRefuseName: true,
  detect: () => "yes",
  server: serverCodec,
  client: clientCodec,
};

function serverCodec({ asksName }: ServerOptions): Codec<Request, ServerEvent> {
  return { decoder: new PlainDecoder(asksName), encoder: SERVER_ENCODER };
}

/** CTRL-D as a byte: a terminal in raw mode sends it instead of ending the stream. */
const EOT = "\x04";
const QUIT: Request = Object.freeze({ verb: "bye" });

class PlainDecoder implements Decoder<Request> {
  readonly #telnet = new TelnetFilter();
  readonly #lines: LineDecoder<Request>;

  constructor(asksName: boolean) {
    this.#lines = new LineDecoder<Request>(
      MAX_TEXT_LINE_BYTES,
      (line) => parseLine(line, asksName),
      (failure) => ({ verb: "invalid", failure, fatal: true }),
    );
  }

  feed(chunk: Uint8Array, emit: (request: Request) => void): void {
    let quit = false;
    this.#lines.feed(this.#telnet.feed(chunk, () => quit = true), emit);
    if (quit) emit(QUIT);
  }

  end(emit: (request: Request) => void): void {
    this.#lines.end(emit);
  }
}

function parseLine(line: Uint8Array, asksName: boolean): Request {
  const text = decodeLine(line, "lossy");
  if (typeof text !== "string") return { verb: "invalid", failure: text, fatal: true };
  if (text.startsWith(EOT)) return QUIT;
  if (text.startsWith("//")) return { verb: "say", text: text.slice(1) };
  if (text.startsWith("/")) {
    const [, word = "", rest = ""] = /^\/(\S*)\s*(.*)$/s.exec(text) ?? [];
    return { verb: "command", word, rest };
  }
  const [, name, said] = /^@(\S+)\s*(.*)$/s.exec(text) ?? [];
  if (name !== undefined) return { verb: "say", to: { sigil: "@", name }, text: said ?? "" };
  return asksName ? { verb: "line", text } : { verb: "say", text };
}

const SERVER_ENCODER: Encoder<ServerEvent> = {
  encode(event: ServerEvent, out: BlockWriter): void {
    if (event.type === "message" || event.type === "history") {
      return out.text(describe(event) + "\n");
    }
    // A name starts with no dash, so no message and no action can pass for one of these lines.
    const mark = event.type === "error" ? "-! " : "-- ";
    const body = describe(event);
    out.text(
      event.type === "greeting" ? body + "\n" : mark + body.replaceAll("\n", "\n   ") + "\n",
    );
  },
};

function clientCodec(): Codec<ServerEvent, Request> {
  const decoder = new LineDecoder<ServerEvent>(MAX_SERVER_LINE_BYTES, (line) => {
    const text = decodeLine(line, "lossy");
    return { type: "notice", text: typeof text === "string" ? text : text.message };
  }, (failure) => ({ type: "notice", text: failure.message }));
  return { decoder, encoder: CLIENT_ENCODER };
}

/** Says in this server's own words what the request asks; another program's server gets the line. */
const CLIENT_ENCODER: Encoder<Request> = {
  encode(request: Request, out: BlockWriter): void {
    switch (request.verb) {
      case "hello":
        return request.name === undefined ? undefined : out.text(`${request.name}\n`);
      case "say":
        if (request.to !== undefined) return out.text(`@${request.to.name} ${request.text}\n`);
        if (request.action) return out.text(`/me ${request.text}\n`);
        return out.text(/^[/@]/.test(request.text) ? `/${request.text}\n` : `${request.text}\n`);
      case "line":
        return out.text(`${request.text}\n`);
      case "command":
        return out.text(`/${request.word} ${request.rest}`.trimEnd() + "\n");
      case "reply":
        return out.text(`/reply ${request.text}\n`);
      case "rename":
        return out.text(`/name ${request.name}\n`);
      case "join":
        return out.text(`/join ${request.group}\n`);
      case "leave":
        return out.text(`/leave ${request.group}\n`);
      case "who":
        return out.text("/list\n");
      case "groups":
        return out.text("/groups\n");
      case "history":
        return out.text(request.limit === undefined ? "/history\n" : `/history ${request.limit}\n`);
      case "help":
        return out.text("/help\n");
      case "bye":
        return out.text("/quit\n");
      case "ping":
      case "invalid":
        return;
      default:
        request satisfies never;
    }
  },
};
