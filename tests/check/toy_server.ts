// The smallest server that can be wrong: connections, bytes in, bytes out. What the bytes mean, and
// which bugs there are, is in buggy_servers.ts.

import type { Address } from "../../client/dial.ts";

/** Bytes that may be queued for a client before it is disconnected. */
const MAX_QUEUED_BYTES = 1024 * 1024;

/** One client of a toy server. */
export class ToyPeer {
  name = "";
  /** Bytes received that are no whole message yet. */
  buffer: Uint8Array = new Uint8Array(0);
  #queuedBytes = 0;
  #writes: Promise<void> = Promise.resolve();

  constructor(readonly conn: Deno.Conn) {}

  /** Queues bytes; resolves once they are written (true) or cannot be (false). */
  async send(bytes: Uint8Array): Promise<boolean> {
    let isWritten = true;
    this.#queuedBytes += bytes.length;
    if (this.#queuedBytes > MAX_QUEUED_BYTES) this.close();
    this.#writes = this.#writes.then(async () => {
      try {
        for (let at = 0; at < bytes.length;) at += await this.conn.write(bytes.subarray(at));
      } catch {
        isWritten = false; // disconnected
      }
      this.#queuedBytes -= bytes.length;
    });
    await this.#writes;
    return isWritten;
  }

  close(): void {
    try {
      this.conn.close();
    } catch {
      // closed already
    }
  }
}

/** How a toy server reacts to its clients. */
export interface Behaviour {
  /** Called when a client has connected. */
  greets?(peer: ToyPeer): void;
  chunk(peer: ToyPeer, bytes: Uint8Array, toy: ToyServer): void | Promise<void>;
  /** Called when a connection was reset. */
  reset?(toy: ToyServer): void;
  /** Called when a connection has ended. */
  gone?(peer: ToyPeer): void;
  /** Leaves the connection of a client that has ended its side open. */
  readonly neverCloses?: boolean;
}

/** A server on a free port of 127.0.0.1. */
export class ToyServer implements AsyncDisposable {
  readonly peers = new Set<ToyPeer>();
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #sessions: Promise<void>[] = [];
  readonly #behaviour: Behaviour;

  constructor(behaviour: Behaviour) {
    this.#behaviour = behaviour;
    this.#sessions.push(this.#accept());
  }

  get address(): Address {
    return { kind: "tcp", host: "127.0.0.1", port: (this.#listener.addr as Deno.NetAddr).port };
  }

  /** Ends as a crashing process does. */
  die(): void {
    try {
      this.#listener.close();
    } catch {
      // dead already
    }
    for (const peer of this.peers) peer.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.die();
    await Promise.all(this.#sessions);
  }

  async #accept(): Promise<void> {
    try {
      for await (const conn of this.#listener) {
        conn.setNoDelay(); // 40 ms for an acknowledgement are most of a second of the fast clock
        this.#sessions.push(this.#serve(new ToyPeer(conn)));
      }
    } catch {
      // closed
    }
  }

  async #serve(peer: ToyPeer): Promise<void> {
    this.peers.add(peer);
    this.#behaviour.greets?.(peer);
    const buffer = new Uint8Array(16 * 1024);
    try {
      for (let count; (count = await peer.conn.read(buffer)) !== null;) {
        await this.#behaviour.chunk(peer, buffer.slice(0, count), this);
      }
      if (this.#behaviour.neverCloses) return;
    } catch (error) {
      if (error instanceof Deno.errors.ConnectionReset) this.#behaviour.reset?.(this);
    }
    this.peers.delete(peer);
    this.#behaviour.gone?.(peer);
    await peer.send(new Uint8Array(0)); // what is queued is written first
    peer.close();
  }
}
