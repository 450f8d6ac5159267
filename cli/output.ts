// Writes lines to a stream that may be slow, stopped (CTRL-S) or closed (`serve | head -1`, F58)
// without ever blocking the server.

import { writeAll } from "../shared/write_all.ts";
import { WriteQueue } from "../shared/write_queue.ts";

/** UTF-16 units queued for a slow reader; further lines are dropped and counted. */
const MAX_QUEUED = 4 * 1024 * 1024;

const ENCODER = new TextEncoder();

/** Writes text in order, one write at a time, without ever blocking or throwing. */
export class Output {
  readonly #queue: WriteQueue;
  readonly #lossText: (lines: number) => string;
  #dropped = 0;
  #closed = false;

  /** `lossText` makes the line that states how many lines were dropped. */
  constructor(
    stream: Pick<typeof Deno.stdout, "write">,
    lossText: (lines: number) => string,
  ) {
    this.#lossText = lossText;
    this.#queue = new WriteQueue((texts) => this.#writeAll(stream, texts));
  }

  /** Queues `text` without a line end. */
  write(text: string): void {
    if (this.#closed) return;
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
    if (this.#closed) return;
    try {
      await writeAll(stream, ENCODER.encode(texts.join("")));
    } catch {
      this.#closed = true; // EPIPE or EIO: the reader has closed, the server runs on
    }
    if (this.#dropped === 0) return;
    const count = this.#dropped;
    this.#dropped = 0;
    this.line(this.#lossText(count));
  }
}
