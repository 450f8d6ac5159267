// The client of the control socket: sends one command and returns its reply, or reads a stream of
// events until it ends.

import { quotedPath } from "../protocol/sanitize.ts";
import { errorText } from "../shared/errors.ts";
import { writeAll } from "../shared/write_all.ts";
import type { OperatorTexts, RefusalTexts } from "../texts/texts.ts";
import type { Reply } from "./command_row.ts";
import {
  answerDecoder,
  type BadLine,
  type ControlAnswer,
  type ControlRequest,
  encodeControlLine,
  type StreamedEvent,
} from "./control_protocol.ts";
import { CONTROL_TIMEOUT_MS, dialControl, type StartTimer } from "./control_dial.ts";

const READ_BYTES = 64 * 1024;

/** A command to send, and who receives its events. */
export interface SendCommandOptions {
  /** The control socket. */
  readonly path: string;
  readonly request: ControlRequest;
  /** Called for each event of a streaming command; absent for other commands. */
  readonly onEvent?: (event: StreamedEvent) => void;
  /** Ends the conversation. */
  readonly signal: AbortSignal;
  /** Limits the wait for the connection and the first answer; later events have no limit. */
  readonly after: StartTimer;
  readonly texts: OperatorTexts;
  /** Called for the text of a malformed answer: loading it takes time that other commands save. */
  readonly loadRefusals: () => Promise<RefusalTexts>;
}

/** How the command ended. */
export type CommandResult =
  | { readonly kind: "reply"; readonly reply: Reply }
  /** A stream that the server ended. */
  | { readonly kind: "ended" }
  | { readonly kind: "interrupted" }
  /** No server listens at the socket. */
  | { readonly kind: "absent" }
  | { readonly kind: "failed"; readonly error: string };

/** Connects, sends the command and waits for its answer, or for the end of its stream. */
export async function sendCommand(options: SendCommandOptions): Promise<CommandResult> {
  const { path, signal, after, texts } = options;
  const dialed = await dialControl(path, after);
  if (dialed.kind === "silent") return silent(path, texts);
  if (dialed.kind === "failed") return unreachable(path, dialed.error, texts);
  if (dialed.kind === "absent") return dialed;
  const { conn } = dialed;
  const late = new AbortController();
  const over = AbortSignal.any([signal, late.signal]);
  // Closing wakes a pending read; it must happen once.
  const close = () => conn.close();
  over.addEventListener("abort", close, { once: true });
  const answered = after(CONTROL_TIMEOUT_MS, () => late.abort());
  try {
    if (signal.aborted) return { kind: "interrupted" };
    await send(conn, options.request);
    const result = await readAnswers(conn, options, answered);
    return late.signal.aborted ? silent(path, texts) : result;
  } finally {
    answered();
    over.removeEventListener("abort", close);
    if (!over.aborted) close();
  }
}

async function send(conn: Deno.Conn, request: ControlRequest): Promise<void> {
  const line = new TextEncoder().encode(encodeControlLine(request));
  try {
    await writeAll(conn, line);
  } catch {
    // The server has closed: the next read returns what it still sent, then the end.
  }
}

/** Reads answers until the last one; calls `answered` at each. */
async function readAnswers(
  conn: Deno.Conn,
  { onEvent, signal, texts, loadRefusals }: SendCommandOptions,
  answered: () => void,
): Promise<CommandResult> {
  const decoder = answerDecoder(texts);
  const { badAnswer, answerLost, streamLost } = texts;
  const buffer = new Uint8Array(READ_BYTES);
  let streaming = false;
  let result: CommandResult | BadLine | undefined;
  const onItem = (item: ControlAnswer | BadLine) => {
    answered();
    if (result !== undefined) return;
    if ("bad" in item) result = item;
    else if ("event" in item) onEvent?.(item);
    else if (item.ok && streaming) result = { kind: "ended" };
    else if (item.ok && onEvent !== undefined) streaming = true;
    else result = { kind: "reply", reply: item };
  };
  while (result === undefined) {
    const size = await conn.read(buffer).catch(() => null);
    if (signal.aborted) return { kind: "interrupted" };
    if (size === null) return { kind: "failed", error: streaming ? streamLost : answerLost };
    decoder.feed(buffer.subarray(0, size), onItem);
  }
  if (!("bad" in result)) return result;
  return { kind: "failed", error: badAnswer(result.bad(await loadRefusals())) };
}

function silent(path: string, texts: OperatorTexts): CommandResult {
  return { kind: "failed", error: texts.silentServer(quotedPath(path)) };
}

function unreachable(path: string, error: unknown, texts: OperatorTexts): CommandResult {
  const why = error instanceof Deno.errors.PermissionDenied
    ? texts.otherUsersSocket
    : errorText(error);
  return { kind: "failed", error: texts.cannotConnect(quotedPath(path), why) };
}
