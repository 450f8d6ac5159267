// What goes over the control socket: JSON Lines, a command in, its answer out, and for a streaming
// command one line an event. Both halves. Pure; knows neither sockets nor what commands mean. Lines are
// checked by hand: the library that does so for clients takes longer to load than a command to run.

import { refusals } from "../texts/en/refusals.ts";
import { quoted } from "../protocol/failures.ts";
import { decodeLine } from "../protocol/framing.ts";
import { LineDecoder } from "../protocol/line_decoder.ts";
import type { WatchedEvent } from "../server/control.ts";
import type { Reply } from "./command_row.ts";

/** Longest command, in bytes: a message of the longest kind, every byte of it escaped in JSON. */
export const MAX_REQUEST_LINE_BYTES = 64 * 1024;

/** Longest answer, in bytes: everybody on a full server, each in many groups, is one line. */
export const MAX_ANSWER_LINE_BYTES = 64 * 1024 * 1024;

/** A command with its arguments, each of them one word whatever it holds (F67). */
export interface ControlRequest {
  readonly command: string;
  readonly args: readonly string[];
}

/** One thing that happened, as a streaming command sends it; `text` is the line for a person. */
export interface StreamedEvent {
  readonly event: WatchedEvent;
  readonly text: string;
}

/** A line of the server: a command's answer (a stream's comes first and last), or an event. */
export type ControlAnswer = Reply | StreamedEvent;

/** A line that is none; `fatal` when the bytes behind it cannot be trusted either. */
export interface BadLine {
  readonly bad: string;
  readonly fatal: boolean;
}

/** What came as JSON, before anything of it is relied on. */
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

/** One request or answer as a line with its newline. */
export function encodeControlLine(item: ControlRequest | ControlAnswer): string {
  return JSON.stringify(item) + "\n";
}

/** The server's half: bytes to requests. */
export function requestDecoder(): LineDecoder<ControlRequest | BadLine> {
  return decoder(MAX_REQUEST_LINE_BYTES, (json) => isRequest(json) ? json : undefined);
}

/** The client's half: bytes to answers and events. */
export function answerDecoder(): LineDecoder<ControlAnswer | BadLine> {
  return decoder(MAX_ANSWER_LINE_BYTES, (json) => isAnswer(json) ? json : undefined);
}

function decoder<Item>(
  maxBytes: number,
  check: (json: unknown) => Item | undefined,
): LineDecoder<Item | BadLine> {
  return new LineDecoder<Item | BadLine>(
    maxBytes,
    (line) => parseLine(line, check),
    (failure) => ({ bad: failure.text(refusals), fatal: true }),
  );
}

function parseLine<Item>(
  line: Uint8Array,
  check: (json: unknown) => Item | undefined,
): Item | BadLine | undefined {
  if (line.length === 0) return undefined;
  const text = decodeLine(line, "strict");
  if (typeof text !== "string") return { bad: text.text(refusals), fatal: true };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { bad: `Not JSON: ${quoted(text)}`, fatal: false };
  }
  return check(json) ?? { bad: `Not of the control protocol: ${quoted(text)}`, fatal: false };
}
