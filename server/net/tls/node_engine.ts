// TLS by the runtime's node:tls over any socket. The certificate is chosen for each handshake, so
// that a new one takes effect without closing connections.

import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import { nextTurn } from "../next_turn.ts";
import type { Socket, SocketReader } from "../socket.ts";
import { SocketStream } from "./socket_stream.ts";

/** A certificate chain and its private key, as PEM text. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** A handshake in progress. */
export interface Handshake {
  /**
   * The connection after the handshake, which closes the plain socket; rejects if the handshake
   * fails.
   */
  readonly secured: Promise<Socket>;
  /** Must be called when the plain socket may have data, also after the handshake. */
  readonly reader: SocketReader;
  /** Ends the handshake and closes the plain socket; `secured` then rejects or never settles. */
  abort(): void;
}

/** The server's side of TLS with one certificate, for any number of connections. */
export class NodeEngine {
  #context: SecureContext;

  /** Throws for a bad pair. */
  constructor(pair: KeyPair) {
    this.#context = contextOf(pair);
  }

  /**
   * Presents this certificate in handshakes from now on; connections stay. Throws for a bad pair.
   */
  use(pair: KeyPair): void {
    this.#context = contextOf(pair);
  }

  /** Begins a handshake on an open socket from which `head` has been received. */
  begin(plain: Socket, head: Uint8Array): Handshake {
    const stream = new SocketStream(plain, head);
    const tls = new TLSSocket(stream, { isServer: true, secureContext: this.#context });
    const { promise, resolve, reject } = Promise.withResolvers<Socket>();
    const socket = new NodeTlsSocket(tls, stream);
    tls.once("secure", () => resolve(socket));
    tls.on("error", reject);
    tls.on("close", () => reject(new Deno.errors.ConnectionReset("Ended in its handshake")));
    return { secured: promise, reader: stream, abort: () => stream.abort() };
  }
}

function contextOf({ cert, key }: KeyPair): SecureContext {
  return createSecureContext({ cert, key, minVersion: "TLSv1.2" });
}

/** Most bytes of one write, those of a TLS record: more would make a slow reader look stalled. */
const RECORD_BYTES = 16 * 1024;

/** One connection over TLS. */
class NodeTlsSocket implements Socket {
  readonly #tls: TLSSocket;
  readonly #stream: SocketStream;
  #reader: SocketReader | undefined;
  #ended = false;
  #problem: Error | undefined;

  constructor(tls: TLSSocket, stream: SocketStream) {
    this.#tls = tls;
    this.#stream = stream;
    const end = (): void => {
      this.#ended = true;
      this.#reader?.onReadable();
    };
    tls.on("end", end);
    // node:tls does not emit "end" itself if much was unread when the stream ended.
    stream.on("end", () => nextTurn(end));
    const fail = (problem: Error): void => {
      this.#problem ??= problem;
      this.#reader?.onReadable();
    };
    tls.on("error", fail);
    // After the handshake, a socket without a server of Node's reports errors by this event alone.
    tls.on("_tlsError", fail);
    stream.on("error", fail);
    tls.on("close", () => {
      if (!this.#ended) fail(new Deno.errors.ConnectionReset("The connection was closed"));
    });
  }

  open(reader: SocketReader): void {
    this.#reader = reader;
    this.#tls.on("readable", () => this.#reader?.onReadable());
  }

  receive(): Uint8Array | null | undefined {
    const chunk: Uint8Array | null = this.#tls.read();
    if (chunk !== null) return chunk;
    if (this.#problem !== undefined) throw this.#problem;
    return this.#ended && this.#tls.readableLength === 0 ? null : undefined;
  }

  write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    const record = bytes.subarray(0, RECORD_BYTES);
    return new Promise((resolve, reject) => {
      this.#tls.write(record, (problem) => problem ? reject(problem) : resolve(record.length));
    });
  }

  untakenBytes(): number | undefined {
    return this.#stream.untakenBytes();
  }

  closeWrite(): Promise<void> {
    return new Promise((resolve) => this.#tls.end(resolve));
  }

  close(): void {
    this.#reader = undefined;
    this.#tls.destroy();
    this.#stream.destroy();
  }
}
