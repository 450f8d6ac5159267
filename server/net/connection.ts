// One client's socket: passes received chunks to its handler, writes what is queued, and closes
// exactly once. No exception leaves run().

import type { Slice } from "../../protocol/block.ts";
import type { CloseReason } from "../../protocol/failures.ts";
import type { Timer } from "../../shared/clock.ts";
import type { ConnectionHandler, ConnectionOptions } from "./connection_handler.ts";
import { ReadPause } from "./read_pause.ts";
import { nextTurn } from "./next_turn.ts";
import { SendQueue } from "./send_queue.ts";
import type { Follower, SharedLog } from "./shared_log.ts";
import type { Socket, SocketReader } from "./socket.ts";

/** Chunks received from one socket before other connections have their turn. */
const CHUNKS_PER_TURN = 16;

type ConnectionLoss = Extract<CloseReason, "reset" | "timeout">;

/** The connection of one accepted socket. */
export class Connection implements Follower, SocketReader {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #queue: SendQueue;
  #state: "open" | "closing" | "ending" | "closed" = "open";
  #reason: CloseReason = "eof";
  /** When the pending write began (monotonic, in ms); undefined if no write is pending. */
  #writingSince: number | undefined;
  /** Bytes that the client had not taken then, when that was last asked. */
  #untaken: number | undefined;
  #closeTimer: Timer | undefined;
  #readPause: ReadPause | undefined;
  /** Called once when the queue is no longer congested. */
  #drainListener: (() => void) | undefined;
  /** Whether the client has sent its last byte: closing can lose none. */
  #peerEnded = false;
  /** Set by the first failed write; what the client sent before is still received. */
  #lost: ConnectionLoss | undefined;
  #handler: ConnectionHandler | undefined;
  /** Whether receiving is paused: requests are queued, or other connections have their turn. */
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

  /** Bytes that closing the connection frees. */
  get ownBytes(): number {
    return this.#queue.ownBytes;
  }

  /** Whether requests are still received. */
  get isOpen(): boolean {
    return this.#state === "open";
  }

  /** Whether so many bytes are queued that the client's own requests must wait. */
  get isCongested(): boolean {
    return this.#queue.bytes > this.#options.limits.softQueueBytes;
  }

  /**
   * Receives until the client ends. No promise is pending meanwhile, which keeps idle connections
   * cheap.
   */
  run(handler: ConnectionHandler): void {
    this.#handler = handler;
    if (this.#state === "closed") this.#reportClosed();
    else this.#guarded(() => this.#socket.open(this));
  }

  /** Queues bytes; a client whose queue is full is closed as `slow`. Never blocks. */
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

  /** Sends what the log holds by now, and nothing that is appended later. */
  unfollow(): void {
    const { log } = this.#queue;
    this.#queue.follow(undefined); // before the log drops, with its last follower, what it holds
    log?.remove(this);
  }

  get log(): SharedLog | undefined {
    return this.#queue.log;
  }

  skipFrom(from: number): void {
    this.#queue.skipFrom(from);
  }

  onDrained(then: () => void): void {
    this.#drainListener = then;
    this.#notifyDrained();
  }

  #notifyDrained(): void {
    const then = this.#drainListener;
    if (this.isCongested || then === undefined) return;
    this.#drainListener = undefined;
    nextTurn(() => this.#guarded(then));
  }

  checkBacklog(): void {
    if (this.#queue.isOverfull) this.destroy("slow");
  }

  /** Closes the connection once what is queued has been sent, or after `flushMs`. */
  close(reason: CloseReason): void {
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.#reason = reason;
    this.unfollow();
    this.#readPause?.release();
    this.#closeTimer?.cancel();
    const { clock, flusher, limits } = this.#options;
    this.#closeTimer = clock.after(limits.flushMs, () => this.destroy(reason));
    if (this.#queue.bytes === 0) this.#endWrites();
    else flusher.schedule(this);
  }

  /** Closes the connection now, dropping what is queued. */
  destroy(reason: CloseReason): void {
    if (this.#state === "closed") return;
    if (this.#state === "open") this.#reason = reason;
    this.#state = "closed";
    this.#closeTimer?.cancel();
    this.#dropQueue();
    this.#readPause?.release();
    this.#socket.close();
    this.#reportClosed();
  }

  #reportClosed(): void {
    queueMicrotask(() => this.#guarded((handler) => handler.onClosed(this.#reason)));
  }

  /**
   * Closes the connection as `slow` if a write has been pending for more than `stalledMs` in which
   * the client has read nothing. A write can wait for longer although it reads: the system takes
   * more only when a third of megabytes is gone.
   */
  checkStalled(now: number): void {
    if (this.#writingSince === undefined || this.#state !== "open") return;
    const untaken = this.#socket.untakenBytes?.();
    if (untaken !== undefined && this.#untaken !== undefined && untaken < this.#untaken) {
      this.#writingSince = now;
    }
    this.#untaken = untaken;
    if (now - this.#writingSince > this.#options.limits.stalledMs) this.destroy("slow");
  }

  flush(): boolean {
    if (this.#writingSince !== undefined || this.#queue.bytes === 0) return false;
    try {
      const written = this.#socket.write(this.#queue.peek(this.#options.limits.writeBytes));
      if (typeof written === "number") this.#onWritten(written);
      else this.#await(written);
    } catch (problem) {
      this.#onWriteFailed(problem); // EPIPE, ECONNRESET: the client has disconnected
    }
    return true;
  }

  #await(write: Promise<number>): void {
    this.#untaken = undefined;
    this.#writingSince = this.#options.clock.monotonic();
    // Not awaited: the flusher continues with the next connection.
    write.then((count) => this.#onWritten(count), (problem) => this.#onWriteFailed(problem));
  }

  #onWritten(count: number): void {
    this.#writingSince = undefined;
    if (this.#state === "closed") return;
    this.#queue.consume(count);
    if (this.#queue.bytes > 0) this.#options.flusher.schedule(this);
    else if (this.#state === "closing") this.#endWrites();
    if (!this.isCongested && !this.#readPause?.isTimed) this.#readPause?.release();
    if (this.#drainListener !== undefined) this.#notifyDrained();
  }

  /**
   * Handles a failed write. A client that never reads, and disconnects, makes writes fail before
   * its last lines have been received: the connection closes when they have been, or after
   * `flushMs`, since rate limits could delay them for longer than a dead connection may stay (F24).
   */
  #onWriteFailed(problem: unknown): void {
    const loss = connectionLoss(problem);
    if (this.#state !== "open" || this.#peerEnded) return this.destroy(loss);
    this.#lost = loss;
    this.#writingSince = undefined;
    this.#dropQueue();
    this.#readPause?.release();
    const { clock, limits } = this.#options;
    this.#closeTimer = clock.after(limits.flushMs, () => this.destroy(loss));
  }

  /** Called by the socket when data may be available. */
  onReadable(): void {
    for (let chunks = 0; chunks < CHUNKS_PER_TURN; chunks++) {
      if (this.#state === "closed" || this.#peerEnded || this.#paused) return;
      let chunk: Uint8Array | null | undefined;
      try {
        chunk = this.#socket.receive();
      } catch (problem) {
        return this.#onLost(this.#lost ?? connectionLoss(problem));
      }
      if (chunk === undefined) return;
      this.#onChunk(chunk);
    }
    if (this.#paused) return; // the end of the pause continues
    this.#paused = true;
    nextTurn(() => {
      this.#paused = false;
      this.onReadable();
    });
  }

  #onLost(loss: ConnectionLoss): void {
    if (this.#state === "open") this.#guarded((handler) => handler.onLost?.());
    this.destroy(loss);
  }

  /** Handles one chunk of the client's bytes; null is their end. */
  #onChunk(chunk: Uint8Array | null): void {
    this.#guarded((handler) => {
      // The system reports a reset to a write or to a read, not to both.
      if (chunk === null && this.#lost) return this.#onLost(this.#lost);
      this.#peerEnded = chunk === null;
      // Once closing, bytes are received only so that no reset destroys the goodbye on its way.
      if (this.#state === "open") {
        if (chunk === null) handler.onEnd();
        else handler.onChunk(chunk);
      }
      this.#catchUp(handler);
    });
  }

  /**
   * Pauses receiving for a client that sends requests faster than it reads answers, until it has
   * read (F32); that exceeds its rate limit, until it may send again (F39); or that sends many
   * requests in one chunk, until other connections had their turn.
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
    this.#readPause ??= new ReadPause(this.#options.clock);
    if (this.isCongested) this.#readPause.untilReleased(again);
    else this.#readPause.forMs(wait, again);
  }

  /** Does work that no read has caused, as if it were that of a read. */
  work(work: () => void): void {
    this.#guarded((handler) => {
      if (this.#state !== "open") return;
      work();
      if (!this.#paused) this.#catchUp(handler);
    });
  }

  /** Ends a pause: what the handler waited for is done. */
  continueReading(): void {
    this.#readPause?.release();
  }

  /** Calls the handler; a bug in it costs this connection only. */
  #guarded(work: (handler: ConnectionHandler) => void): void {
    try {
      if (this.#handler) work(this.#handler);
    } catch (fault) {
      this.#options.onFault(fault);
      this.destroy("error");
    }
  }

  #dropQueue(): void {
    this.#queue.log?.remove(this);
    this.#queue.clear();
  }

  /**
   * Half-closes the socket after the last write, and gives the client `lingerMs` to do the same.
   */
  #endWrites(): void {
    const end = () => this.destroy(this.#reason);
    this.#closeTimer?.cancel();
    this.#closeTimer = this.#options.clock.after(this.#options.limits.lingerMs, end);
    try {
      this.#state = "ending"; // not closed before that is done: TLS sends its own end first
      Promise.resolve(this.#socket.closeWrite()).then(() => {
        if (this.#state === "ending") this.#state = "closing";
        if (this.#peerEnded) end();
      }, end);
    } catch {
      end();
    }
  }
}

/** Why a read or write failed: `timeout` if the client's machine no longer answers, else `reset`. */
function connectionLoss(problem: unknown): ConnectionLoss {
  const isSilent = problem instanceof Deno.errors.TimedOut ||
    problem instanceof Deno.errors.NetworkUnreachable;
  return isSilent ? "timeout" : "reset";
}
