// Bytes as text for people: printable UTF-8 as it is, other bytes as escapes as in C. Pure.

import type { Layout } from "../protocol/frame_layouts.ts";

/** Bytes as they are shown in a report. */
export type Show = (bytes: Uint8Array) => string;

/** Most bytes shown of one piece; of a longer piece both ends are shown. */
const MAX_SHOWN_BYTES = 160;
const SHOWN_HEAD_BYTES = 96;
const SHOWN_TAIL_BYTES = 40;
/** Most combining marks in a row; scripts need no more, and a higher stack covers other lines. */
const MAX_MARKS = 6;
/** Most frames shown at each end of a long stream. */
const MAX_END_FRAMES = 2;
/** A longer length is no header, except one with all bits set, which checks send on purpose. */
const MAX_LIKELY_LENGTH = 2 ** 31;

const NAMED: ReadonlyMap<number, string> = new Map([
  [0x00, "\\0"],
  [0x09, "\\t"],
  [0x0a, "\\n"],
  [0x0d, "\\r"],
  [0x5c, "\\\\"],
]);

const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** `MSG ana h\xc3\n`; the middle of a long piece is left out: `MSG ana h ...+1000 B... o\n`. */
export function visibleBytes(bytes: Uint8Array): string {
  if (bytes.length <= MAX_SHOWN_BYTES) return escapedText(bytes);
  const left = bytes.length - SHOWN_HEAD_BYTES - SHOWN_TAIL_BYTES;
  return `${escapedText(bytes.subarray(0, SHOWN_HEAD_BYTES))} ...+${left} B... ${
    escapedText(bytes.subarray(-SHOWN_TAIL_BYTES))
  }`;
}

/** The same for a stream of frames of that layout: `[nature 1, length 7] ana: hi`. */
export function visibleFrames(layout: Layout): Show {
  return (bytes) => {
    const parts: string[] = [];
    for (let at = 0; at < bytes.length;) {
      const header = headerAt(layout, bytes, at);
      const end = header === undefined
        ? nextHeader(layout, bytes, at)
        : at + layout.headerBytes + header.length;
      const from = header === undefined ? at : at + layout.headerBytes;
      const text = visibleBytes(bytes.subarray(from, end));
      parts.push(header === undefined ? text : `${headerText(header)} ${text}`.trimEnd());
      at = Math.min(end, bytes.length);
    }
    return shortened(parts).join(" ");
  };
}

/** The first and last frames of many. */
function shortened(parts: readonly string[]): readonly string[] {
  const left = parts.length - 2 * MAX_END_FRAMES;
  if (left <= 1) return parts;
  const [head, tail] = [parts.slice(0, MAX_END_FRAMES), parts.slice(-MAX_END_FRAMES)];
  return [...head, `...+${left} frames...`, ...tail];
}

/** The two numbers of a header. */
interface Header {
  readonly nature: number;
  readonly length: number;
}

function headerText({ nature, length }: Header): string {
  return `[nature ${nature}, length ${length}]`;
}

/** The header at `at`, undefined if the bytes are not plausible: text never begins with 0 or 1. */
function headerAt(layout: Layout, bytes: Uint8Array, at: number): Header | undefined {
  const { headerBytes, littleEndian } = layout;
  if (bytes.length - at < headerBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, headerBytes);
  const nature = view.getUint32(0, littleEndian);
  if (nature > 1) return undefined;
  const length = headerBytes === 8
    ? view.getUint32(4, littleEndian)
    : Number(view.getBigUint64(headerBytes - 8, littleEndian));
  const isAllOnes = bytes.subarray(at + headerBytes - 4, at + headerBytes).every((byte) =>
    byte === 0xff
  );
  // The second half of a header that was cut has an implausible length.
  return length < MAX_LIKELY_LENGTH || isAllOnes ? { nature, length } : undefined;
}

function nextHeader(layout: Layout, bytes: Uint8Array, from: number): number {
  for (let at = from + 1; at < bytes.length; at++) {
    const isStart = (bytes[at] ?? 2) <= 1 && (bytes[at - 1] ?? 0) > 1;
    if (isStart && headerAt(layout, bytes, at) !== undefined) return at;
  }
  return bytes.length;
}

function escapedText(bytes: Uint8Array): string {
  let text = "";
  let marks = 0;
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    const length = sequenceLength(byte);
    const character = length === 1 ? undefined : decoded(bytes.subarray(at, at + length));
    marks = character !== undefined && /^\p{M}/u.test(character) ? marks + 1 : 0;
    text += character === undefined
      ? byteText(byte)
      : marks > MAX_MARKS
      ? codePointEscape(character)
      : character;
    at += character === undefined ? 1 : length;
  }
  return text;
}

/** Length of the UTF-8 sequence that begins with `byte`; 1 if no sequence does. */
function sequenceLength(byte: number): number {
  if (byte >= 0xf0) return 4;
  if (byte >= 0xe0) return 3;
  return byte >= 0xc2 ? 2 : 1;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    const text = STRICT.decode(bytes);
    // Invisible characters and those that change the writing direction are escaped.
    return /\p{C}|\p{Z}/u.test(text) ? codePointEscape(text) : text;
  } catch {
    return undefined;
  }
}

function codePointEscape(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

function byteText(byte: number): string {
  const named = NAMED.get(byte);
  if (named !== undefined) return named;
  if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}

/** Text without the escape sequences that move cursors and change colours. */
export function withoutEscapes(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g, "");
}
