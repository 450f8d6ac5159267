// What the server needs of sockets, whichever way the system is reached: runtime_sockets.ts goes
// through Deno, system/ calls the C library. Types only.

/** One connection's socket. Nothing is called once it is closed. */
export interface Socket {
  /** From now on `reader` is told when there may be something to receive. */
  open(reader: SocketReader): void;
  /**
   * What has come: bytes, valid until anything is received again; null at the end of the stream; or
   * nothing yet, after which the reader is told. Throws when the connection was reset.
   */
  receive(): Uint8Array | null | undefined;
  /**
   * Sends some of `bytes` and answers how many: at once where the system takes them at once, else as
   * soon as it has taken some. One at a time. Throws, or rejects, when the peer is gone.
   */
  write(bytes: Uint8Array<ArrayBuffer>): number | Promise<number>;
  /** Tells the peer that no more will come. Throws, or rejects, when it is gone. */
  closeWrite(): void | Promise<void>;
  /** Ends it; what waits is never answered, or rejected. */
  close(): void;
}

/** Told by a socket. */
export interface SocketReader {
  /** Time to call `receive()`. */
  onReadable(): void;
}

/** A connection that was accepted. */
export interface Accepted {
  readonly socket: Socket;
  /** IP address, an IPv4 one in dots; or `unix`. */
  readonly address: string;
  /** When it came, on the monotonic clock, where a handshake has taken time since. */
  readonly connectedAt?: number;
}

/** Accepts connections at one place. */
export interface Acceptor {
  /** Rejects with `Deno.errors.BadResource` or `Interrupted` once it is closed. */
  accept(): Promise<Accepted>;
  close(): void;
}

/** A way to the system's sockets. */
export interface Sockets {
  /** Which one: by direct calls, or through the runtime. */
  readonly kind: SocketKind;
  /** Accepts from `listener` from now on, and closes it in the end. */
  acceptor(listener: Deno.Listener): Acceptor;
  /** Lets go of everything it holds; all sockets must be closed by then. */
  close(): Promise<void>;
}

/** The ways there are. */
export type SocketKind = "system" | "runtime";
