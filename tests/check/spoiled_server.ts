// Our own server behind somebody who spoils what passes: a bug in few lines, in a dialect that would
// take many to write a server for.

import type { Address } from "../../client/dial.ts";
import { latin1, latin1Bytes } from "../../check/bytes.ts";
import { DEFAULT_LIMITS } from "../../server/limits/limits.ts";
import type { FastClock } from "../fast_clock.ts";
import { ServerFixture } from "../faults/server_fixture.ts";

/** What happens to the bytes of one connection, as strings of a character each. */
export interface Spoiler {
  /** What the server gets instead of what the client sent; `answer` writes to the client. */
  up?(text: string, answer: (text: string) => void): string;
  /** What the client gets instead of what the server sent. */
  down?(text: string): string;
}

/** A room that is reached through a spoiler, one for each connection. */
export class SpoiledServer implements AsyncDisposable {
  readonly #room: ServerFixture;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #work: Promise<void>[] = [];
  readonly #make: () => Spoiler;

  private constructor(room: ServerFixture, make: () => Spoiler) {
    this.#room = room;
    this.#make = make;
    this.#work.push(this.#accept());
  }

  /** Opens one. */
  static async open(make: () => Spoiler, clock: FastClock): Promise<SpoiledServer> {
    const { messageRate } = DEFAULT_LIMITS;
    return new SpoiledServer(await ServerFixture.open({ clock, limits: { messageRate } }), make);
  }

  get address(): Address {
    return { kind: "tcp", host: "127.0.0.1", port: (this.#listener.addr as Deno.NetAddr).port };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await Promise.all(this.#work);
    await this.#room[Symbol.asyncDispose]();
  }

  async #accept(): Promise<void> {
    try {
      for await (const client of this.#listener) this.#work.push(this.#pass(client));
    } catch {
      // closed
    }
  }

  async #pass(client: Deno.TcpConn): Promise<void> {
    const port = "port" in this.#room.tcp ? this.#room.tcp.port : 0;
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

/** Passes on what comes until its end, which is passed on too. */
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
    // one of the two has gone
  }
  await to.closeWrite().catch(() => {});
}
