// One connection of the control socket: reads commands, carries them out, writes the answers, and
// drops whoever does not read them. Knows the table of commands, not who listens on which path.

import type { ServerControl } from "../server/control.ts";
import { writeAll } from "../shared/write_all.ts";
import type { Prepared } from "./command_row.ts";
import { prepare, SHELL_PREFIX } from "./command_table.ts";
import {
  type ControlAnswer,
  type ControlRequest,
  encodeControlLine,
  requestDecoder,
} from "./control_protocol.ts";
import * as reports from "./tables.ts";

/** What a session needs of an accepted connection. */
export type ControlConn = Pick<Deno.Conn, "read" | "write" | "close">;

/** Bytes waiting for a reader above which nothing more is queued: it is dropped. */
export const MAX_QUEUED_BYTES = 1024 * 1024;

/** How long a reader that does not read may hold up the end of the server, in milliseconds. */
const LAST_WORDS_MS = 1000;

/** Says that a stream has begun, and that it is over. */
const STREAM_ANSWER: ControlAnswer = Object.freeze({ ok: true, text: "", data: null });

const READ_BYTES = 16 * 1024;
const ENCODER = new TextEncoder();

/** A connection being served. */
export interface ControlSession {
  /** Fulfilled when the connection is closed, whatever ended it; never rejected. */
  readonly done: Promise<void>;
  /** No more commands: closes once what is queued is written, within a second. */
  end(): void;
  /** Closes now. */
  abort(): void;
}

/**
 * Speaks the control protocol on `conn` until it ends. Whatever goes wrong ends this connection
 * only; `onFault` hears of what is not the peer's doing but a bug.
 */
export function serveControl(
  conn: ControlConn,
  control: ServerControl,
  onFault: (error: unknown) => void,
): ControlSession {
  const session = new Session(conn, control);
  const done = session.run(onFault);
  return { done, end: () => session.end(), abort: () => session.abort() };
}

class Session {
  readonly #conn: ControlConn;
  readonly #control: ServerControl;
  #queue: Uint8Array[] = [];
  /** Of the queue and of the write under way. */
  #queuedBytes = 0;
  #writing: Promise<void> | undefined;
  #stopStream: (() => void) | undefined;
  #ending = false;
  #lastWords: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(conn: ControlConn, control: ServerControl) {
    this.#conn = conn;
    this.#control = control;
  }

  async run(onFault: (error: unknown) => void): Promise<void> {
    try {
      await this.#readCommands();
      // A client that has sent its EOF still wants its answer.
      if (this.#stopStream === undefined) await this.#writing;
    } catch (error) {
      onFault(error);
    }
    this.abort();
    await this.#writing;
  }

  end(): void {
    // A stream is answered twice, so that its end can be told from a lost connection.
    if (this.#stopStream !== undefined) this.#push(STREAM_ANSWER);
    this.#ending = true;
    if (this.#writing === undefined) return this.abort();
    this.#lastWords ??= setTimeout(() => this.abort(), LAST_WORDS_MS);
  }

  abort(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#lastWords);
    this.#stopStream?.();
    this.#queue = [];
    this.#conn.close();
  }

  async #readCommands(): Promise<void> {
    const decoder = requestDecoder();
    const buffer = new Uint8Array(READ_BYTES);
    while (!this.#closed) {
      const size = await this.#conn.read(buffer).catch(() => null);
      if (size === null) return;
      decoder.feed(buffer.subarray(0, size), (item) => {
        if (this.#closed || this.#ending) return;
        if (!("bad" in item)) return this.#carryOut(item);
        this.#push({ ok: false, error: item.bad, usage: false });
        if (item.fatal) this.end();
      });
    }
  }

  #carryOut({ command, args }: ControlRequest): void {
    const prepared = prepare(command, args);
    switch (prepared.kind) {
      case "order":
        return this.#push(prepared.run(this.#control, reports));
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
      const error = "Already streaming: open another connection";
      return this.#push({ ok: false, error, usage: false });
    }
    this.#push(STREAM_ANSWER);
    this.#stopStream = prepared.run(this.#control, (event) => {
      this.#push({ event, text: reports.watchedLine(event) });
    });
  }

  /** Never waits: it is called from the middle of the server's delivery of an event. */
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
      this.abort(); // the reader has gone
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
