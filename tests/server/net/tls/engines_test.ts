import { assert, assertRejects, assertStrictEquals } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../../server/limits/limits.ts";
import type { Socket, SocketKind, SocketReader } from "../../../../server/net/socket.ts";
import { openSockets } from "../../../../server/net/sockets.ts";
import { NodeEngine } from "../../../../server/net/tls/node_engine.ts";
import { makeSelfSigned, type SelfSigned } from "../../../../cli/cert/self_signed.ts";
import { until } from "../../../until.ts";

const KINDS: readonly SocketKind[] = ["system", "runtime"];

function selfMade(): Promise<SelfSigned> {
  return makeSelfSigned({ names: ["localhost"], days: 1, now: Date.now() });
}

/** Sends back what it receives, and a goodbye at the end. */
class Echo implements SocketReader {
  readonly #socket: Socket;
  readonly #onLost: () => void;
  #sent: Promise<void> = Promise.resolve();
  #left = false;

  /** `onLost` is called when the connection breaks. */
  constructor(socket: Socket, onLost: () => void) {
    this.#socket = socket;
    this.#onLost = onLost;
    socket.open(this);
    this.onReadable();
  }

  onReadable(): void {
    let chunk: Uint8Array | null | undefined;
    try {
      while ((chunk = this.#socket.receive())) this.#say(new Uint8Array(chunk));
    } catch {
      this.#onLost();
      return this.#socket.close();
    }
    if (chunk === null && !this.#left) void this.#leave();
  }

  #say(bytes: Uint8Array<ArrayBuffer>): void {
    this.#sent = this.#sent.then(async () => {
      for (let at = 0; at < bytes.length;) at += await this.#socket.write(bytes.subarray(at));
    });
  }

  async #leave(): Promise<void> {
    this.#left = true;
    this.#say(new TextEncoder().encode("goodbye"));
    await this.#sent;
    await this.#socket.closeWrite();
    this.#socket.close();
  }
}

/** A listener whose connections go through `engine`; counts failures. */
class Place implements AsyncDisposable {
  readonly engine: NodeEngine;
  readonly failures: unknown[] = [];
  lost = 0;
  readonly port: number;
  readonly #sockets;
  readonly #acceptor;
  readonly #loop: Promise<void>;

  constructor(engine: NodeEngine, kind: SocketKind) {
    this.engine = engine;
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.port = (listener.addr as Deno.NetAddr).port;
    this.#sockets = openSockets(kind, DEFAULT_LIMITS);
    this.#acceptor = this.#sockets.acceptor(listener);
    this.#loop = this.#accept();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#acceptor.close();
    await this.#loop;
    await this.#sockets.close();
  }

  async #accept(): Promise<void> {
    try {
      while (true) {
        const { socket } = await this.#acceptor.accept();
        const { reader, secured } = this.engine.begin(socket, new Uint8Array(0));
        socket.open(reader);
        secured.then(
          (secure) => new Echo(secure, () => this.lost++),
          (problem) => this.failures.push(problem),
        );
      }
    } catch {
      // closed
    }
  }
}

async function connect(port: number, { cert }: SelfSigned): Promise<Deno.TlsConn> {
  return await Deno.connectTls({ hostname: "localhost", port, caCerts: [cert] });
}

/** Forwards all bytes to `port`; `spoil()` sends the server bytes that are not TLS. */
async function through(
  port: number,
): Promise<{ port: number; spoil(): Promise<void> } & Disposable> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const far = await Deno.connect({ hostname: "127.0.0.1", port });
  void listener.accept().then((near) => {
    listener.close();
    void near.readable.pipeTo(far.writable, { preventClose: true }).catch(() => {});
    void far.readable.pipeTo(near.writable).catch(() => {});
  });
  return {
    port: (listener.addr as Deno.NetAddr).port,
    spoil: async () => void await far.write(new Uint8Array(100)),
    [Symbol.dispose]: () => {
      try {
        far.close();
      } catch {
        // closing the connection closed its streams
      }
    },
  };
}

async function all(conn: Deno.Conn): Promise<string> {
  return await new Response(conn.readable).text();
}

for (const kind of KINDS) {
  Deno.test(`NodeEngine over ${kind} sockets carries bytes both ways, also after one side's end`, async () => {
    const made = await selfMade();
    const engine = new NodeEngine(made);
    await using place = new Place(engine, kind);
    const conn = await connect(place.port, made);
    const text = "läuft ".repeat(50_000);
    const received = all(conn);
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
    await conn.closeWrite();
    const got = await received;
    assertStrictEquals(got.length, text.length + "goodbye".length);
    assert(got === `${text}goodbye`);
  });

  Deno.test(`NodeEngine over ${kind} sockets reports a handshake that fails, and continues`, async () => {
    const made = await selfMade();
    const engine = new NodeEngine(made);
    await using place = new Place(engine, kind);
    const stranger = await Deno.connect({ hostname: "127.0.0.1", port: place.port });
    await stranger.write(new TextEncoder().encode("\x16\x03\x01\x00\x05hello"));
    await until(() => place.failures.length === 1, "the failure");
    stranger.close();
    const conn = await connect(place.port, made);
    await conn.handshake();
    conn.close();
  });

  Deno.test(`NodeEngine over ${kind} sockets ends a peer that sends no TLS after the handshake`, async () => {
    const made = await selfMade();
    const engine = new NodeEngine(made);
    await using place = new Place(engine, kind);
    using spoiler = await through(place.port);
    const conn = await connect(spoiler.port, made);
    await conn.write(new Uint8Array(1));
    await conn.read(new Uint8Array(1)); // so the server's side of the handshake is done too
    await spoiler.spoil();
    await assertRejects(() => all(conn)); // an alert, or the end without one
    await until(() => place.lost === 1, "the server's end");
  });

  Deno.test(`NodeEngine over ${kind} sockets shows a new certificate without touching connected peers (F71)`, async () => {
    const [first, second] = await Promise.all([selfMade(), selfMade()]);
    const engine = new NodeEngine(first);
    await using place = new Place(engine, kind);
    const there = await connect(place.port, first);
    await there.handshake();
    engine.use(second);
    await assertRejects(() => connect(place.port, first).then((conn) => conn.handshake()));
    const next = await connect(place.port, second);
    for (const conn of [there, next]) {
      const buffer = new Uint8Array(10);
      await conn.write(new TextEncoder().encode("still?"));
      const count = await conn.read(buffer);
      assertStrictEquals(new TextDecoder().decode(buffer.subarray(0, count ?? 0)), "still?");
      conn.close();
    }
  });
}
