// TLS by the runtime's own listener, which takes no sockets but those it has accepted itself: what comes
// to us goes on to it over the loopback interface. For runtimes whose node:tls cannot be a server over
// a stream (Deno before 2.9): a connection costs three descriptors here.

import { once } from "node:events";
import { systemClock } from "../../../shared/clock.ts";
import type { Limits } from "../../limits/limits.ts";
import { acceptLoop } from "../listener.ts";
import { RuntimeSocket } from "../runtime_sockets.ts";
import type { Socket } from "../socket.ts";
import type { Handshake, KeyPair, TlsEngine } from "./engine.ts";
import { SocketStream } from "./socket_stream.ts";

const LOOPBACK = "127.0.0.1";

type BackLimits = Pick<Limits, "acceptBackoffMs" | "tcpBacklog">;

/** What it needs of a server's limits. */
export type LoopbackLimits = BackLimits & Pick<Limits, "readBufferBytes">;

/** See the top of this file. */
export class LoopbackEngine implements TlsEngine {
  readonly #limits: LoopbackLimits;
  #back: Back | undefined;

  constructor(limits: LoopbackLimits) {
    this.#limits = limits;
  }

  use(pair: KeyPair): void {
    const back = new Back(pair, this.#limits); // throws before anything has changed
    this.#back?.close();
    this.#back = back;
  }

  begin(plain: Socket, head: Uint8Array): Handshake {
    const back = this.#back;
    if (back === undefined) throw new TypeError("No certificate: call use() first");
    const near = new SocketStream(plain, head);
    const { promise, resolve, reject } = Promise.withResolvers<Socket>();
    near.on("error", reject);
    near.on("close", () => reject(new Deno.errors.ConnectionReset("Ended in its handshake")));
    const connected = ({ relay, conn }: Relayed): void => {
      const plainly = new RuntimeSocket(relay, this.#limits.readBufferBytes);
      const far = new SocketStream(plainly, new Uint8Array(0));
      plainly.open(far);
      far.on("error", () => near.abort());
      near.on("close", () => far.abort());
      near.pipe(far).pipe(near);
      const socket = new LoopbackSocket(conn, { sizes: this.#limits.readBufferBytes, near });
      conn.handshake().then(() => resolve(socket), (problem) => {
        conn.close();
        near.abort();
        reject(problem);
      });
    };
    back.connect().then(connected, (problem) => {
      near.abort();
      reject(problem);
    });
    return { secured: promise, reader: near, abort: () => near.abort() };
  }

  close(): void {
    this.#back?.close();
    this.#back = undefined;
  }
}

/** A connection of ours to a listener of ours: what goes into `relay` comes out of `conn`. */
interface Relayed {
  readonly relay: Deno.Conn;
  readonly conn: Deno.TlsConn;
}

/** The server's end, which takes what is between it and the client with it. */
class LoopbackSocket extends RuntimeSocket {
  readonly #near: SocketStream;

  constructor(
    conn: Deno.TlsConn,
    { sizes, near }: { readonly sizes: Limits["readBufferBytes"]; readonly near: SocketStream },
  ) {
    super(conn, sizes);
    this.#near = near;
  }

  override async closeWrite(): Promise<void> {
    const passedOn = once(this.#near, "finish");
    await super.closeWrite();
    await passedOn;
  }

  override close(): void {
    super.close();
    this.#near.abort();
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

  constructor({ cert, key }: KeyPair, limits: BackLimits) {
    const { tcpBacklog } = limits;
    this.#listener = Deno.listenTls({ hostname: LOOPBACK, port: 0, tcpBacklog, cert, key });
    void acceptLoop(this.#listener, {
      clock: systemClock,
      limits,
      onConnection: (conn) => this.#accepted(conn),
      onError: () => {}, // who waits for a connection that does not come runs into its time limit
    });
  }

  /** Connects to it; closing it waits until that is done. */
  async connect(): Promise<Relayed> {
    const { port } = this.#listener.addr as Deno.NetAddr;
    this.#connecting++;
    try {
      const relay = await Deno.connect({ hostname: LOOPBACK, port });
      relay.setNoDelay(true);
      const own = (relay.localAddr as Deno.NetAddr).port;
      const { promise, resolve } = Promise.withResolvers<Deno.TlsConn>();
      const early = this.#early.get(own);
      this.#early.delete(own);
      if (early === undefined) this.#waiting.set(own, resolve);
      else resolve(early);
      return { relay, conn: await promise };
    } finally {
      this.#connecting--;
      this.#tidy();
    }
  }

  /** Closes once all of ours have been accepted. */
  close(): void {
    this.#closing = true;
    this.#tidy();
  }

  #accepted(conn: Deno.TlsConn): void {
    const { port } = conn.remoteAddr as Deno.NetAddr;
    const take = this.#waiting.get(port);
    this.#waiting.delete(port);
    if (take === undefined) this.#early.set(port, conn);
    else take(conn);
    this.#tidy();
  }

  #tidy(): void {
    if (this.#connecting > 0) return;
    for (const stranger of this.#early.values()) stranger.close();
    this.#early.clear();
    if (!this.#closing) return;
    this.#closing = false;
    this.#listener.close();
  }
}
