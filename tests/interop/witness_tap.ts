// A relay between a client and a server that keeps every piece of bytes with the time at which it
// passed: it shows what was sent when, without a change to either program.

import { writeAll } from "../../shared/write_all.ts";
import { connectSocket, type TestAddress } from "../test_client.ts";

/** Bytes of one way that are kept; what comes after them passes unseen. */
const KEPT_BYTES = 128 * 1024;

/** Bytes that passed in one read. */
export interface TappedPiece {
  /** When they came, by `performance.now()`. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** One connection through a tap. */
export interface TappedConnection {
  /** What the client has sent. */
  readonly sent: TappedPiece[];
  /** What the server has sent. */
  readonly received: TappedPiece[];
}

/** A listening relay. */
export class WitnessTap implements AsyncDisposable {
  readonly connections: TappedConnection[] = [];
  readonly #open = new Set<Deno.Conn>();
  readonly #ended: Promise<unknown>;

  private constructor(readonly listener: Deno.Listener, readonly toward: TestAddress) {
    this.#ended = this.#accept();
  }

  /** Relays a free TCP port, or that path if there is one, to that address. */
  static open(toward: TestAddress, path?: string): WitnessTap {
    return new WitnessTap(
      path === undefined
        ? Deno.listen({ hostname: "127.0.0.1", port: 0 })
        : Deno.listen({ transport: "unix", path }) as Deno.Listener,
      toward,
    );
  }

  get port(): number {
    const { addr } = this.listener;
    return addr.transport === "tcp" ? addr.port : 0;
  }

  /** All bytes that went one way, in all connections. */
  bytes(way: "sent" | "received"): Uint8Array {
    return joined(this.connections.flatMap((connection) => connection[way]));
  }

  /** When the last byte of that text passed, in UTF-8 or Latin-1; undefined if it has not. */
  passedAt(way: "sent" | "received", text: string): number | undefined {
    for (const connection of this.connections) {
      for (const [index, { at }] of connection[way].entries()) {
        const until = joined(connection[way].slice(0, index + 1));
        if (holds(until, text)) return at;
      }
    }
    return undefined;
  }

  /** When the client last sent something before that time; undefined if it had sent nothing. */
  lastSentBefore(time: number): number | undefined {
    return this.connections.flatMap(({ sent }) => sent).map(({ at }) => at)
      .filter((at) => at <= time).at(-1);
  }

  async #accept(): Promise<void> {
    const relays: Promise<unknown>[] = [];
    try {
      for await (const client of this.listener) {
        this.#open.add(client);
        const server = await connectSocket(this.toward);
        this.#open.add(server);
        const connection: TappedConnection = { sent: [], received: [] };
        this.connections.push(connection);
        relays.push(
          this.#relay(client, server, connection.sent),
          this.#relay(server, client, connection.received),
        );
      }
    } catch {
      // The listener was closed, or nothing listens at the other end.
    }
    await Promise.all(relays);
  }

  async #relay(from: Deno.Conn, to: Deno.Conn, pieces: TappedPiece[]): Promise<void> {
    const buffer = new Uint8Array(65_536);
    let kept = 0;
    try {
      for (let count; (count = await from.read(buffer)) !== null;) {
        const bytes = buffer.slice(0, count);
        if (kept < KEPT_BYTES) pieces.push({ at: performance.now(), bytes });
        kept += count;
        await writeAll(to, bytes);
      }
      await to.closeWrite();
    } catch {
      this.#close(to); // a reset of one side ends the other
      this.#close(from);
    }
  }

  #close(conn: Deno.Conn): void {
    if (this.#open.delete(conn)) conn.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.listener.close();
    for (const conn of this.#open) this.#close(conn);
    await this.#ended;
  }
}

function joined(pieces: readonly TappedPiece[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let at = 0;
  for (const { bytes } of pieces) {
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole;
}

function holds(bytes: Uint8Array, text: string): boolean {
  const latin1 = new TextDecoder("latin1").decode(bytes);
  return latin1.includes(text) || new TextDecoder().decode(bytes).includes(text);
}
