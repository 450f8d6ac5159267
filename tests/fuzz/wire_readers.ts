// Whether the bytes that a reader of each dialect received are that dialect and safe to print:
// parsed strictly, and by the client's half as well if there is one.

import { EN } from "../../texts/en.ts";
import type { DialectName } from "../../protocol/dialect.ts";
import { dialectNamed } from "../../protocol/dialects.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import type { FrameLayout } from "../../protocol/frame_layouts.ts";
import { FrameReader } from "../../protocol/frames.ts";
import { MAX_SERVER_FRAME_BYTES } from "../../protocol/limits.ts";
import { toLatin1 } from "./scenario.ts";
import { unsafeIn, unsafeInJson } from "./unsafe_characters.ts";

/** The parsed bytes of a reader. */
export interface WireReading {
  /** The lines, frames, receipts or flows. */
  readonly items: readonly string[];
  /** What is wrong with the bytes, if anything. */
  readonly problem?: string;
}

/** How a reader's bytes are to be parsed. */
export interface WireReader {
  readonly dialect: DialectName;
  readonly layout: FrameLayout;
  /** Whether everything meant for it has arrived, and was not cut off. */
  readonly whole: boolean;
}

const LF = 0x0a;
const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Matches the greeting that may precede any dialect on TCP. */
const GREETING_REGEXP = /^Welcome to minichat\. [^]*?\(Enter alone gives you one\):\n/;

/** Telnet's replies to timing marks and options, the only bytes in `plain` that are not text. */
// deno-lint-ignore no-control-regex
const TELNET_REGEXP = /\xff(?:\xfb\x06|[\xfc\xfe][^])/g;

/** The response to a request of HTTP, in place of lines. */
const HTTP_REGEXP = /^HTTP\/1\.1 \d{3} [A-Za-z ]+\r\n(?:[^\r\n]+\r\n)+\r\n[^]*$/;

type Take = (bytes: Uint8Array, reader: WireReader) => WireReading;

const TAKES: Readonly<Record<DialectName, Take>> = {
  native: (bytes, { whole }) => takeLines(bytes, whole, unsafeOrNoJson),
  framed: takeFramed,
  usermsg: (bytes, { whole }) =>
    takeLines(
      bytes,
      whole,
      (line) => unsafeIn(line) ?? (/^MSG \S+ /.test(line) ? undefined : "no MSG"),
    ),
  etx: takeEtx,
  plain: (bytes, { whole }) =>
    HTTP_REGEXP.test(toLatin1(bytes))
      ? { items: [toLatin1(bytes)] }
      : takeLines(fromText(toLatin1(bytes).replaceAll(TELNET_REGEXP, "")), whole),
};

/** Parses what a reader received. */
export function read(bytes: Uint8Array, reader: WireReader): WireReading {
  const greeting = greetingOf(bytes);
  const { items, problem } = TAKES[reader.dialect](bytes.subarray(greeting), reader);
  const found = problem ?? (greeting === 0 ? clientsOpinion(bytes, reader) : undefined);
  return found === undefined ? { items } : { items, problem: `${reader.dialect}: ${found}` };
}

function greetingOf(bytes: Uint8Array): number {
  return bytes[0] === 0x57 ? GREETING_REGEXP.exec(toLatin1(bytes))?.[0].length ?? 0 : 0;
}

function takeLines(
  bytes: Uint8Array,
  whole: boolean,
  check: (line: string) => string | undefined = unsafeIn,
): WireReading {
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (whole && end !== bytes.length) return { items: [], problem: "the last line has no end" };
  const text = decode(bytes.subarray(0, end));
  if (text === undefined) return { items: [], problem: "not UTF-8" };
  const items = text.split("\n").slice(0, -1);
  for (const line of items) {
    const problem = check(line);
    if (problem !== undefined) return { items, problem: `${problem} in ${quote(line)}` };
  }
  return { items };
}

function unsafeOrNoJson(line: string): string | undefined {
  try {
    return unsafeInJson(JSON.parse(line));
  } catch {
    return "not JSON";
  }
}

/** The first answer is a line, the rest flows that end with ETX; EOT is the last byte (R63, R64). */
function takeEtx(bytes: Uint8Array, { whole }: WireReader): WireReading {
  const all = decode(whole ? bytes : bytes.subarray(0, bytes.lastIndexOf(0x03) + 1));
  if (all === undefined) return { items: [], problem: "not UTF-8" };
  const text = all.endsWith("\x04") ? all.slice(0, -1) : all;
  const items = text.split("\x03");
  if (whole && !/^(?:\d+ \S+\n)?$/.test(items.at(-1) ?? "")) {
    return { items, problem: `the last flow has no end: ${quote(items.at(-1) ?? "")}` };
  }
  for (const flow of items) {
    for (const line of flow.split("\n")) {
      const problem = unsafeIn(line);
      if (problem !== undefined) return { items, problem: `${problem} in ${quote(flow)}` };
    }
  }
  return { items: items.filter((flow) => flow !== "") };
}

function takeFramed(bytes: Uint8Array, { layout, whole }: WireReader): WireReading {
  const reader = new FrameReader(layout, MAX_SERVER_FRAME_BYTES);
  const items: string[] = [];
  let problem: string | undefined;
  for (let at = 0; at < bytes.length && problem === undefined;) {
    if (layout.shape === undefined && reader.isIdle && bytes[at] === 0x6f) {
      if (bytes[at + 1] !== 0x6b) problem = "an o without its k";
      items.push("ok");
      at += 2;
      continue;
    }
    const next = reader.read(bytes, at, (nature, payload) => {
      const text = decode(payload);
      items.push(text ?? "");
      if (nature !== 1) problem = "a frame of nature 0";
      else if (text === undefined) problem = "not UTF-8";
      else problem = text.split("\n").map(unsafeIn).find((found) => found !== undefined);
    });
    if (typeof next !== "number") problem = next.text(EN.refusals);
    else at = next;
  }
  if (problem === undefined && whole && !reader.isIdle) problem = "the last frame has no end";
  return problem === undefined ? { items } : { items, problem };
}

/** What the client's half cannot decode of it, if anything. */
function clientsOpinion(bytes: Uint8Array, { dialect, layout }: WireReader): string | undefined {
  const row = dialectNamed(dialect);
  if (row === undefined) return undefined;
  const { decoder } = row.client({ layout });
  let problem: string | undefined;
  const emit = (event: ServerEvent): void => {
    if (event.type !== "error") return;
    if (event.code === "bad_frame" && event.message.startsWith("The server's frames")) {
      problem = event.message;
    } else if (event.message.startsWith("The server sent a line that is not native")) {
      problem = event.message;
    }
  };
  decoder.feed(bytes, emit);
  decoder.end(emit);
  return problem;
}

/** UTF-8; or Latin-1, in which a peer that writes it is answered. */
function decode(bytes: Uint8Array): string | undefined {
  const lines: string[] = [];
  for (let from = 0; from <= bytes.length;) {
    const end = bytes.indexOf(LF, from);
    const line = decodeLine(bytes.subarray(from, end === -1 ? bytes.length : end));
    if (line === undefined) return undefined;
    lines.push(line);
    from = end === -1 ? bytes.length + 1 : end + 1;
  }
  return lines.join("\n");
}

function decodeLine(line: Uint8Array): string | undefined {
  try {
    return STRICT.decode(line);
  } catch {
    return line.every((byte) => byte < 0x80 || (byte >= 0xa0 && byte !== 0xff))
      ? toLatin1(line)
      : undefined;
  }
}

function fromText(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

function quote(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}...` : text);
}
