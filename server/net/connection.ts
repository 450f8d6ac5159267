// One socket: reads chunks for its session, writes what is queued, and ends in exactly one way. It
// knows neither dialects nor people; whatever the peer does, no exception leaves run().

import { setImmediate } from "node:timers";
import type { Slice } from "../../protocol/block.ts";
import type { CloseReason } from "../../protocol/failures.ts";
import type { Clock, Timer } from "../clock.ts";
import type { Limits } from "../limits.ts";
import type { Flusher } from "./flusher.ts";
import { SendQueue } from "./send_queue.ts";

/** The part of a socket that is used. */
export type Socket = Pick<Deno.Conn, "read" | "write" | "closeWrite" | "close">;

/** What a connection tells its session. */
export interface ConnectionHandler {
  /** Bytes came; the view is valid during the call only. */
  onChunk(chunk: Uint8Array): void;
  /** The peer will send no more, but may still read (R26). */
  onEnd(): void;
  /** Whether requests were put off: because the connection is congested, or for the others' sake. */
  readonly isBehind: boolean;
  /** Another turn, and not congested: time for what was put off. */
  resume(): void;
}

/** What a connection needs of the server. */
export interface ConnectionOptions {
  readonly limits: Limits;
  readonly clock: Clock;
  readonly flusher: Flusher;
  /** Told of exceptions in the handler: a bug, which costs this connection only. */
  readonly onFault: (fault: unknown) => void;
}

/** One accepted socket. */
export class Connection {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #queue: SendQueue;
  #state: "open" | "closing" | "closed" = "open";
  #reason: CloseReason = "eof";
  #writing = false;
  #progressAt: number;
  #closeTimer: Timer | undefined;
  #whenDrained: (() => void) | undefined;
  /** The peer has sent all it will: nothing of it can be lost by closing. */
  #peerEnded = false;
  /** The peer takes nothing any more; what it sent before it went is still to be read. */
  #deaf = false;
  readonly #closed = Promise.withResolvers<void>();

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#queue = new SendQueue(options.limits.hardQueueBytes);
    this.#progressAt = options.clock.monotonic();
  }

  /** Bytes queued and not yet taken by the system. */
  get queuedBytes(): number {
    return this.#queue.bytes;
  }

  /** Whether requests are still heard. */
  get isOpen(): boolean {
    return this.#state === "open";
  }

  /** Whether the peer has so much to read that its own requests must wait. */
  get isCongested(): boolean {
    return this.#queue.bytes > this.#options.limits.softQueueBytes;
  }

  /** Reads until the peer ends, waits until the socket is closed, and tells why it was. */
  async run(handler: ConnectionHandler): Promise<CloseReason> {
    try {
      await this.#readAll(handler);
    } catch (fault) {
      this.#options.onFault(fault);
      this.destroy("error");
    }
    await this.#closed.promise;
    return this.#reason;
  }

  /** Queues bytes; a peer whose queue is full is dropped as `slow`. Never blocks. */
  push(slice: Slice): void {
    if (this.#state !== "open" || this.#deaf) return;
    if (this.#queue.push(slice) === "overflow") return this.destroy("slow");
    if (!this.#writing) {
      // Bytes wait from now on, not from whenever the last ones left.
      if (this.#queue.bytes === slice.end - slice.start) {
        this.#progressAt = this.#options.clock.monotonic();
      }
      this.#options.flusher.schedule(this);
    }
  }

  /** Ends the connection once what is queued has been sent, within the time limit for that. */
  close(reason: CloseReason): void {
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.#reason = reason;
    this.#release();
    this.#closeTimer?.cancel();
    this.#closeTimer = this.#options.clock.after(
      this.#options.limits.flushMs,
      () => this.destroy(reason),
    );
    if (this.#queue.bytes === 0) this.#endWrites();
  }

  /** Ends the connection now, dropping what is queued. */
  destroy(reason: CloseReason): void {
    if (this.#state === "closed") return;
    if (this.#state === "open") this.#reason = reason;
    this.#state = "closed";
    this.#closeTimer?.cancel();
    this.#queue.clear();
    this.#release();
    try {
      this.#socket.close();
    } catch {
      // The runtime has closed it already, after an error of its own.
    }
    this.#closed.resolve();
  }

  /** Drops the peer when it has read nothing of what is queued for too long. */
  checkStalled(now: number): void {
    const stalled = this.#queue.bytes > 0 &&
      now - this.#progressAt > this.#options.limits.stalledMs;
    if (stalled && this.#state === "open") this.destroy("slow");
  }

  /** Begins one write; the flusher calls it. */
  flush(): void {
    if (this.#writing || this.#queue.bytes === 0 || this.#state === "closed") return;
    this.#writing = true;
    // Not awaited: the flusher goes on with the next connection.
    this.#writeOnce();
  }

  async #writeOnce(): Promise<void> {
    try {
      const written = await this.#socket.write(this.#queue.peek(this.#options.limits.writeBytes));
      this.#writing = false;
      if (this.#state === "closed") return;
      this.#queue.consume(written);
      this.#progressAt = this.#options.clock.monotonic();
    } catch {
      return this.#onDeaf(); // EPIPE, ECONNRESET: the peer is gone
    }
    if (this.#queue.bytes > 0) this.#options.flusher.schedule(this);
    else if (this.#state === "closing") this.#endWrites();
    if (!this.isCongested) this.#release();
  }

  /**
   * A program that never reads, and goes, makes writes fail at once: its last lines are here, but have
   * not been read yet. Their end comes as soon as they have been.
   */
  #onDeaf(): void {
    if (this.#state !== "open" || this.#peerEnded) return this.destroy("reset");
    this.#deaf = true;
    this.#writing = false;
    this.#queue.clear();
    this.#release();
    const { clock, limits } = this.#options;
    this.#closeTimer = clock.after(limits.flushMs, () => this.destroy("reset"));
  }

  async #readAll(handler: ConnectionHandler): Promise<void> {
    const { first, max } = this.#options.limits.readBufferBytes;
    let buffer = new Uint8Array(first);
    while (this.#state !== "closed") {
      const count = await this.#read(buffer);
      if (count === undefined) return;
      // The system tells the reset to a write or to a read, not to both.
      if (count === null && this.#deaf) return this.destroy("reset");
      this.#peerEnded = count === null;
      // Once it is closing, what the peer still sends is read only so that the system does not
      // answer it with a reset, which would destroy the goodbye on its way.
      if (this.#state === "open") {
        if (count === null) handler.onEnd();
        else handler.onChunk(buffer.subarray(0, count));
        await this.#catchUp(handler);
      }
      if (count === null) return this.#ended();
      if (count === buffer.length && count < max) buffer = new Uint8Array(Math.min(max, count * 4));
      else if (count < first && buffer.length > first) buffer = new Uint8Array(first);
    }
  }

  /**
   * A peer that asks faster than it reads is not read from until it has caught up (F32), and one that
   * asks for much at once waits for the others' turns.
   */
  async #catchUp(handler: ConnectionHandler): Promise<void> {
    while (this.#state === "open" && (this.isCongested || handler.isBehind)) {
      await new Promise<void>((resolve) => {
        if (this.isCongested) this.#whenDrained = resolve;
        else setImmediate(resolve);
      });
      if (this.#state === "open") handler.resume();
    }
  }

  async #read(buffer: Uint8Array): Promise<number | null | undefined> {
    try {
      return await this.#socket.read(buffer);
    } catch {
      this.destroy("reset");
      return undefined;
    }
  }

  #ended(): void {
    if (this.#state === "open") this.close("eof");
    else if (this.#queue.bytes === 0) this.destroy(this.#reason);
  }

  #release(): void {
    this.#whenDrained?.();
    this.#whenDrained = undefined;
  }

  /** Everything is sent: says so to the peer, and gives it a moment to say the same. */
  async #endWrites(): Promise<void> {
    if (this.#peerEnded) return this.destroy(this.#reason);
    this.#closeTimer?.cancel();
    const { clock, limits } = this.#options;
    this.#closeTimer = clock.after(limits.lingerMs, () => this.destroy(this.#reason));
    try {
      await this.#socket.closeWrite();
    } catch {
      this.destroy(this.#reason);
    }
  }
}
