// An acceptor whose connections the test makes.

import type { Accepted, Acceptor } from "../../../server/net/socket.ts";
import { FakeSocket } from "../../fake_clock_and_socket.ts";

/** Connections from 192.0.2.1, or another address. */
export class FakeAcceptor implements Acceptor {
  readonly #came: (Accepted | Error)[] = [];
  #wake: (() => void) | undefined;
  closed = false;

  connect(problem?: Error, address = "192.0.2.1"): FakeSocket {
    const socket = new FakeSocket();
    this.#came.push(problem ?? { socket, address });
    this.#wake?.();
    return socket;
  }

  async accept(): Promise<Accepted> {
    while (true) {
      if (this.closed) throw new Deno.errors.BadResource("closed");
      const next = this.#came.shift();
      if (next instanceof Error) throw next;
      if (next !== undefined) return next;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  close(): void {
    this.closed = true;
    this.#wake?.();
  }
}
