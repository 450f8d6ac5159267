// A TCP proxy that injects faults between clients and a server: cuts, stalls, discards the server's
// bytes, or refuses clients.

import { writeAll } from "../../shared/write_all.ts";

/** How it handles bytes. */
export type ProxyMode =
  /** Forwards everything. */
  | "fair"
  /** Forwards nothing in either direction; bytes wait. */
  | "stalled"
  /** Forwards what clients send and discards what the server sends: acknowledgements get lost. */
  | "deaf"
  /** Closes every new connection immediately. */
  | "closed";

/** One client's connection through the proxy. */
interface Passage {
  readonly client: Deno.TcpConn;
  readonly server: Deno.TcpConn;
}

const CHUNK_BYTES = 16 * 1024;

/** A proxy in front of one port. */
export class Proxy implements AsyncDisposable {
  readonly #listener: Deno.TcpListener;
  readonly #target: number;
  readonly #passages = new Set<Passage>();
  readonly #loops = new Set<Promise<void>>();
  #mode: ProxyMode = "fair";
  #modeChanged = Promise.withResolvers<void>();

  /** Forwards connections to port `target` of this machine. */
  constructor(target: number) {
    this.#target = target;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#track(this.#accept());
  }

  /** The port that clients connect to. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** The current mode. */
  get mode(): ProxyMode {
    return this.#mode;
  }

  set mode(mode: ProxyMode) {
    this.#mode = mode;
    this.#modeChanged.resolve();
    this.#modeChanged = Promise.withResolvers();
  }

  /** Cuts all connections. */
  cut(): void {
    for (const { client, server } of this.#passages) {
      close(client);
      close(server);
    }
    this.#passages.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.mode = "closed";
    this.cut();
    while (this.#loops.size > 0) await Promise.all(this.#loops);
  }

  #track(loop: Promise<void>): void {
    this.#loops.add(loop);
    void loop.finally(() => this.#loops.delete(loop));
  }

  async #accept(): Promise<void> {
    for (;;) {
      let client: Deno.TcpConn;
      try {
        client = await this.#listener.accept();
      } catch (error) {
        if (error instanceof Deno.errors.BadResource) return;
        continue; // the client has disconnected
      }
      if (this.#mode === "closed") close(client);
      else this.#track(this.#pass(client));
    }
  }

  async #pass(client: Deno.TcpConn): Promise<void> {
    let server: Deno.TcpConn;
    try {
      server = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
    } catch {
      return close(client);
    }
    const passage = { client, server };
    this.#passages.add(passage);
    await Promise.all([this.#pump(client, server, "up"), this.#pump(server, client, "down")]);
    this.#passages.delete(passage);
    close(client);
    close(server);
  }

  /** Forwards what `from` sends until it ends or breaks, then ends both sides. */
  async #pump(from: Deno.TcpConn, to: Deno.TcpConn, way: "up" | "down"): Promise<void> {
    const buffer = new Uint8Array(CHUNK_BYTES);
    try {
      for (;;) {
        const count = await from.read(buffer);
        while (this.#mode === "stalled") await this.#modeChanged.promise;
        if (count === null) break;
        if (this.#mode === "deaf" && way === "down") continue;
        await writeAll(to, buffer.subarray(0, count));
      }
      await to.closeWrite();
    } catch {
      close(from);
      close(to);
    }
  }
}

function close(conn: Deno.TcpConn): void {
  try {
    conn.close();
  } catch {
    // It is closed.
  }
}
