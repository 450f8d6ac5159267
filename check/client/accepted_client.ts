// The server's end of a connection from a client under check: buffers what comes, waits for more
// with a deadline, sends in pieces.

import { writeAll } from "../../shared/write_all.ts";
import type { Clock } from "../../shared/clock.ts";
import type { Recorder } from "./step_outcome.ts";
import { within } from "../timing.ts";

/** The part of `Deno.Conn` that is used. */
export interface ClientConn {
  read(buffer: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  closeWrite(): Promise<void>;
  close(): void;
}

/** Most unread bytes, after which reading stops: a client in an endless loop sends without end. */
const MAX_UNREAD_BYTES = 1024 * 1024;
const READ_BYTES = 64 * 1024;

/** One accepted connection. */
export class AcceptedClient {
  readonly #conn: ClientConn;
  readonly #record: Recorder;
  readonly #clock: Clock;
  readonly #pump: Promise<void>;
  #unread = new Uint8Array(0);
  #reads: number[] = [];
  #end: "open" | "fin" | "reset" | "flood" = "open";
  #changed = Promise.withResolvers<void>();
  #closed = false;

  constructor(conn: ClientConn, record: Recorder, clock: Clock) {
    this.#conn = conn;
    this.#record = record;
    this.#clock = clock;
    this.#pump = this.#run();
  }

  /** Bytes that came and were not taken yet. */
  get unread(): Uint8Array {
    return this.#unread;
  }

  /** The sizes of the reads since the last {@linkcode take}, oldest first. */
  get reads(): readonly number[] {
    return this.#reads;
  }

  /** How the client has ended its side, "open" if it has not; "flood" if it sent without end. */
  get end(): "open" | "fin" | "reset" | "flood" {
    return this.#end;
  }

  /** Calls `judge` after each read until it returns a value, at most for `ms`. */
  async until<Answer>(judge: () => Answer | undefined, ms: number): Promise<Answer | undefined> {
    const deadline = this.#clock.monotonic() + ms;
    for (;;) {
      const answer = judge();
      const left = deadline - this.#clock.monotonic();
      if (answer !== undefined || left <= 0) return answer;
      await within(this.#clock, this.#changed.promise, left);
    }
  }

  /** Waits until no byte has come for `ms`, or the stream has ended. */
  async quiet(ms: number): Promise<void> {
    for (let count = -1; count !== this.#unread.length && this.#end === "open";) {
      count = this.#unread.length;
      await this.until(() => this.#unread.length !== count || undefined, ms);
    }
  }

  /** Takes the first `count` bytes (default all). */
  take(count = this.#unread.length): Uint8Array {
    const taken = this.#unread.slice(0, count);
    this.#unread = this.#unread.slice(count);
    this.#reads = [];
    return taken;
  }

  /** Sends all of `bytes` in one write; a broken connection is no error here. */
  async send(bytes: Uint8Array): Promise<void> {
    if (this.#closed || bytes.length === 0) return;
    this.#record({ by: "us", on: "socket", bytes });
    try {
      await writeAll(this.#conn, bytes);
    } catch {
      // EPIPE or a reset: `end` has it from the reading side.
    }
  }

  /** Half-closes: sends FIN and continues to read. */
  async finish(): Promise<void> {
    await this.#conn.closeWrite().catch(() => {}); // the client has closed first
  }

  /** Closes the connection and waits for the end of reading. */
  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#conn.close();
    }
    await this.#pump;
  }

  async #run(): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    try {
      for (let count; (count = await this.#conn.read(buffer)) !== null;) {
        this.#add(buffer.slice(0, count));
        if (this.#unread.length > MAX_UNREAD_BYTES) return this.#ended("flood");
      }
      this.#ended("fin");
    } catch {
      this.#ended("reset");
    }
  }

  #add(bytes: Uint8Array): void {
    this.#record({ by: "them", on: "socket", bytes });
    const all = new Uint8Array(this.#unread.length + bytes.length);
    all.set(this.#unread);
    all.set(bytes, this.#unread.length);
    this.#unread = all;
    this.#reads.push(bytes.length);
    this.#change();
  }

  #ended(end: "fin" | "reset" | "flood"): void {
    this.#end = end;
    this.#change();
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}
