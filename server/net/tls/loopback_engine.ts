// TLS by the runtime's own listener, which takes no sockets but those it has accepted itself: what comes
// to us goes on to it over the loopback interface. For runtimes whose node:tls cannot be a server over
// a stream (Deno before 2.9): a connection costs three descriptors here.

import { connect } from "node:net";
import type { Limits } from "../../limits.ts";
import { RuntimeSocket } from "../runtime_sockets.ts";
import type { Socket } from "../socket.ts";
import type { Handshake, KeyPair, TlsEngine } from "./engine.ts";
import { SocketStream } from "./socket_stream.ts";

const LOOPBACK = "127.0.0.1";

/** See the top of this file. */
export class LoopbackEngine implements TlsEngine {
  readonly #sizes: Limits["readBufferBytes"];
  #back: Back | undefined;

  /** `sizes` are those of the read buffers. */
  constructor(sizes: Limits["readBufferBytes"]) {
    this.#sizes = sizes;
  }

  use(pair: KeyPair): void {
    const back = new Back(pair); // throws before anything has changed
    this.#back?.close();
    this.#back = back;
  }

  begin(plain: Socket, head: Uint8Array): Handshake {
    const back = this.#back;
    if (back === undefined) throw new TypeError("No certificate: call use() first");
    const stream = new SocketStream(plain, head);
    const relay = connect({ host: LOOPBACK, port: back.port, allowHalfOpen: true });
    const { promise, resolve, reject } = Promise.withResolvers<Socket>();
    const abort = (): void => {
      stream.abort();
      relay.destroy();
      back.forget(relay.localPort ?? 0);
    };
    for (const one of [stream, relay]) {
      one.on("error", reject);
      one.on("close", () => {
        reject(new Deno.errors.ConnectionReset("Ended in its handshake"));
        abort();
      });
    }
    back.expectOne();
    relay.once("connect", () => {
      back.expect(relay.localPort ?? 0, (conn) => {
        const secured = (): void => resolve(new RuntimeSocket(conn, this.#sizes));
        conn.handshake().then(secured, (problem) => {
          conn.close();
          reject(problem);
        });
      });
      stream.pipe(relay).pipe(stream);
    });
    relay.once("error", () => back.expectNoMore());
    return { secured: promise, reader: stream, abort };
  }

  close(): void {
    this.#back?.close();
    this.#back = undefined;
  }
}

/** A listener of the runtime with one certificate; whoever else of this machine comes there is sent away. */
class Back {
  readonly #listener: Deno.TlsListener;
  /** Who waits for the connection from that port. */
  readonly #waiting = new Map<number, (conn: Deno.TlsConn) => void>();
  /** What came before we knew our own port: ours, or a stranger's. */
  readonly #early = new Map<number, Deno.TlsConn>();
  /** Connections of ours that have not got as far as a port. */
  #connecting = 0;
  #closing = false;

  constructor({ cert, key }: KeyPair) {
    this.#listener = Deno.listenTls({ hostname: LOOPBACK, port: 0, tcpBacklog: 4096, cert, key });
    void this.#accept();
  }

  get port(): number {
    return (this.#listener.addr as Deno.NetAddr).port;
  }

  /** One of ours is about to connect. */
  expectOne(): void {
    this.#connecting++;
  }

  /** It is not. */
  expectNoMore(): void {
    this.#connecting--;
    this.#tidy();
  }

  /** It has, from that port. */
  expect(port: number, take: (conn: Deno.TlsConn) => void): void {
    const conn = this.#early.get(port);
    this.#early.delete(port);
    if (conn === undefined) this.#waiting.set(port, take);
    else take(conn);
    this.expectNoMore();
  }

  /** Nobody waits for that one any more. */
  forget(port: number): void {
    this.#waiting.delete(port);
    this.#tidy();
  }

  /** Closes once all of ours have been accepted. */
  close(): void {
    this.#closing = true;
    this.#tidy();
  }

  async #accept(): Promise<void> {
    try {
      while (true) {
        const conn = await this.#listener.accept();
        const { port } = conn.remoteAddr as Deno.NetAddr;
        const take = this.#waiting.get(port);
        this.#waiting.delete(port);
        if (take === undefined) this.#early.set(port, conn);
        else take(conn);
        this.#tidy();
      }
    } catch {
      // It was closed.
    }
  }

  #tidy(): void {
    if (this.#connecting > 0) return;
    for (const stranger of this.#early.values()) stranger.close();
    this.#early.clear();
    if (!this.#closing || this.#waiting.size > 0) return;
    this.#closing = false;
    this.#listener.close();
  }
}
