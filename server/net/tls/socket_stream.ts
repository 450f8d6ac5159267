// Adapts a socket to a Node stream, for node:tls. Bytes received before come first.

import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";
import { nextTurn } from "../next_turn.ts";
import type { Socket, SocketReader } from "../socket.ts";

/**
 * Takes over `socket`; destroying the stream closes it. It emits nothing, no end and no error
 * either, before the next turn of the event loop, since its user may need this one to attach
 * listeners. The socket's reader must call {@linkcode SocketStream.onReadable}.
 */
export class SocketStream extends Duplex implements SocketReader {
  readonly #socket: Socket;
  #wanted = false;
  #begun = false;
  #ending = false;

  /** `head`: bytes received from `socket` before. */
  constructor(socket: Socket, head: Uint8Array) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    // Deferred: a node:tls socket that ends before it has begun throws where it cannot be caught.
    nextTurn(() => {
      this.#begun = true;
      if (this.#ending) this.destroy();
      if (this.destroyed) return;
      this.#wanted = this.push(Buffer.from(head)) || this.#wanted;
      this.#receive();
    });
  }

  /** Destroys the stream, but not before the turn of the event loop after the one that made it. */
  abort(): void {
    if (this.#begun) this.destroy();
    else this.#ending = true;
  }

  onReadable(): void {
    if (this.#wanted) this.#receive();
  }

  /** See {@linkcode Socket.untakenBytes}. */
  untakenBytes(): number | undefined {
    return this.destroyed ? undefined : this.#socket.untakenBytes?.();
  }

  override _read(): void {
    this.#wanted = true;
    if (this.#begun) this.#receive();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#send(new Uint8Array(chunk), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    try {
      const closing = this.#socket.closeWrite();
      if (closing === undefined) done();
      else closing.then(() => done(), done);
    } catch (problem) {
      done(asError(problem));
    }
  }

  override _destroy(problem: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.close();
    done(problem);
  }

  #receive(): void {
    while (this.#wanted && !this.destroyed) {
      let chunk: Uint8Array | null | undefined;
      try {
        chunk = this.#socket.receive();
      } catch (problem) {
        this.destroy(asError(problem));
        return;
      }
      if (chunk === undefined) return;
      if (chunk === null) this.#wanted = false;
      // Copied: the bytes are valid until anything else is received.
      this.#wanted = this.push(chunk === null ? null : Buffer.from(chunk)) && chunk !== null;
    }
  }

  #send(bytes: Uint8Array<ArrayBuffer>, done: (error?: Error | null) => void): void {
    try {
      for (let at = 0; at < bytes.length;) {
        const written = this.#socket.write(bytes.subarray(at));
        if (typeof written !== "number") {
          const from = at;
          written.then((count) => this.#send(bytes.subarray(from + count), done), done);
          return;
        }
        at += written;
      }
      done();
    } catch (problem) {
      done(asError(problem));
    }
  }
}

function asError(problem: unknown): Error {
  return problem instanceof Error ? problem : new Error(String(problem));
}
