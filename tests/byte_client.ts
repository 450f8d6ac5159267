// A client on a raw socket for dialects that are not lines: it sends exactly what it is told to and
// waits for exact bytes.

import type { TestAddress } from "./test_client.ts";

const DEADLINE_MS = 5_000;
const ENCODER = new TextEncoder();

/** One connection. */
export class ByteClient implements AsyncDisposable {
  readonly #conn: Deno.Conn;
  readonly #pump: Promise<void>;
  /** Everything that came and was not waited for yet, a character for each byte. */
  #rest = "";
  #ended = false;
  #wake: () => void = () => {};

  private constructor(conn: Deno.Conn) {
    this.#conn = conn;
    this.#pump = this.#read();
  }

  /** Connects and says nothing. */
  static async connect(place: TestAddress): Promise<ByteClient> {
    return new ByteClient(
      "path" in place
        ? await Deno.connect({ transport: "unix", path: place.path })
        : await Deno.connect({ hostname: "127.0.0.1", port: place.port }),
    );
  }

  /** Sends text or bytes, all of them. */
  async send(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? ENCODER.encode(data) : data;
    for (let at = 0; at < bytes.length;) at += await this.#conn.write(bytes.subarray(at));
  }

  /** Waits until these bytes have come; answers what came before them, which is gone then as well. */
  async match(data: string | Uint8Array): Promise<string> {
    const wanted = latin1(typeof data === "string" ? ENCODER.encode(data) : data);
    await this.#until(() => this.#rest.includes(wanted), JSON.stringify(wanted));
    const at = this.#rest.indexOf(wanted);
    const before = this.#rest.slice(0, at);
    this.#rest = this.#rest.slice(at + wanted.length);
    return before;
  }

  /** Waits until the server has closed; answers what had come and was not waited for. */
  async ended(): Promise<string> {
    await this.#until(() => this.#ended, "the end");
    return this.#rest;
  }

  /** Half-closes: this side sends no more. */
  async end(): Promise<void> {
    await this.#conn.closeWrite();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#conn.close();
    } catch {
      // closed already
    }
    await this.#pump;
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(4096);
    try {
      for (let count; (count = await this.#conn.read(buffer)) !== null;) {
        this.#rest += latin1(buffer.subarray(0, count));
        this.#wake();
      }
    } catch {
      // A reset ends a stream as much as an EOF does.
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
