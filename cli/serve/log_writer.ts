// Lines into a file that may be full, slow or gone: whoever logs never waits, and never hears of it.
// Knows nothing of what the lines say.

import { WriteQueue } from "../../shared/write_queue.ts";

/** Where lines go: a file, or a standard stream. */
export interface LogTarget {
  write(bytes: Uint8Array): Promise<number>;
  close(): void;
}

/** How to make a writer. */
export interface LogWriterOptions {
  readonly target: LogTarget;
  /** The line that tells, once lines can be written again, how many are missing. */
  readonly lossLine: (lines: number) => string;
}

/** Characters kept for a disk that lags; what comes on top is lost, and counted. */
export const MAX_QUEUED_CHARS = 4 * 1024 * 1024;

const LF = 0x0a;
const ENCODER = new TextEncoder();

/** Writes lines in order, many at once when they come faster than they can be written. */
export class LogWriter {
  readonly #lossLine: (lines: number) => string;
  #target: LogTarget;
  /** Takes the target's place before the next write. */
  #successor: PromiseWithResolvers<void> & { target: LogTarget } | undefined;
  readonly #queue = new WriteQueue((lines) => this.#writeNext(lines));
  #written = 0;
  #lost = 0;
  /** Lost lines that no line has told of yet. */
  #untold = 0;
  /** The last write stopped in the middle of a line. */
  #torn = false;

  constructor({ target, lossLine }: LogWriterOptions) {
    this.#target = target;
    this.#lossLine = lossLine;
  }

  /** Lines since the start: those that are in the file, and those that never will be. */
  get figures(): { readonly written: number; readonly lost: number } {
    return { written: this.#written, lost: this.#lost };
  }

  /** Queues one line, which has its line end. */
  write(line: string): void {
    if (this.#queue.queuedChars + line.length > MAX_QUEUED_CHARS) return this.#lose(1);
    this.#queue.push(line);
  }

  /** What is queued goes on in another target; resolves once it does and the one before is closed. */
  replace(target: LogTarget): Promise<void> {
    const successor = { target, ...Promise.withResolvers<void>() };
    this.#successor = successor;
    this.#queue.wake();
    return successor.promise;
  }

  /** Closes the target once everything is written, or after `ms` milliseconds. */
  async close(ms: number): Promise<void> {
    if (await this.#queue.drained(ms)) this.#target.close();
  }

  async #writeNext(lines: readonly string[]): Promise<void> {
    this.#takeOver();
    if (lines.length > 0) await this.#writeLines(lines);
  }

  #takeOver(): void {
    if (this.#successor === undefined) return;
    const { target, resolve } = this.#successor;
    this.#successor = undefined;
    this.#target.close();
    this.#target = target;
    this.#torn = false;
    resolve();
  }

  async #writeLines(lines: readonly string[]): Promise<void> {
    const told = this.#untold;
    const head = (this.#torn ? "\n" : "") + (told > 0 ? this.#lossLine(told) : "");
    const bytes = ENCODER.encode(head + lines.join(""));
    const { done, failed } = await this.#writeBytes(bytes);
    if (done > 0) this.#torn = bytes[done - 1] !== LF;
    if (!failed) {
      this.#untold -= told;
      this.#written += lines.length;
      return;
    }
    const whole = countLines(bytes.subarray(0, done)) - countLines(ENCODER.encode(head));
    const written = Math.max(0, whole);
    if (whole >= 0) this.#untold -= told;
    this.#written += written;
    this.#lose(lines.length - written);
  }

  async #writeBytes(bytes: Uint8Array): Promise<{ done: number; failed: boolean }> {
    let done = 0;
    try {
      while (done < bytes.length) done += await this.#target.write(bytes.subarray(done));
      return { done, failed: false };
    } catch {
      // A full disk, a reader that is gone: it costs the log its lines, not the people their chat.
      return { done, failed: true };
    }
  }

  #lose(lines: number): void {
    this.#lost += lines;
    this.#untold += lines;
  }
}

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (const byte of bytes) if (byte === LF) lines++;
  return lines;
}
