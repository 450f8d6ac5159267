// Adapts a Deno connection to a Node stream, for node:tls.

import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";
import { writeAll } from "../../shared/write_all.ts";
import type { Wire } from "../client_connection.ts";

const READ_BYTES = 16 * 1024;

/** Uses `conn` alone from now on; destroying the stream closes it. */
export class ConnStream extends Duplex {
  readonly #conn: Wire;

  constructor(conn: Wire) {
    super({ allowHalfOpen: true });
    this.#conn = conn;
  }

  override _read(): void {
    const buffer = Buffer.alloc(READ_BYTES);
    this.#conn.read(buffer).then(
      (count) => this.push(count === null ? null : buffer.subarray(0, count)),
      (problem) => this.destroy(problem),
    );
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#send(chunk).then(() => done(), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#conn.closeWrite().then(() => done(), done);
  }

  override _destroy(problem: Error | null, done: (error?: Error | null) => void): void {
    this.#conn.close();
    done(problem);
  }

  async #send(bytes: Uint8Array): Promise<void> {
    await writeAll(this.#conn, bytes);
  }
}
