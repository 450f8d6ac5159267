// A connection that ends with a reset (RST), which node's sockets can send and the runtime's own
// cannot.

import { connect, type Socket } from "node:net";
import type { Address } from "../../client/dial.ts";

/** A client that reads nothing and ends with a reset. */
export class ResetConnection {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Connects; undefined if no server answers. */
  static async connect(address: Address): Promise<ResetConnection | undefined> {
    const socket = address.kind === "unix"
      ? connect(address.path)
      : connect(address.port, address.host);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    socket.once("connect", () => resolve(true));
    socket.on("error", () => resolve(false)); // later ones follow from the check
    if (await promise) return new ResetConnection(socket.pause());
    socket.destroy();
    return undefined;
  }

  /** Sends `bytes` without waiting for the write. */
  send(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Ends the connection, with a reset if the socket can send one; resolves once it is closed. */
  async reset(): Promise<void> {
    if (this.#socket.closed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#socket.once("close", () => resolve());
    try {
      this.#socket.resetAndDestroy();
    } catch {
      this.#socket.destroy(); // a Unix socket: bytes left unread make the end a reset
    }
    await promise;
  }
}
