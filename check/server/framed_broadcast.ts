// How a server of sheet 000 may broadcast a message: the name, then the text, in one frame, two or
// none, with any separator (D4, D27). Pure.

import type { Layout } from "../../protocol/frame_layouts.ts";
import { frame, type Nature } from "../../protocol/frames.ts";
import { latin1, literalPattern, utf8Bytes } from "../bytes.ts";

/** Most bytes between a name and its text, or around a name: `: `, a time, an array of 64 chars. */
const MAX_GAP_BYTES = 64;
/** An array of C with a name in it is padded with NULs. */
const PADDING = "\\0{0,1024}";
const NATURES: readonly Nature[] = [0, 1];

/**
 * A pattern, for strings of one character a byte, for `text` from `sender` (from any if absent). The
 * sender's own header must be gone: a server that leaves it there passes bytes on unread.
 */
export function broadcastOf(layout: Layout, text: string, sender?: string): RegExp {
  const body = `(?<!${headerPattern(layout, 1, byteLength(text))})${literalPattern(text)}`;
  if (sender === undefined) return new RegExp(body);
  const name = nameOf(sender);
  // Without the name, so that a match begins at the last one before the text.
  const onLine = `${PADDING}(?:(?!${name})[^\\n]){0,${MAX_GAP_BYTES}}?`;
  // The lines after the name have no words before the text: those are another message.
  const noWords = `[^\\w]{0,${MAX_GAP_BYTES}}?`;
  const decoratedFrame = oneOf(
    NATURES.flatMap((nature) =>
      bytesMore(1).map((more) => headerPattern(layout, nature, byteLength(text) + more))
    ),
  );
  const inOne = `${name}${onLine}(?:\\n${noWords})?(?:${decoratedFrame}${noWords})?${body}`;
  return new RegExp(oneOf([inOne, inTwoFrames(layout, text, sender)]));
}

/** The same in frames alone: the name before the text in one, or a frame for each. */
export function framedBroadcast(layout: Layout, text: string, sender: string): RegExp {
  const [name, body] = [nameOf(sender), literalPattern(text)];
  const shortest = byteLength(sender + text);
  const inOne = bytesMore(0).map((more) =>
    `${headerPattern(layout, 1, shortest + more)}(?=[^]{0,${more}}${name}[^]{0,${more}}${body})`
  );
  return new RegExp(oneOf([...inOne, inTwoFrames(layout, text, sender)]));
}

/** A frame of which the name is a part, then one of the text. */
function inTwoFrames(layout: Layout, text: string, sender: string): string {
  const name = nameOf(sender);
  const nameFrames = NATURES.flatMap((nature) =>
    bytesMore(0).map((more) => {
      const bytes = byteLength(sender) + more;
      return `${headerPattern(layout, nature, bytes)}(?=[^]{0,${more}}${name})[^]{${bytes}}`;
    })
  );
  // What follows the header of exactly this text is the text.
  const textFrames = NATURES.map((nature) => bytesPattern(frame(layout, nature, text)));
  return `${oneOf(nameFrames)}${oneOf(textFrames)}`;
}

/** A name that is not the beginning of a longer one. */
function nameOf(sender: string): string {
  return `${literalPattern(sender)}(?![\\w-])`;
}

function headerPattern(layout: Layout, nature: Nature, length: number): string {
  return bytesPattern(frame(layout, nature, "x".repeat(length)).subarray(0, layout.headerBytes));
}

/** Each number of bytes from `from` to {@linkcode MAX_GAP_BYTES}. */
function bytesMore(from: number): readonly number[] {
  return Array.from({ length: MAX_GAP_BYTES + 1 - from }, (_, at) => from + at);
}

function byteLength(text: string): number {
  return utf8Bytes(text).length;
}

/** A pattern for exactly these bytes. */
function bytesPattern(bytes: Uint8Array): string {
  return RegExp.escape(latin1(bytes));
}

function oneOf(patterns: readonly string[]): string {
  return `(?:${patterns.join("|")})`;
}
