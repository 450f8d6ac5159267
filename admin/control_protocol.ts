// The control socket's protocol, both sides: JSON Lines, a request in, its answer out, one line per
// streamed event. Pure. Checked by hand: loading a schema library takes longer than a command.

import { quoted } from "../protocol/failures.ts";
import { decodeLine } from "../protocol/framing.ts";
import { LineDecoder } from "../protocol/line_decoder.ts";
import type { WatchedEvent } from "../server/control.ts";
import type { OperatorTexts, RefusalTexts, Texts } from "../texts/texts.ts";
import type { Reply } from "./command_row.ts";

/** The texts of a server's end. */
export type ControlTexts = Pick<Texts, "operator" | "refusals">;

/** Longest request, in bytes: enough for the longest message with every byte escaped in JSON. */
export const MAX_REQUEST_LINE_BYTES = 64 * 1024;

/** Longest answer, in bytes: all members of a full server, each in many groups, are one line. */
const MAX_ANSWER_LINE_BYTES = 64 * 1024 * 1024;

/** A command with its arguments, which are never split, whatever they contain (F67). */
export interface ControlRequest {
  readonly command: string;
  readonly args: readonly string[];
}

/** An event of a streaming command; `text` is the line for a person. */
export interface StreamedEvent {
  readonly event: WatchedEvent;
  readonly text: string;
}

/** A line from the server: an answer (a stream has one before and one after it), or an event. */
export type ControlAnswer = Reply | StreamedEvent;

/** A malformed line and its error message; `fatal` if the bytes after it cannot be parsed either. */
export interface BadLine {
  readonly bad: (texts: RefusalTexts) => string;
  readonly fatal: boolean;
}

/** Parsed JSON whose fields are not checked yet. */
type Fields = Readonly<Record<string, unknown>>;

function isObject(json: unknown): json is Fields {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function isRequest(json: unknown): json is ControlRequest {
  return isObject(json) && typeof json.command === "string" && Array.isArray(json.args) &&
    json.args.every((arg) => typeof arg === "string");
}

function isAnswer(json: unknown): json is ControlAnswer {
  if (!isObject(json)) return false;
  if (json.ok === false) return typeof json.error === "string" && typeof json.usage === "boolean";
  if (typeof json.text !== "string") return false;
  return json.ok === true || isWatched(json.event);
}

function isWatched(json: unknown): boolean {
  return isObject(json) && typeof json.at === "string" && isObject(json.event) &&
    typeof json.event.type === "string";
}

/** Encodes one request or answer as a line with its newline. */
export function encodeControlLine(item: ControlRequest | ControlAnswer): string {
  return JSON.stringify(item) + "\n";
}

/** The server's side: bytes to requests. */
export function requestDecoder(texts: OperatorTexts): LineDecoder<ControlRequest | BadLine> {
  return decoder(MAX_REQUEST_LINE_BYTES, (json) => isRequest(json) ? json : undefined, texts);
}

/** The client's side: bytes to answers and events. */
export function answerDecoder(texts: OperatorTexts): LineDecoder<ControlAnswer | BadLine> {
  return decoder(MAX_ANSWER_LINE_BYTES, (json) => isAnswer(json) ? json : undefined, texts);
}

function decoder<Item>(
  maxBytes: number,
  check: (json: unknown) => Item | undefined,
  texts: OperatorTexts,
): LineDecoder<Item | BadLine> {
  return new LineDecoder<Item | BadLine>(
    maxBytes,
    (line) => parseLine(line, check, texts),
    (failure) => ({ bad: failure.text, fatal: true }),
  );
}

function parseLine<Item>(
  line: Uint8Array,
  check: (json: unknown) => Item | undefined,
  texts: OperatorTexts,
): Item | BadLine | undefined {
  if (line.length === 0) return undefined;
  const text = decodeLine(line, "strict");
  if (typeof text !== "string") return { bad: text.text, fatal: true };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { bad: () => texts.notJson(quoted(text)), fatal: false };
  }
  return check(json) ?? { bad: () => texts.notControl(quoted(text)), fatal: false };
}
