// How TLS is laid over a connection that a plain listener has accepted, whichever part of the runtime
// does it. Types only; which engine a server uses is chosen in engines.ts.

import type { Socket, SocketReader } from "../socket.ts";

/** A certificate chain and its private key, as PEM text. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** A handshake under way. */
export interface Handshake {
  /** The connection behind the handshake; rejects when it fails. Owns the plain socket. */
  readonly secured: Promise<Socket>;
  /** To be told when there may be something to receive from the plain socket, also once it is secured. */
  readonly reader: SocketReader;
  /** Ends it, and the plain socket with it; `secured` then rejects or stays as it is. */
  abort(): void;
}

/** The server's side of TLS, for any number of connections. */
export interface TlsEngine {
  /** From now on handshakes show this certificate; those done already go on. Throws for a bad pair. */
  use(pair: KeyPair): void;
  /** Begins a handshake on an open socket, of which `head` has been received already. */
  begin(plain: Socket, head: Uint8Array): Handshake;
  /** Lets go of what it holds; connections stay open. */
  close(): void;
}
