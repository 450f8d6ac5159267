// Our own server with a proxy in front that spoils the bytes: a bug in a few lines, in a dialect
// whose server would take many.

import type { Address } from "../../client/dial.ts";
import { latin1, latin1Bytes } from "../../check/bytes.ts";
import { DEFAULT_LIMITS } from "../../server/limits/limits.ts";
import type { FastClock } from "../fast_clock.ts";
import { ServerFixture } from "../faults/server_fixture.ts";

/** Changes the bytes of one connection, as strings with a character per byte. */
export interface Spoiler {
  /** Returns what the server gets instead of the client's bytes; `answer` writes to the client. */
  up?(text: string, answer: (text: string) => void): string;
  /** Returns what the client gets instead of the server's bytes. */
  down?(text: string): string;
}

/** A server that is reached through a proxy, with a spoiler for each connection. */
export class SpoiledServer implements AsyncDisposable {
  readonly #fixture: ServerFixture;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #work: Promise<void>[] = [];
  readonly #make: () => Spoiler;

  private constructor(fixture: ServerFixture, make: () => Spoiler) {
    this.#fixture = fixture;
    this.#make = make;
    this.#work.push(this.#accept());
  }

  /** Starts the server and the proxy. */
  static async open(make: () => Spoiler, clock: FastClock): Promise<SpoiledServer> {
    // System sockets are waited for on another thread, which a busy machine may leave waiting while the
    // fast clock goes on: an answer would be late by that clock. The runtime's are polled each turn.
    ServerFixture.sockets = "runtime";
    const { messageRate } = DEFAULT_LIMITS;
    return new SpoiledServer(await ServerFixture.open({ clock, limits: { messageRate } }), make);
  }

  get address(): Address {
    return { kind: "tcp", host: "127.0.0.1", port: (this.#listener.addr as Deno.NetAddr).port };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await Promise.all(this.#work);
    await this.#fixture[Symbol.asyncDispose]();
  }

  async #accept(): Promise<void> {
    try {
      for await (const client of this.#listener) this.#work.push(this.#pass(client));
    } catch {
      // closed
    }
  }

  async #pass(client: Deno.TcpConn): Promise<void> {
    const port = "port" in this.#fixture.tcp ? this.#fixture.tcp.port : 0;
    const server = await Deno.connect({ hostname: "127.0.0.1", port });
    for (const conn of [client, server]) conn.setNoDelay();
    const { up, down } = this.#make();
    const answer = (text: string) => void client.write(latin1Bytes(text)).catch(() => {});
    await Promise.all([
      pump(client, server, (text) => up === undefined ? text : up(text, answer)),
      pump(server, client, (text) => down === undefined ? text : down(text)),
    ]);
    client.close();
    server.close();
  }
}

/** Copies bytes until the end of input, and then half-closes. */
async function pump(
  from: Deno.TcpConn,
  to: Deno.TcpConn,
  spoil: (text: string) => string,
): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  try {
    for (let count; (count = await from.read(buffer)) !== null;) {
      const bytes = latin1Bytes(spoil(latin1(buffer.subarray(0, count))));
      for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
    }
  } catch {
    // one of the two has closed
  }
  await to.closeWrite().catch(() => {});
}
