// One connection to a server, in any dialect: writes requests through one queue and reads events
// through the dialect's codec.

import { BlockWriter, type Slice } from "../protocol/block.ts";
import type { Codec, Dialect, Encoder } from "../protocol/dialect.ts";
import type { ServerEvent } from "../protocol/events.ts";
import { MAX_MESSAGE_BYTES, MAX_NATIVE_LINE_BYTES } from "../protocol/limits.ts";
import type { Request } from "../protocol/requests.ts";
import { Alarm, type Clock, systemClock } from "../shared/clock.ts";
import { errorText } from "../shared/errors.ts";
import { sanitizeEvent } from "./sanitize_event.ts";

/** The part of a socket that a connection uses; `Deno.Conn` implements it. */
export interface Wire {
  read(buffer: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  closeWrite(): Promise<void>;
  close(): void;
}

/** The server's last event, with the reason why it closes. */
export type ClosedEvent = ServerEvent & { readonly type: "closed" };

/** Why a connection ended. */
export type ConnectionEnd =
  /** The server sent a goodbye. */
  | { readonly kind: "closed"; readonly event: ClosedEvent }
  /** The server ended the stream without a goodbye. */
  | { readonly kind: "eof" }
  /** The connection broke; `detail` is the system's reason. */
  | { readonly kind: "lost"; readonly detail: string }
  /** {@linkcode ClientConnection.close} was called. */
  | { readonly kind: "here" };

/** The result of sending a request: queued, or why it was not. */
export type SendResult = "sent" | "unsupported" | "too_long";

/**
 * After how much silence text without a line end is shown, in milliseconds (D24); shorter where the
 * server ends no line, so that its next text is not taken for the rest of this one.
 */
const PAUSE_MS = 300;
const UNENDED_PAUSE_MS = 50;

const LF = 0x0a;

const READ_BYTES = 64 * 1024;
const WRITE_BYTES = 64 * 1024;
const MEASURE = new TextEncoder();

export class ClientConnection {
  readonly #wire: Wire;
  readonly #codec: Codec<ServerEvent, Request>;
  readonly #pauses: Alarm;
  /** Whether text ended in a pause, and no line end has come since. */
  #endsNoLines = false;
  /** Whether the last bytes received may be the start of a line. */
  #midLine = false;
  readonly #out = new BlockWriter();
  #queue: Slice[] = [];
  #queuedBytes = 0;
  #writing: Promise<void> | undefined;
  #broken: string | undefined;
  #abandoned: string | undefined;
  #closed = false;
  #goodbye: ClosedEvent | undefined;

  /** Uses and closes `wire`, an open connection to a server that speaks `dialect`. */
  constructor(wire: Wire, dialect: Pick<Dialect, "client">, clock: Clock = systemClock) {
    this.#wire = wire;
    this.#codec = dialect.client();
    this.#pauses = new Alarm(clock);
  }

  /** Bytes accepted by {@linkcode send} and not yet written to the socket. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /**
   * Queues `request`. Returns "unsupported" if the dialect has no message for it, "too_long" if the
   * server would refuse it or close the connection because of it (D18).
   */
  send(request: Request): SendResult {
    if ("text" in request && byteLength(request.text) > MAX_MESSAGE_BYTES) return "too_long";
    this.#out.begin();
    this.#codec.encoder.encode(request, this.#out);
    const slice = this.#out.end();
    if (slice === undefined) return "unsupported";
    const bytes = slice.end - slice.start;
    if (bytes > MAX_NATIVE_LINE_BYTES) return "too_long"; // no dialect has a higher limit
    if (this.#broken === undefined && !this.#closed) {
      this.#queue.push(slice);
      this.#queuedBytes += bytes;
      this.#writing ??= this.#drain();
    }
    return "sent";
  }

  /** Resolves when all queued bytes were written, or the connection has broken. */
  async drained(): Promise<void> {
    await this.#writing;
  }

  /**
   * Reads until the connection ends and calls `onEvent` for each event in order, awaiting its
   * promise. `onRead` is called after each read, before the events in it.
   */
  async run(
    onEvent: (event: ServerEvent) => void | Promise<void>,
    onRead: () => void = () => {},
  ): Promise<ConnectionEnd> {
    const { decoder } = this.#codec;
    const buffer = new Uint8Array(READ_BYTES);
    let events: ServerEvent[] = [];
    const emit = (event: ServerEvent): void => {
      events.push(sanitizeEvent(event));
    };
    const deliver = async (): Promise<void> => {
      for (const event of events) {
        if (event.type === "closed") this.#goodbye = event;
        const slow = onEvent(event);
        if (slow !== undefined) await slow;
      }
      events = [];
    };
    for (;;) {
      const reading = this.#read(buffer);
      if (await this.#pauseBefore(reading)) {
        decoder.pause?.(emit);
        if (events.length > 0) this.#endsNoLines = true;
        await deliver();
      }
      const read = await reading;
      if (typeof read === "string") return this.#ended({ kind: "lost", detail: read });
      onRead();
      if (read === null) decoder.end(emit);
      else {
        const chunk = buffer.subarray(0, read);
        decoder.feed(chunk, emit);
        this.#midLine = decoder.pause !== undefined && chunk[read - 1] !== LF;
        if (this.#endsNoLines && chunk.includes(LF)) this.#endsNoLines = false;
      }
      await deliver();
      // Nothing follows a goodbye. Some servers leave closing to the client, so it does not wait
      // for EOF.
      if (read === null || this.#goodbye !== undefined) return this.#ended({ kind: "eof" });
    }
  }

  /** Writes what is queued, then half-closes the connection. */
  async closeWrite(): Promise<void> {
    await this.#writing;
    if (this.#broken !== undefined || this.#closed) return;
    try {
      await this.#wire.closeWrite();
    } catch {
      // The server has closed the connection already: run() reports it.
    }
  }

  /** Closes the connection now; {@linkcode run} then returns "here" unless it ended before. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#wire.close();
  }

  /** Closes the connection now; {@linkcode run} then returns "lost" with `detail`. */
  abandon(detail: string): void {
    this.#abandoned = detail;
    this.close();
  }

  /** Whether text without a line end waited for the length of a pause before `reading` had a result. */
  async #pauseBefore(reading: Promise<unknown>): Promise<boolean> {
    if (!this.#midLine) return false;
    this.#midLine = false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#pauses.setForSilence(
      this.#endsNoLines ? UNENDED_PAUSE_MS : PAUSE_MS,
      () => resolve(true),
    );
    void reading.then(() => resolve(false));
    const paused = await promise;
    this.#pauses.cancel();
    return paused;
  }

  #ended(end: ConnectionEnd): ConnectionEnd {
    const here = this.#closed;
    this.close();
    if (this.#goodbye !== undefined) return { kind: "closed", event: this.#goodbye };
    if (this.#abandoned !== undefined) return { kind: "lost", detail: this.#abandoned };
    if (here) return { kind: "here" };
    return this.#broken === undefined ? end : { kind: "lost", detail: this.#broken };
  }

  /** Returns the bytes read, `null` at the end of the stream, or the system's error as text. */
  async #read(buffer: Uint8Array): Promise<number | null | string> {
    if (this.#closed) return "closed";
    try {
      return await this.#wire.read(buffer);
    } catch (error) {
      return errorText(error);
    }
  }

  /**
   * The only writer. It builds each batch as late as possible, so that a burst takes few writes.
   */
  async #drain(): Promise<void> {
    await Promise.resolve(); // let the current task queue everything first
    try {
      while (this.#queue.length > 0) {
        const batch = this.#takeBatch();
        for (let at = 0; at < batch.length;) {
          const written = await this.#wire.write(batch.subarray(at));
          at += written;
          this.#queuedBytes -= written;
        }
      }
    } catch (error) {
      this.#broken = errorText(error);
      this.#queue = [];
      this.#queuedBytes = 0;
    }
    this.#writing = undefined;
  }

  #takeBatch(): Uint8Array {
    let count = 0;
    let bytes = 0;
    for (const { start, end } of this.#queue) {
      if (count > 0 && bytes + end - start > WRITE_BYTES) break;
      bytes += end - start;
      count++;
    }
    const batch = new Uint8Array(bytes);
    let at = 0;
    for (const { block, start, end } of this.#queue.splice(0, count)) {
      batch.set(block.subarray(start, end), at);
      at += end - start;
    }
    return batch;
  }
}

/** The result that {@linkcode ClientConnection.send} would have, without a connection. */
export function sendable(encoder: Encoder<Request>, request: Request): SendResult {
  if ("text" in request && byteLength(request.text) > MAX_MESSAGE_BYTES) return "too_long";
  const out = new BlockWriter(1024);
  out.begin();
  encoder.encode(request, out);
  const slice = out.end();
  if (slice === undefined) return "unsupported";
  return slice.end - slice.start > MAX_NATIVE_LINE_BYTES ? "too_long" : "sent";
}

function byteLength(text: string): number {
  // UTF-8 takes at most 3 bytes per UTF-16 unit, so most texts need no counting.
  return text.length * 3 <= MAX_MESSAGE_BYTES ? text.length : MEASURE.encode(text).length;
}
