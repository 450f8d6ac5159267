// Sockets of the runtime (`Deno.Conn`), used wherever the C library cannot be called.

import { remoteAddress, setSocketOptions } from "./accepted_socket.ts";
import type { Limits } from "../limits/limits.ts";
import type { Accepted, Acceptor, Socket, SocketReader, Sockets } from "./socket.ts";

/** The methods of a runtime's socket that are used. */
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
 * One of the runtime's sockets. A pending read pins its buffer, so an idle socket has a small one;
 * and no async function is pending, whose frames an idle connection would pay for.
 */
export class RuntimeSocket implements Socket {
  readonly #conn: RuntimeConn;
  readonly #sizes: BufferSizes;
  #buffer: Uint8Array<ArrayBuffer>;
  #reader: SocketReader | undefined;
  #reading = false;
  /** Bytes received into the buffer; null for the end. */
  #received: number | null | undefined;
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
    const count = this.#received;
    if (count === undefined) {
      this.#read();
      return undefined;
    }
    if (count === null) return null;
    this.#received = undefined;
    const chunk = this.#buffer.subarray(0, count);
    this.#resize(count);
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
      // The runtime has closed it after an error.
    }
  }

  #read(): void {
    if (this.#reading) return;
    this.#reading = true;
    this.#conn.read(this.#buffer).then(this.#onRead, this.#onProblem);
  }

  readonly #onRead = (count: number | null): void => {
    this.#reading = false;
    this.#received = count;
    this.#reader?.onReadable();
  };

  readonly #onProblem = (problem: unknown): void => {
    this.#problem = problem;
    this.#reader?.onReadable();
  };

  /** Takes a larger buffer for the next read while reads fill it, else the small one. */
  #resize(count: number): void {
    const { first, max } = this.#sizes;
    const { length } = this.#buffer;
    if (count === length && length < max) this.#buffer = new Uint8Array(Math.min(max, length * 4));
    else if (count < first && length > first) this.#buffer = new Uint8Array(first);
  }
}
