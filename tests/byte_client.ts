// A client on a raw socket for dialects without lines: it sends given bytes and waits for exact
// bytes.

import { connectSocket, SocketClient, type TestAddress } from "./test_client.ts";

const DEADLINE_MS = 5_000;
const ENCODER = new TextEncoder();

/** A connection that is read as bytes. */
export class ByteClient extends SocketClient {
  protected readonly pumped: Promise<void>;
  /** Everything received and not yet matched, one character per byte. */
  #rest = "";
  #ended = false;
  #wake: () => void = () => {};

  private constructor(conn: Deno.Conn) {
    super(conn);
    this.pumped = this.#read();
  }

  /** Connects and sends nothing. */
  static async connect(place: TestAddress): Promise<ByteClient> {
    return new ByteClient(await connectSocket(place));
  }

  /** Waits until these bytes arrive, and drops them; returns what came before them. */
  async match(data: string | Uint8Array): Promise<string> {
    const wanted = latin1(typeof data === "string" ? ENCODER.encode(data) : data);
    await this.#until(() => this.#rest.includes(wanted), JSON.stringify(wanted));
    const at = this.#rest.indexOf(wanted);
    const before = this.#rest.slice(0, at);
    this.#rest = this.#rest.slice(at + wanted.length);
    return before;
  }

  /** Waits until the server closes; returns what was received and not matched. */
  async ended(): Promise<string> {
    await this.#until(() => this.#ended, "the end");
    return this.#rest;
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(4096);
    try {
      for (let count; (count = await this.conn.read(buffer)) !== null;) {
        this.#rest += latin1(buffer.subarray(0, count));
        this.#wake();
      }
    } catch {
      // A reset ends a stream just like an EOF.
    }
    this.#ended = true;
    this.#wake();
  }

  async #until(holds: () => boolean, what: string): Promise<void> {
    const until = performance.now() + DEADLINE_MS;
    while (!holds()) {
      const left = until - performance.now();
      if (left <= 0 || (this.#ended && what !== "the end")) {
        throw new Error(`waited for ${what}, got ${JSON.stringify(this.#rest)}`);
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = setTimeout(resolve, left);
      await promise;
      clearTimeout(timer);
    }
  }
}

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}
