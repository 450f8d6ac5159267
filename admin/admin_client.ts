// The other end of the control socket: sends one command and hands back what came of it. Knows
// neither which commands there are nor how an answer is shown.

import { errorText } from "../shared/errors.ts";
import { writeAll } from "../shared/write_all.ts";
import type { Reply } from "./command_row.ts";
import {
  answerDecoder,
  type BadLine,
  type ControlAnswer,
  type ControlRequest,
  encodeControlLine,
  type StreamedEvent,
} from "./control_protocol.ts";
import { dialControl } from "./control_dial.ts";
import { quotedPath } from "./control_path.ts";
import { CONTROL_TIMEOUT_MS, type StartTimer } from "./control_timeout.ts";

const ANSWER_LOST = "The server went away before it answered";
const STREAM_LOST = "Lost the server: it was killed, or it dropped this reader as too slow";

const READ_BYTES = 64 * 1024;

/** What to ask, and whom to tell of it. */
export interface SendCommandOptions {
  /** The control socket. */
  readonly path: string;
  readonly request: ControlRequest;
  /** Hears each event, when the command is a streaming one; absent when it is not. */
  readonly onEvent?: (event: StreamedEvent) => void;
  /** Ends the conversation. */
  readonly signal: AbortSignal;
  /** Measures how long the connection and the first answer may take; a stream then has no limit. */
  readonly after: StartTimer;
}

/** What came of it. */
export type CommandResult =
  | { readonly kind: "reply"; readonly reply: Reply }
  /** A stream that went on until the server said it was over. */
  | { readonly kind: "ended" }
  | { readonly kind: "interrupted" }
  /** No server answers there. */
  | { readonly kind: "absent" }
  | { readonly kind: "failed"; readonly error: string };

/** Connects, sends the command and waits for its answer, or for the end of its stream. */
export async function sendCommand(options: SendCommandOptions): Promise<CommandResult> {
  const { path, signal, after } = options;
  const dialed = await dialControl(path, after);
  if (dialed.kind === "silent") return silent(path);
  if (dialed.kind === "failed") return unreachable(path, dialed.error);
  if (dialed.kind === "absent") return dialed;
  const { conn } = dialed;
  const late = new AbortController();
  const over = AbortSignal.any([signal, late.signal]);
  // Closing is what wakes a pending read; it must happen once.
  const close = () => conn.close();
  over.addEventListener("abort", close, { once: true });
  const answered = after(CONTROL_TIMEOUT_MS, () => late.abort());
  try {
    if (signal.aborted) return { kind: "interrupted" };
    await send(conn, options.request);
    const asked = await listen(conn, options, answered);
    return late.signal.aborted ? silent(path) : asked;
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
    // The server has gone: the read that follows finds out, after what was still said.
  }
}

/** Calls `answered` at the first answer, and again at each that follows. */
async function listen(
  conn: Deno.Conn,
  { onEvent, signal }: SendCommandOptions,
  answered: () => void,
): Promise<CommandResult> {
  const decoder = answerDecoder();
  const buffer = new Uint8Array(READ_BYTES);
  let streaming = false;
  let result: CommandResult | undefined;
  const onItem = (item: ControlAnswer | BadLine) => {
    answered();
    if (result !== undefined) return;
    if ("bad" in item) result = { kind: "failed", error: `Bad answer: ${item.bad}` };
    else if ("event" in item) onEvent?.(item);
    else if (item.ok && streaming) result = { kind: "ended" };
    else if (item.ok && onEvent !== undefined) streaming = true;
    else result = { kind: "reply", reply: item };
  };
  while (result === undefined) {
    const size = await conn.read(buffer).catch(() => null);
    if (signal.aborted) return { kind: "interrupted" };
    if (size === null) return { kind: "failed", error: streaming ? STREAM_LOST : ANSWER_LOST };
    decoder.feed(buffer.subarray(0, size), onItem);
  }
  return result;
}

function silent(path: string): CommandResult {
  const server = `The server at ${quotedPath(path)}`;
  return { kind: "failed", error: `${server} does not answer: it may be stopped or overloaded` };
}

function unreachable(path: string, error: unknown): CommandResult {
  const why = error instanceof Deno.errors.PermissionDenied
    ? "no permission, it belongs to another user"
    : errorText(error);
  return {
    kind: "failed",
    error: `Cannot connect to the control socket ${quotedPath(path)}: ${why}`,
  };
}
