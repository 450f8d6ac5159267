// Sockets through the runtime's own: wherever the C library cannot be called.

import { remoteAddress, setSocketOptions } from "./accepted_socket.ts";
import type { Limits } from "../limits/limits.ts";
import type { Accepted, Acceptor, Socket, SocketReader, Sockets } from "./socket.ts";

/** The part of a runtime's socket that is used. */
export type RuntimeConn = Pick<Deno.Conn, "read" | "write" | "closeWrite" | "close">;

type BufferSizes = Limits["readBufferBytes"];

/** Sockets through the runtime; `sizes` are those of its read buffers. */
export class RuntimeSockets implements Sockets {
  readonly kind = "runtime";
  readonly #sizes: BufferSizes;

  constructor(sizes: BufferSizes) {
    this.#sizes = sizes;
  }

  acceptor(listener: Pick<Deno.Listener, "accept" | "close">): Acceptor {
    const accept = async (): Promise<Accepted> => {
      const conn = await listener.accept();
      setSocketOptions(conn);
      return { socket: new RuntimeSocket(conn, this.#sizes), address: remoteAddress(conn) };
    };
    return { accept, close: () => listener.close() };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/**
 * One of the runtime's sockets. A read that waits pins its buffer, so an idle one has a small buffer.
 * No async function waits here: an idle connection costs what its frames would.
 */
export class RuntimeSocket implements Socket {
  readonly #conn: RuntimeConn;
  readonly #sizes: BufferSizes;
  #buffer: Uint8Array<ArrayBuffer>;
  #reader: SocketReader | undefined;
  #reading = false;
  /** How many bytes of the buffer came; null for the end. */
  #came: number | null | undefined;
  #problem: unknown;

  constructor(conn: RuntimeConn, sizes: BufferSizes) {
    this.#conn = conn;
    this.#sizes = sizes;
    this.#buffer = new Uint8Array(sizes.first);
  }

  open(reader: SocketReader): void {
    this.#reader = reader;
    this.#read();
  }

  receive(): Uint8Array | null | undefined {
    if (this.#problem !== undefined) throw this.#problem;
    const came = this.#came;
    if (came === undefined) {
      this.#read();
      return undefined;
    }
    if (came === null) return null;
    this.#came = undefined;
    const chunk = this.#buffer.subarray(0, came);
    this.#resize(came);
    return chunk;
  }

  write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    return this.#conn.write(bytes);
  }

  closeWrite(): Promise<void> {
    return this.#conn.closeWrite();
  }

  close(): void {
    this.#reader = undefined;
    try {
      this.#conn.close();
    } catch {
      // The runtime has closed it already, after an error of its own.
    }
  }

  #read(): void {
    if (this.#reading) return;
    this.#reading = true;
    this.#conn.read(this.#buffer).then(this.#onRead, this.#onProblem);
  }

  readonly #onRead = (came: number | null): void => {
    this.#reading = false;
    this.#came = came;
    this.#reader?.onReadable();
  };

  readonly #onProblem = (problem: unknown): void => {
    this.#problem = problem;
    this.#reader?.onReadable();
  };

  /** A larger buffer for the next read while much comes, the small one again when it does not. */
  #resize(came: number): void {
    const { first, max } = this.#sizes;
    const { length } = this.#buffer;
    if (came === length && length < max) this.#buffer = new Uint8Array(Math.min(max, length * 4));
    else if (came < first && length > first) this.#buffer = new Uint8Array(first);
  }
}
