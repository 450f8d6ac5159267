// TLS by the runtime's node:tls over any socket: the certificate is chosen for each handshake, so a new
// one comes into force between two connections and costs neither.

import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import { nextTurn } from "../next_turn.ts";
import type { Socket, SocketReader } from "../socket.ts";
import type { Handshake, KeyPair, TlsEngine } from "./engine.ts";
import { SocketStream } from "./socket_stream.ts";

/** See the top of this file. */
export class NodeEngine implements TlsEngine {
  #context: SecureContext | undefined;

  use({ cert, key }: KeyPair): void {
    this.#context = createSecureContext({ cert, key, minVersion: "TLSv1.2" });
  }

  begin(plain: Socket, head: Uint8Array): Handshake {
    const stream = new SocketStream(plain, head);
    const secureContext = this.#context;
    if (secureContext === undefined) throw new TypeError("No certificate: call use() first");
    const tls = new TLSSocket(stream, { isServer: true, secureContext });
    const { promise, resolve, reject } = Promise.withResolvers<Socket>();
    const socket = new NodeTlsSocket(tls, stream);
    tls.once("secure", () => resolve(socket));
    tls.on("error", reject);
    tls.on("close", () => reject(new Deno.errors.ConnectionReset("Ended in its handshake")));
    return { secured: promise, reader: stream, abort: () => stream.abort() };
  }

  close(): void {}
}

/** Bytes of one write, those of a TLS record: more would make a slow reader look like one that has stopped. */
const RECORD_BYTES = 16 * 1024;

/** One connection through TLS. */
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
    // Where that much was unread when the end came, node:tls forgets to tell of it.
    stream.on("end", () => nextTurn(end));
    const fail = (problem: Error): void => {
      this.#problem ??= problem;
      this.#reader?.onReadable();
    };
    tls.on("error", fail);
    // Behind the handshake, a socket that no server of Node's owns tells of errors in this way alone.
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

  closeWrite(): Promise<void> {
    return new Promise((resolve) => this.#tls.end(resolve));
  }

  close(): void {
    this.#reader = undefined;
    this.#tls.destroy();
    this.#stream.destroy();
  }
}
