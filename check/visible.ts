// Bytes made visible for a person: text stays text, everything else is written out as in C. Pure.

import type { Layout } from "../protocol/frames.ts";

/** How bytes are shown in a report. */
export type Show = (bytes: Uint8Array) => string;

/** Most bytes shown of one piece; of a longer one its two ends are. */
const MAX_SHOWN_BYTES = 160;
const SHOWN_HEAD_BYTES = 96;
const SHOWN_TAIL_BYTES = 40;
/** Combining marks in a row that real scripts need; more of them would cover other lines. */
const MAX_MARKS = 6;
/** Most frames shown at each end of a long stream. */
const MAX_END_FRAMES = 2;
/** A length beyond this is one on purpose only when all its bits are set. */
const MAX_LIKELY_LENGTH = 2 ** 31;

const NAMED: ReadonlyMap<number, string> = new Map([
  [0x00, "\\0"],
  [0x09, "\\t"],
  [0x0a, "\\n"],
  [0x0d, "\\r"],
  [0x5c, "\\\\"],
]);

const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** `MSG ana h\xc3\n` for such bytes: printable UTF-8 as it is, the middle of a long piece left out. */
export function visibleBytes(bytes: Uint8Array): string {
  if (bytes.length <= MAX_SHOWN_BYTES) return written(bytes);
  const left = bytes.length - SHOWN_HEAD_BYTES - SHOWN_TAIL_BYTES;
  return `${written(bytes.subarray(0, SHOWN_HEAD_BYTES))} ...${left} more bytes... ${
    written(bytes.subarray(-SHOWN_TAIL_BYTES))
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

/** The two ends of many frames. */
function shortened(parts: readonly string[]): readonly string[] {
  const left = parts.length - 2 * MAX_END_FRAMES;
  if (left <= 1) return parts;
  const [head, tail] = [parts.slice(0, MAX_END_FRAMES), parts.slice(-MAX_END_FRAMES)];
  return [...head, `...${left} more frames...`, ...tail];
}

/** The two numbers of a header. */
interface Header {
  readonly nature: number;
  readonly length: number;
}

function headerText({ nature, length }: Header): string {
  return `[nature ${nature}, length ${length}]`;
}

/** A header that can be one; text never begins with a byte 0 or 1. */
function headerAt(layout: Layout, bytes: Uint8Array, at: number): Header | undefined {
  const { headerBytes, littleEndian } = layout;
  if (bytes.length - at < headerBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, headerBytes);
  const nature = view.getUint32(0, littleEndian);
  if (nature > 1) return undefined;
  const length = headerBytes === 8
    ? view.getUint32(4, littleEndian)
    : Number(view.getBigUint64(headerBytes - 8, littleEndian));
  const isLie = bytes.subarray(at + headerBytes - 4, at + headerBytes).every((byte) =>
    byte === 0xff
  );
  // The rest of a header that was cut is none.
  return length < MAX_LIKELY_LENGTH || isLie ? { nature, length } : undefined;
}

function nextHeader(layout: Layout, bytes: Uint8Array, from: number): number {
  for (let at = from + 1; at < bytes.length; at++) {
    const isStart = (bytes[at] ?? 2) <= 1 && (bytes[at - 1] ?? 0) > 1;
    if (isStart && headerAt(layout, bytes, at) !== undefined) return at;
  }
  return bytes.length;
}

function written(bytes: Uint8Array): string {
  let text = "";
  let marks = 0;
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    const length = sequenceLength(byte);
    const character = length === 1 ? undefined : decoded(bytes.subarray(at, at + length));
    marks = character !== undefined && /^\p{M}/u.test(character) ? marks + 1 : 0;
    text += character === undefined
      ? oneByte(byte)
      : marks > MAX_MARKS
      ? writtenOut(character)
      : character;
    at += character === undefined ? 1 : length;
  }
  return text;
}

/** How many bytes a UTF-8 sequence has that begins with `byte`; 1 when none does. */
function sequenceLength(byte: number): number {
  if (byte >= 0xf0) return 4;
  if (byte >= 0xe0) return 3;
  return byte >= 0xc2 ? 2 : 1;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    const text = STRICT.decode(bytes);
    // Invisible characters and those that turn the direction are written out.
    return /\p{C}|\p{Z}/u.test(text) ? writtenOut(text) : text;
  } catch {
    return undefined;
  }
}

function writtenOut(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

function oneByte(byte: number): string {
  const named = NAMED.get(byte);
  if (named !== undefined) return named;
  if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}
