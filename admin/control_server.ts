// The server's side of one control connection: reads requests, runs the commands, writes the
// answers, and drops a client that does not read them.

import type { ServerControl } from "../server/control.ts";
import { writeAll } from "../shared/write_all.ts";
import type { Texts } from "../texts/texts.ts";
import type { Prepared } from "./command_row.ts";
import { prepare, SHELL_PREFIX } from "./command_table.ts";
import {
  type ControlAnswer,
  type ControlRequest,
  encodeControlLine,
  requestDecoder,
} from "./control_protocol.ts";
import * as reports from "./tables.ts";

/** The part of an accepted connection that a session uses. */
export type ControlConn = Pick<Deno.Conn, "read" | "write" | "close">;

/** A client with more queued bytes than this is dropped. */
export const MAX_QUEUED_BYTES = 1024 * 1024;

/** How long a client that does not read may delay the end of the server, in milliseconds. */
const FLUSH_TIMEOUT_MS = 1000;

/** The first and the last answer of a stream. */
const STREAM_ANSWER: ControlAnswer = Object.freeze({ ok: true, text: "", data: null });

const READ_BYTES = 16 * 1024;
const ENCODER = new TextEncoder();

/** An open connection. */
export interface ControlSession {
  /** Resolves when the connection is closed, for any reason; never rejects. */
  readonly done: Promise<void>;
  /** Accepts no more commands; closes once the queue is written, within a second. */
  end(): void;
  /** Closes immediately; the queue is discarded. */
  abort(): void;
}

/** What control connections serve. */
export interface ServeControlOptions {
  readonly control: ServerControl;
  readonly texts: Texts;
  /** Called with an exception that is a bug, not the client's fault. */
  readonly onFault: (error: unknown) => void;
}

/** Serves the control protocol on `conn` until it ends; an error ends this connection only. */
export function serveControl(conn: ControlConn, options: ServeControlOptions): ControlSession {
  const session = new Session(conn, options);
  const done = session.run(options.onFault);
  return { done, end: () => session.end(), abort: () => session.abort() };
}

class Session {
  readonly #conn: ControlConn;
  readonly #control: ServerControl;
  readonly #texts: Texts;
  #queue: Uint8Array[] = [];
  /** Bytes in the queue and in the write in progress. */
  #queuedBytes = 0;
  #writing: Promise<void> | undefined;
  #stopStream: (() => void) | undefined;
  #ending = false;
  #flushTimeout: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(conn: ControlConn, { control, texts }: ServeControlOptions) {
    this.#conn = conn;
    this.#control = control;
    this.#texts = texts;
  }

  async run(onFault: (error: unknown) => void): Promise<void> {
    try {
      await this.#readCommands();
      // A client that has half-closed still waits for its answer.
      if (this.#stopStream === undefined) await this.#writing;
    } catch (error) {
      onFault(error);
    }
    this.abort();
    await this.#writing;
  }

  end(): void {
    // The second answer of a stream distinguishes its end from a lost connection.
    if (this.#stopStream !== undefined) this.#push(STREAM_ANSWER);
    this.#ending = true;
    if (this.#writing === undefined) return this.abort();
    this.#flushTimeout ??= setTimeout(() => this.abort(), FLUSH_TIMEOUT_MS);
  }

  abort(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#flushTimeout);
    this.#stopStream?.();
    this.#queue = [];
    this.#conn.close();
  }

  async #readCommands(): Promise<void> {
    const decoder = requestDecoder(this.#texts.operator);
    const buffer = new Uint8Array(READ_BYTES);
    while (!this.#closed) {
      const size = await this.#conn.read(buffer).catch(() => null);
      if (size === null) return;
      decoder.feed(buffer.subarray(0, size), (item) => {
        if (this.#closed || this.#ending) return;
        if (!("bad" in item)) return this.#runCommand(item);
        this.#push({ ok: false, error: item.bad(this.#texts.refusals), usage: false });
        if (item.fatal) this.end();
      });
    }
  }

  #runCommand({ command, args }: ControlRequest): void {
    const prepared = prepare(command, args, this.#texts.operator);
    switch (prepared.kind) {
      case "order":
        return this.#push(
          prepared.run(this.#control, { reports, texts: this.#texts.operatorReplies }),
        );
      case "local":
        return this.#push(prepared.run(SHELL_PREFIX));
      case "refused":
        return this.#push(prepared.reply);
      case "stream":
        return this.#stream(prepared);
    }
  }

  #stream(prepared: Extract<Prepared, { kind: "stream" }>): void {
    if (this.#stopStream !== undefined) {
      const error = this.#texts.operator.alreadyStreaming;
      return this.#push({ ok: false, error, usage: false });
    }
    this.#push(STREAM_ANSWER);
    this.#stopStream = prepared.run(this.#control, (event) => {
      this.#push({ event, text: reports.watchedLine(event, this.#texts.events) });
    });
  }

  /** Never waits: the server calls it while it delivers an event. */
  #push(answer: ControlAnswer): void {
    if (this.#closed || this.#ending) return;
    if (this.#queuedBytes > MAX_QUEUED_BYTES) return this.abort();
    const line = ENCODER.encode(encodeControlLine(answer));
    this.#queue.push(line);
    this.#queuedBytes += line.length;
    this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        const batch = joined(this.#queue);
        this.#queue = [];
        await writeAll(this.#conn, batch);
        this.#queuedBytes -= batch.length;
      }
    } catch {
      this.abort(); // the client has closed
    }
    this.#writing = undefined;
    if (this.#ending) this.abort();
  }
}

function joined(lines: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(lines.reduce((sum, line) => sum + line.length, 0));
  let at = 0;
  for (const line of lines) {
    all.set(line, at);
    at += line.length;
  }
  return all;
}
