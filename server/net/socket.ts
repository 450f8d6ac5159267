// What the server needs of sockets, implemented by the runtime's (runtime_sockets.ts) and by direct
// calls of the C library (system/). Types only.

/** The socket of one connection. No method is called after close(). */
export interface Socket {
  /** Calls `reader` from now on when there may be something to receive. */
  open(reader: SocketReader): void;
  /**
   * The bytes received, valid until anything is received again; null at the end of the stream;
   * undefined if there are none yet, after which the reader is called. Throws if the connection was
   * reset.
   */
  receive(): Uint8Array | null | undefined;
  /**
   * Sends some of `bytes` and returns how many: a number if the system takes some immediately, else
   * a promise. One write at a time. Throws, or rejects, if the peer has disconnected.
   */
  write(bytes: Uint8Array<ArrayBuffer>): number | Promise<number>;
  /**
   * Bytes sent that the peer's machine has not taken; undefined if unknown. While a write waits it
   * falls as the peer reads.
   */
  untakenBytes?(): number | undefined;
  /** Half-closes: no more bytes follow. Throws, or rejects, if the peer has disconnected. */
  closeWrite(): void | Promise<void>;
  /** Closes the socket; a pending write rejects or never settles. */
  close(): void;
}

/** Called by a socket. */
export interface SocketReader {
  /** Time to call `receive()`. */
  onReadable(): void;
}

/** An accepted connection. */
export interface Accepted {
  readonly socket: Socket;
  /** IP address, IPv4 in dotted form; or `unix`. */
  readonly address: string;
  /**
   * When the connection arrived, on the monotonic clock in milliseconds, if a handshake took time
   * since.
   */
  readonly connectedAt?: number;
}

/** Accepts the connections of one listener. */
export interface Acceptor {
  /** Rejects with `Deno.errors.BadResource` or `Interrupted` after close(). */
  accept(): Promise<Accepted>;
  close(): void;
}

/** One of the two ways to use the system's sockets. */
export interface Sockets {
  /** `system`: by direct calls; `runtime`: through the runtime. */
  readonly kind: SocketKind;
  /** Accepts from `listener`, and closes it when the acceptor is closed. */
  acceptor(listener: Deno.Listener): Acceptor;
  /** Frees everything; all sockets must be closed before. */
  close(): Promise<void>;
}

/** See {@linkcode Sockets.kind}. */
export type SocketKind = "system" | "runtime";
