// A TCP proxy that misbehaves on purpose: between clients and a server it cuts, stalls, swallows what
// the server says, and lets nobody through. It knows no protocol.

import { writeAll } from "../../shared/write_all.ts";

/** What it does to what passes. */
export type ProxyMode =
  /** Passes everything on. */
  | "fair"
  /** Passes nothing on in either direction; what comes waits. */
  | "stalled"
  /** What the server says is lost, what clients say arrives: acknowledgements never come. */
  | "deaf"
  /** Whoever connects is cut off at once. */
  | "closed";

/** One client's way through. */
interface Passage {
  readonly client: Deno.TcpConn;
  readonly server: Deno.TcpConn;
}

const CHUNK_BYTES = 16 * 1024;

/** A proxy before one port. */
export class Proxy implements AsyncDisposable {
  readonly #listener: Deno.TcpListener;
  readonly #target: number;
  readonly #passages = new Set<Passage>();
  readonly #loops = new Set<Promise<void>>();
  #mood: ProxyMode = "fair";
  #moodChanged = Promise.withResolvers<void>();

  /** Passes connections on to port `target` of this machine. */
  constructor(target: number) {
    this.#target = target;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#track(this.#accept());
  }

  /** Where clients connect. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** What it does. */
  get mood(): ProxyMode {
    return this.#mood;
  }

  set mood(mood: ProxyMode) {
    this.#mood = mood;
    this.#moodChanged.resolve();
    this.#moodChanged = Promise.withResolvers();
  }

  /** Cuts every connection there is. */
  cut(): void {
    for (const { client, server } of this.#passages) {
      close(client);
      close(server);
    }
    this.#passages.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.mood = "closed";
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
        continue; // whoever wanted in has gone
      }
      if (this.#mood === "closed") close(client);
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

  /** Passes on what `from` says until it ends or breaks, which both sides are then told. */
  async #pump(from: Deno.TcpConn, to: Deno.TcpConn, way: "up" | "down"): Promise<void> {
    const buffer = new Uint8Array(CHUNK_BYTES);
    try {
      for (;;) {
        const count = await from.read(buffer);
        while (this.#mood === "stalled") await this.#moodChanged.promise;
        if (count === null) break;
        if (this.#mood === "deaf" && way === "down") continue;
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
