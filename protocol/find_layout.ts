// Finds the layout of a connection's frames from its first bytes, among sheet 000's and those of no
// sheet: only where the lengths fit what has arrived, and the payload is text.

import {
  asUsedBy,
  decimalLayouts,
  type FrameLayout,
  headerOf,
  RECOGNISED_BINARY,
} from "./frame_layouts.ts";
import { guessLayout, isWholeFrame, settleLayout } from "./frames.ts";
import { MAX_NAME_CHARS } from "./limits.ts";

/**
 * The layout that a connection's first bytes show; "none" if no layout fits.
 *
 * A layout of no sheet is certain once its first frame is complete, its payload is text, and what
 * follows could be frames too. Where text could begin like that as well, the payload must be a
 * name. A length must not be 1: sheet 000's nature looks
 * the same, and so do requests of other protocols.
 */
export function findLayout(head: Uint8Array, maxBytes: number): FrameLayout | "more" | "none" {
  const sheets = settleLayout(head, maxBytes);
  if (typeof sheets !== "string" && isWholeFrame(sheets, head)) return sheets;
  const others = [...RECOGNISED_BINARY, ...decimalLayouts(head)]
    .map((layout) => ({ layout, fit: fitOf(layout, head, maxBytes) }));
  const whole = others.find(({ fit }) => fit === "whole");
  if (whole !== undefined) return asUsedBy(whole.layout, head);
  // More bytes decide between a layout of the sheet and another one.
  if (!isBinary(head) || others.every(({ fit }) => fit === "none")) return sheets;
  return "more";
}

/** The layout of a stream that ended before it was certain; undefined if none fits. */
export function lastLayout(head: Uint8Array, maxBytes: number): FrameLayout | undefined {
  const found = findLayout(head, maxBytes);
  return typeof found === "string" ? guessLayout(head, maxBytes) : found;
}

type Fit = "none" | "part" | "whole";

/** Whether `head` can be frames of that layout, and whether the first one is whole. */
function fitOf(layout: FrameLayout, head: Uint8Array, maxBytes: number): Fit {
  const { headerBytes, shape } = layout;
  // One byte is little evidence: no editing key, and every frame must be whole.
  const [first = 0] = head;
  if (headerBytes === 1 && (first >= SPACE || [0x09, 0x0a, 0x0d, 0x1b].includes(first))) {
    return "none";
  }
  let fit: Fit = "part";
  for (let at = 0; at < head.length;) {
    const rest = head.subarray(at);
    const isFirst = at === 0;
    if (rest.length < headerBytes && shape === "decimal") {
      return rest.every((byte) => byte === SPACE || isDigit(byte)) ? fit : "none";
    }
    const { length } = headerOf(layout, rest);
    if (!(length <= maxBytes)) return "none";
    if (rest.length < headerBytes) return fit;
    if (isFirst && length === 0) return "none";
    if (isFirst && length === 1 && shape === "length") return "none";
    const payload = rest.subarray(headerBytes, headerBytes + length);
    if (!isText(payload)) return "none";
    if (payload.length < length) return headerBytes === 1 ? "part" : fit;
    if (isFirst && !isPlausible(textOf(payload), head)) return "none";
    fit = "whole";
    at += headerBytes + length;
  }
  return fit;
}

const SPACE = 0x20;
const NUL = 0x00;

/** Whether no text begins so: with a control character that no keyboard sends, or NUL after it. */
function isBinary(head: Uint8Array): boolean {
  const [first = SPACE, second] = head;
  if (first >= SPACE) return false;
  // An empty line, and telnet's bare return, are text; with more NULs they are a length.
  if (first === 0x0a) return second === NUL;
  if (first === 0x0d) return second === NUL && head.length > 2;
  // CTRL-C, CTRL-D, tab and escape.
  return ![0x03, 0x04, 0x09, 0x1b].includes(first) || second === NUL;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Whether these may be the first bytes of a text, with the NULs of a C string or buffer after it. */
function isText(payload: Uint8Array): boolean {
  const end = payload.indexOf(NUL);
  if (end === -1) return payload.every(isTextByte);
  return end > 0 && payload.subarray(0, end).every(isTextByte) &&
    payload.subarray(end).every((byte) => byte === NUL);
}

function isTextByte(byte: number): boolean {
  return byte >= SPACE ? byte !== 0x7f : [0x09, 0x0a, 0x0d].includes(byte);
}

const STRICT = new TextDecoder("utf-8", { fatal: true });

function textOf(payload: Uint8Array): string {
  try {
    return STRICT.decode(payload).replace(/[\0\r\n]+$/, "").trim();
  } catch {
    return "";
  }
}

/** Whether a first text is one: where text could begin like `head`, only a name or JSON is. */
function isPlausible(text: string, head: Uint8Array): boolean {
  if (isBinary(head)) return text !== "";
  return looksLikeName(text) || /^\{.*\}$/s.test(text);
}

/** Whether a text is probably a name: one word with a letter; the server decides what it accepts. */
export function looksLikeName(text: string): boolean {
  return [...text].length <= MAX_NAME_CHARS && /\p{L}/u.test(text) &&
    /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.-]*$/u.test(text);
}
