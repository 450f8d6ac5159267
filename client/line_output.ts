// Standard output as lines. Lines that arrive during a write go out together in the next one: one
// write per line would be slower than a server may send.

import { writeAll } from "../shared/write_all.ts";
import { WriteQueue } from "../shared/write_queue.ts";

/** UTF-16 units that may be queued; above it `write()` returns a promise. */
const MAX_WAITING = 64 * 1024;

const ENCODER = new TextEncoder();

/** Writes lines in order; memory is bounded if the caller awaits what `write()` returns. */
export class LineOutput {
  readonly #queue: WriteQueue;
  #failed = false;

  /** Calls `onFailure` once, at the first failed write; nothing is written after it. */
  constructor(
    stream: { write(bytes: Uint8Array): Promise<number> },
    onFailure: (error: unknown) => void,
  ) {
    this.#queue = new WriteQueue(async (lines) => {
      if (this.#failed) return;
      try {
        await writeAll(stream, ENCODER.encode(lines.join("")));
      } catch (error) {
        this.#failed = true;
        onFailure(error);
      }
    });
  }

  /**
   * Queues a line without its ending. Returns a promise if too much is queued: await it before
   * more.
   */
  write(line: string): Promise<void> | undefined {
    if (this.#failed) return undefined;
    this.#queue.push(line + "\n");
    return this.#queue.queuedChars > MAX_WAITING ? this.drained() : undefined;
  }

  /** Resolves when everything queued so far was written, or writing has failed. */
  async drained(): Promise<void> {
    await this.#queue.drained();
  }
}
