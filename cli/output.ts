// Lines for a stream that may be slow, stopped (CTRL-S) or gone (`serve | head -1`, F58): the server
// never waits for a reader of its output.

import { writeAll } from "../shared/write_all.ts";
import { WriteQueue } from "../shared/write_queue.ts";

/** UTF-16 units kept for a reader that lags; what comes on top is dropped and counted. */
const MAX_QUEUED = 4 * 1024 * 1024;

const ENCODER = new TextEncoder();

/** Writes text in order, one write at a time, without ever blocking or throwing. */
export class Output {
  readonly #queue: WriteQueue;
  #dropped = 0;
  #gone = false;

  constructor(stream: Pick<typeof Deno.stdout, "write">) {
    this.#queue = new WriteQueue((texts) => this.#writeAll(stream, texts));
  }

  /** Queues `text` as it is. */
  write(text: string): void {
    if (this.#gone) return;
    if (this.#queue.queuedChars + text.length > MAX_QUEUED) this.#dropped++;
    else this.#queue.push(text);
  }

  /** Queues one line. */
  line(text: string): void {
    this.write(text + "\n");
  }

  /** Resolves when everything is written, or after `ms` milliseconds. */
  async flushed(ms: number): Promise<void> {
    await this.#queue.drained(ms);
  }

  async #writeAll(
    stream: Pick<typeof Deno.stdout, "write">,
    texts: readonly string[],
  ): Promise<void> {
    if (this.#gone) return;
    try {
      await writeAll(stream, ENCODER.encode(texts.join("")));
    } catch {
      this.#gone = true; // EPIPE or EIO: the reader has gone, which is no reason to stop
    }
    if (this.#dropped === 0) return;
    const count = this.#dropped;
    this.#dropped = 0;
    this.write(`(${count} lines not shown: this output was not read)\n`);
  }
}
