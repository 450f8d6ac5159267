// One connection to a server, in any dialect: requests out through one writer, events in through one
// reader. It knows neither terminals nor what events mean; how to open a socket is in dial.ts.

import { BlockWriter, type Slice } from "../protocol/block.ts";
import type { Codec, Dialect, Encoder } from "../protocol/dialect.ts";
import type { ServerEvent } from "../protocol/events.ts";
import { MAX_MESSAGE_BYTES, MAX_NATIVE_LINE_BYTES } from "../protocol/limits.ts";
import type { Request } from "../protocol/requests.ts";
import { errorText } from "../shared/errors.ts";
import { sanitizeEvent } from "./sanitize_event.ts";

/** What a link needs of a socket; `Deno.Conn` has it. */
export interface Wire {
  read(buffer: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  closeWrite(): Promise<void>;
  close(): void;
}

/** The server's last word. */
export type ClosedEvent = ServerEvent & { readonly type: "closed" };

/** Why a link ended. */
export type ConnectionEnd =
  /** The server said goodbye. */
  | { readonly kind: "closed"; readonly event: ClosedEvent }
  /** The server ended the stream without a word. */
  | { readonly kind: "eof" }
  /** The connection broke; `detail` is the system's reason. */
  | { readonly kind: "lost"; readonly detail: string }
  /** {@linkcode ClientConnection.close} was called. */
  | { readonly kind: "here" };

/** What became of a request: queued for sending, or why not. */
export type SendResult = "sent" | "unsupported" | "too_long";

const READ_BYTES = 64 * 1024;
const WRITE_BYTES = 64 * 1024;
const MEASURE = new TextEncoder();

/** A connection to one server. */
export class ClientConnection {
  readonly #wire: Wire;
  readonly #codec: Codec<ServerEvent, Request>;
  readonly #out = new BlockWriter();
  #queue: Slice[] = [];
  #queuedBytes = 0;
  #writing: Promise<void> | undefined;
  #broken: string | undefined;
  #abandoned: string | undefined;
  #closed = false;
  #goodbye: ClosedEvent | undefined;

  /** Takes over `wire`, an open connection to a server that speaks `dialect`. */
  constructor(wire: Wire, dialect: Pick<Dialect, "client">) {
    this.#wire = wire;
    this.#codec = dialect.client();
  }

  /** Bytes accepted by {@linkcode send} and not yet by the system. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /**
   * Queues `request`; "unsupported" when the dialect has no words for it, "too_long" when the server
   * would refuse it or close for it (D18).
   */
  send(request: Request): SendResult {
    if ("text" in request && byteLength(request.text) > MAX_MESSAGE_BYTES) return "too_long";
    this.#out.begin();
    this.#codec.encoder.encode(request, this.#out);
    const slice = this.#out.end();
    if (slice === undefined) return "unsupported";
    const bytes = slice.end - slice.start;
    if (bytes > MAX_NATIVE_LINE_BYTES) return "too_long"; // no dialect's own cap is higher
    if (this.#broken === undefined && !this.#closed) {
      this.#queue.push(slice);
      this.#queuedBytes += bytes;
      this.#writing ??= this.#drain();
    }
    return "sent";
  }

  /** Resolves when everything sent so far was handed to the system, or can no longer be. */
  async drained(): Promise<void> {
    await this.#writing;
  }

  /**
   * Reads until the connection ends, handing over each event in order; awaits slow listeners.
   * `onRead` is told whenever bytes came, before the events in them.
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
    for (;;) {
      const read = await this.#read(buffer);
      if (typeof read === "string") return this.#ended({ kind: "lost", detail: read });
      onRead();
      if (read === null) decoder.end(emit);
      else decoder.feed(buffer.subarray(0, read), emit);
      for (const event of events) {
        if (event.type === "closed") this.#goodbye = event;
        const slow = onEvent(event);
        if (slow !== undefined) await slow;
      }
      events = [];
      // After a goodbye nothing follows: a server that leaves the closing to us is not waited for.
      if (read === null || this.#goodbye !== undefined) return this.#ended({ kind: "eof" });
    }
  }

  /** Sends what is queued, then tells the server that nothing more will come. */
  async closeWrite(): Promise<void> {
    await this.#writing;
    if (this.#broken !== undefined || this.#closed) return;
    try {
      await this.#wire.closeWrite();
    } catch {
      // The server was faster and is gone already: run() tells.
    }
  }

  /** Ends the connection now; {@linkcode run} then answers "here" unless it ended before. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#wire.close();
  }

  /** Ends the connection now, which counts as lost because of `detail`. */
  abandon(detail: string): void {
    this.#abandoned = detail;
    this.close();
  }

  #ended(end: ConnectionEnd): ConnectionEnd {
    const here = this.#closed;
    this.close();
    if (this.#goodbye !== undefined) return { kind: "closed", event: this.#goodbye };
    if (this.#abandoned !== undefined) return { kind: "lost", detail: this.#abandoned };
    if (here) return { kind: "here" };
    return this.#broken === undefined ? end : { kind: "lost", detail: this.#broken };
  }

  /** Bytes read, `null` at the end of the stream, or what broke it. */
  async #read(buffer: Uint8Array): Promise<number | null | string> {
    if (this.#closed) return "closed";
    try {
      return await this.#wire.read(buffer);
    } catch (error) {
      return errorText(error);
    }
  }

  /** The one writer: takes its bytes as late as possible, so that a burst goes out in few writes. */
  async #drain(): Promise<void> {
    await Promise.resolve(); // let the current turn queue all it has
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

/** What would become of `request`, written by `encoder`, on a connection. */
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
  // UTF-8 takes at most 3 bytes a UTF-16 unit: most texts need no counting.
  return text.length * 3 <= MAX_MESSAGE_BYTES ? text.length : MEASURE.encode(text).length;
}
