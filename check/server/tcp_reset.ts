// A connection that ends with a reset (RST): the one thing the runtime's own sockets cannot do, and
// node's can.

import { connect, type Socket } from "node:net";
import type { Address } from "../../client/dial.ts";

/** A client that reads nothing and ends by a reset. */
export class ResetConnection {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Connects; nothing when there is no server. */
  static async connect(address: Address): Promise<ResetConnection | undefined> {
    const socket = address.kind === "unix"
      ? connect(address.path)
      : connect(address.port, address.host);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    socket.once("connect", () => resolve(true));
    socket.on("error", () => resolve(false)); // later ones are the server's affair
    if (await promise) return new ResetConnection(socket.pause());
    socket.destroy();
    return undefined;
  }

  /** Sends `bytes`, without waiting. */
  send(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Ends the connection at once, with a reset where the socket can; resolves when it is over. */
  async reset(): Promise<void> {
    if (this.#socket.closed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#socket.once("close", () => resolve());
    try {
      this.#socket.resetAndDestroy();
    } catch {
      this.#socket.destroy(); // a Unix socket: what it has not read makes the end a reset
    }
    await promise;
  }
}
