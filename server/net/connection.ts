// One socket: receives chunks for its session, writes what is queued, and ends in exactly one way. It
// knows neither dialects nor people; whatever the peer does, no exception leaves run().

import type { Slice } from "../../protocol/block.ts";
import type { CloseReason } from "../../protocol/failures.ts";
import type { Timer } from "../../shared/clock.ts";
import type { ConnectionHandler, ConnectionOptions } from "./connection_handler.ts";
import { ReadPause } from "./read_pause.ts";
import { type ConnectionLoss, connectionLoss } from "./connection_loss.ts";
import { nextTurn } from "./next_turn.ts";
import { SendQueue } from "./send_queue.ts";
import type { Follower, SharedLog } from "./shared_log.ts";
import type { Socket, SocketReader } from "./socket.ts";

/** Chunks taken from one socket before the others have their turn. */
const CHUNKS_PER_TURN = 16;

/** One accepted socket. */
export class Connection implements Follower, SocketReader {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #queue: SendQueue;
  #state: "open" | "closing" | "telling" | "closed" = "open";
  #reason: CloseReason = "eof";
  /** Set while a write waits for the system. */
  #writingSince: number | undefined;
  #closeTimer: Timer | undefined;
  #hold: ReadPause | undefined;
  /** Who waits for room in the queue. */
  #whenLow: (() => void) | undefined;
  /** The peer has sent all it will: nothing of it can be lost by closing. */
  #peerEnded = false;
  /** Set once the peer takes nothing any more; what it sent before it went is still to be read. */
  #lost: ConnectionLoss | undefined;
  #handler: ConnectionHandler | undefined;
  /** Nothing is received: requests were put off, or the others have their turn. */
  #paused = false;

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#queue = new SendQueue(options.limits.hardQueueBytes, options.memory);
  }

  /** Bytes queued and not yet taken by the system. */
  get queuedBytes(): number {
    return this.#queue.bytes;
  }

  /** Bytes that closing it lets go of. */
  get ownBytes(): number {
    return this.#queue.ownBytes;
  }

  /** Whether requests are still heard. */
  get isOpen(): boolean {
    return this.#state === "open";
  }

  /** Whether the peer has so much to read that its own requests must wait. */
  get isCongested(): boolean {
    return this.#queue.bytes > this.#options.limits.softQueueBytes;
  }

  /** Receives until the peer ends. No promise waits here: an idle connection costs what it would. */
  run(handler: ConnectionHandler): void {
    this.#handler = handler;
    if (this.#state === "closed") this.#tellClosed();
    else this.#guarded(() => this.#socket.open(this));
  }

  /** Queues bytes; a peer whose queue is full is dropped as `slow`. Never blocks. */
  push(slice: Slice): void {
    if (this.#state !== "open" || this.#lost) return;
    if (this.#queue.push(slice) === "overflow") return this.destroy("slow");
    if (this.#writingSince === undefined) this.#options.flusher.schedule(this);
  }

  follow(log: SharedLog): void {
    if (this.#state !== "open" || this.#lost) return;
    this.#queue.follow(log);
    log.add(this);
  }

  /** Sends what the log holds by now, and nothing that comes later. */
  unfollow(): void {
    const { log } = this.#queue;
    this.#queue.follow(undefined); // before the log forgets, with its last follower, what it holds
    log?.remove(this);
  }

  get log(): SharedLog | undefined {
    return this.#queue.log;
  }

  skipFrom(from: number): void {
    this.#queue.skipFrom(from);
  }

  onDrained(then: () => void): void {
    this.#whenLow = then;
    this.#tellLow();
  }

  #tellLow(): void {
    const then = this.#whenLow;
    if (this.isCongested || then === undefined) return;
    this.#whenLow = undefined;
    nextTurn(() => this.#guarded(then));
  }

  checkBacklog(): void {
    if (this.#queue.isOverfull) this.destroy("slow");
  }

  /** Ends the connection once what is queued has been sent, within the time limit for that. */
  close(reason: CloseReason): void {
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.#reason = reason;
    this.unfollow();
    this.#hold?.release();
    this.#closeTimer?.cancel();
    const { clock, flusher, limits } = this.#options;
    this.#closeTimer = clock.after(limits.flushMs, () => this.destroy(reason));
    if (this.#queue.bytes === 0) this.#endWrites();
    else flusher.schedule(this);
  }

  /** Ends the connection now, dropping what is queued. */
  destroy(reason: CloseReason): void {
    if (this.#state === "closed") return;
    if (this.#state === "open") this.#reason = reason;
    this.#state = "closed";
    this.#closeTimer?.cancel();
    this.#forgetQueue();
    this.#hold?.release();
    this.#socket.close();
    this.#tellClosed();
  }

  #tellClosed(): void {
    queueMicrotask(() => this.#guarded((handler) => handler.onClosed(this.#reason)));
  }

  /** Drops the peer when it has read nothing of what is being sent for too long. */
  checkStalled(now: number): void {
    if (this.#writingSince === undefined || this.#state !== "open") return;
    if (now - this.#writingSince > this.#options.limits.stalledMs) this.destroy("slow");
  }

  flush(): boolean {
    if (this.#writingSince !== undefined || this.#queue.bytes === 0) return false;
    try {
      const written = this.#socket.write(this.#queue.peek(this.#options.limits.writeBytes));
      if (typeof written === "number") this.#onWritten(written);
      else this.#await(written);
    } catch (problem) {
      this.#onDeaf(problem); // EPIPE, ECONNRESET: the peer is gone
    }
    return true;
  }

  #await(write: Promise<number>): void {
    this.#writingSince = this.#options.clock.monotonic();
    // Not awaited: the flusher goes on with the next connection.
    write.then((count) => this.#onWritten(count), (problem) => this.#onDeaf(problem));
  }

  #onWritten(count: number): void {
    this.#writingSince = undefined;
    if (this.#state === "closed") return;
    this.#queue.consume(count);
    if (this.#queue.bytes > 0) this.#options.flusher.schedule(this);
    else if (this.#state === "closing") this.#endWrites();
    if (!this.isCongested && !this.#hold?.isTimed) this.#hold?.release();
    if (this.#whenLow !== undefined) this.#tellLow();
  }

  /**
   * A program that never reads, and goes, makes writes fail before its last lines have been read. Their
   * end comes as soon as they have been, or after the time a closing connection has: nobody can answer
   * for what a peer that is gone still has to say at its pace (F24).
   */
  #onDeaf(problem: unknown): void {
    const loss = connectionLoss(problem);
    if (this.#state !== "open" || this.#peerEnded) return this.destroy(loss);
    this.#lost = loss;
    this.#writingSince = undefined;
    this.#forgetQueue();
    this.#hold?.release();
    const { clock, limits } = this.#options;
    this.#closeTimer = clock.after(limits.flushMs, () => this.destroy(loss));
  }

  /** Something may have come: called by the socket. */
  onReadable(): void {
    for (let chunks = 0; chunks < CHUNKS_PER_TURN; chunks++) {
      if (this.#state === "closed" || this.#peerEnded || this.#paused) return;
      let chunk: Uint8Array | null | undefined;
      try {
        chunk = this.#socket.receive();
      } catch (problem) {
        return this.destroy(this.#lost ?? connectionLoss(problem));
      }
      if (chunk === undefined) return;
      this.#hear(chunk);
    }
    if (this.#paused) return; // and somebody will go on already
    this.#paused = true;
    nextTurn(() => {
      this.#paused = false;
      this.onReadable();
    });
  }

  /** What the peer sent; null is its end. */
  #hear(chunk: Uint8Array | null): void {
    this.#guarded((handler) => {
      // The system tells the reset to a write or to a read, not to both.
      if (chunk === null && this.#lost) return this.destroy(this.#lost);
      this.#peerEnded = chunk === null;
      // Once it is closing, it receives only so that no reset destroys the goodbye on its way.
      if (this.#state === "open") {
        if (chunk === null) handler.onEnd();
        else handler.onChunk(chunk);
      }
      this.#catchUp(handler);
    });
  }

  /**
   * A peer that asks faster than it reads waits until it has caught up (F32), one that asks for more
   * than it may until its time comes (F39), one that asks for much at once until others had theirs.
   */
  #catchUp(handler: ConnectionHandler): void {
    this.#paused = this.#state === "open" && (this.isCongested || handler.hasQueuedRequests);
    if (!this.#paused) {
      if (this.#peerEnded && this.#state === "open") handler.onInputDone();
      if (this.#peerEnded && this.#state === "open") this.close("eof");
      else if (this.#peerEnded && this.#queue.bytes === 0) this.destroy(this.#reason);
      return;
    }
    const again = (): void => {
      this.#guarded(() => {
        if (this.#state === "open") handler.resume();
        this.#catchUp(handler);
      });
      if (!this.#paused) this.onReadable();
    };
    const wait = handler.waitMs;
    if (wait === 0 && !this.isCongested) return nextTurn(again);
    this.#hold ??= new ReadPause(this.#options.clock);
    if (this.isCongested) this.#hold.untilReleased(again);
    else this.#hold.forMs(wait, again);
  }

  /** What the handler was waiting for has come. */
  continueReading(): void {
    this.#hold?.release();
  }

  /** A bug in the handler costs this connection only. */
  #guarded(work: (handler: ConnectionHandler) => void): void {
    try {
      if (this.#handler) work(this.#handler);
    } catch (fault) {
      this.#options.onFault(fault);
      this.destroy("error");
    }
  }

  #forgetQueue(): void {
    this.#queue.log?.remove(this);
    this.#queue.clear();
  }

  /** Everything is sent: says so to the peer, and gives it a moment to say the same. */
  #endWrites(): void {
    const end = () => this.destroy(this.#reason);
    this.#closeTimer?.cancel();
    this.#closeTimer = this.#options.clock.after(this.#options.limits.lingerMs, end);
    try {
      this.#state = "telling"; // and is not closed before that is done: TLS has words for it
      Promise.resolve(this.#socket.closeWrite()).then(() => {
        if (this.#state === "telling") this.#state = "closing";
        if (this.#peerEnded) end();
      }, end);
    } catch {
      end();
    }
  }
}
