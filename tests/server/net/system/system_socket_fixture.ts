// Sockets by direct calls, for the tests of server/net/system: a poller, and pairs of sockets whose
// other end is the runtime's.

import { assert } from "@std/assert";
import { type Libc, libc } from "../../../../server/net/system/libc.ts";
import { listenerDescriptor, SystemAcceptor } from "../../../../server/net/system/acceptor.ts";
import { Poller } from "../../../../server/net/system/poller.ts";
import type { SocketContext, SystemSocket } from "../../../../server/net/system/system_socket.ts";

/** Whether these sockets work here: elsewhere the runtime's are used. */
const HAS_SYSTEM_SOCKETS: boolean = Deno.build.os === "linux" && libc() !== undefined;

/** The parameter of a {@linkcode systemTest}. */
export class SystemSocketFixture implements AsyncDisposable {
  readonly libc: Libc;
  readonly poller: Poller;
  readonly context: SocketContext;
  readonly #close: (() => void)[] = [];

  constructor(bufferBytes = 16) {
    const functions = libc();
    assert(functions);
    this.libc = functions;
    this.poller = new Poller(functions);
    const buffer = new Uint8Array(bufferBytes);
    this.context = { libc: functions, poller: this.poller, buffer, vanishedMs: 120_000 };
  }

  /** An acceptor by direct calls for a listener of the runtime. */
  listen(listener: Deno.Listener): SystemAcceptor {
    const fd = listenerDescriptor(listener, this.libc);
    assert(fd !== undefined, "the listener's descriptor is found");
    const acceptor = new SystemAcceptor(listener, fd, this.context);
    this.#close.push(() => acceptor.close());
    return acceptor;
  }

  /** An accepted socket and the peer's end of it. */
  async pair(): Promise<{ socket: SystemSocket; peer: Deno.TcpConn; address: string }> {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const acceptor = this.listen(listener);
    const [peer, accepted] = await Promise.all([
      Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }),
      acceptor.accept(),
    ]);
    acceptor.close();
    const socket = accepted.socket as SystemSocket;
    this.#close.push(() => socket.close());
    this.#close.push(() => closeQuietly(peer));
    return { socket, peer, address: accepted.address };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#close) close();
    await this.poller.stop();
  }
}

function closeQuietly(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch {
    // the test has closed it
  }
}

/** Collects all that a socket receives. */
export class Receiver {
  readonly bytes: number[] = [];
  end: "eof" | Error | undefined;
  reported = 0;
  readonly #socket: SystemSocket;

  constructor(socket: SystemSocket) {
    this.#socket = socket;
    socket.open(this);
  }

  get text(): string {
    return new TextDecoder().decode(new Uint8Array(this.bytes));
  }

  onReadable(): void {
    this.reported++;
    try {
      while (this.end === undefined) {
        const chunk = this.#socket.receive();
        if (chunk === undefined) return;
        if (chunk === null) this.end = "eof";
        else this.bytes.push(...chunk);
      }
    } catch (problem) {
      this.end = problem as Error;
    }
  }
}

/** Defines a test that runs only where these sockets work. */
export function systemTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, ignore: !HAS_SYSTEM_SOCKETS });
}
