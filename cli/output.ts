// Lines for a stream that may be slow, stopped (CTRL-S) or gone (`serve | head -1`, F58): the server
// must never wait for whoever reads its output. Knows nothing of what the lines say.

import { writeAll } from "../shared/write_all.ts";

/** Bytes kept for a reader that lags; what comes on top is dropped and counted. */
const MAX_QUEUED_BYTES = 4 * 1024 * 1024;

const ENCODER = new TextEncoder();

/** Writes text in order, one write at a time, without ever blocking or throwing. */
export class Output {
  readonly #stream: Pick<typeof Deno.stdout, "write">;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #dropped = 0;
  #gone = false;
  #writing: Promise<void> | undefined;

  constructor(stream: Pick<typeof Deno.stdout, "write">) {
    this.#stream = stream;
  }

  /** Queues `text` as it is. */
  write(text: string): void {
    if (this.#gone) return;
    const bytes = ENCODER.encode(text);
    if (this.#queuedBytes + bytes.length > MAX_QUEUED_BYTES) {
      this.#dropped++;
      return;
    }
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    this.#writing ??= this.#drain();
  }

  /** Queues one line. */
  line(text: string): void {
    this.write(text + "\n");
  }

  /** Resolves when everything is written, or after `ms` milliseconds. */
  async flushed(ms: number): Promise<void> {
    if (this.#writing === undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    await Promise.race([this.#writing, promise]);
    clearTimeout(timer);
  }

  async #drain(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        const bytes = join(this.#queue, this.#queuedBytes);
        this.#queue = [];
        this.#queuedBytes = 0;
        await writeAll(this.#stream, bytes);
        if (this.#dropped > 0) {
          const count = this.#dropped;
          this.#dropped = 0;
          this.write(`(${count} lines not shown: this output was not read)\n`);
        }
      }
    } catch {
      this.#gone = true; // EPIPE or EIO: nobody reads any more, which is no reason to stop
    }
    this.#writing = undefined;
  }
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const only = chunks[0];
  if (chunks.length === 1 && only) return only;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}
