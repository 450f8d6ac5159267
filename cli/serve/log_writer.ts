// Writes lines to a file in the background: the caller never waits, and lines that a slow or full
// disk does not take are dropped and counted.

import { WriteQueue } from "../../shared/write_queue.ts";

/** A file, or a standard stream. */
export interface LogTarget {
  write(bytes: Uint8Array): Promise<number>;
  close(): void;
}

export interface LogWriterOptions {
  readonly target: LogTarget;
  /** Makes the line that states, once lines can be written again, how many were lost. */
  readonly lossLine: (lines: number) => string;
}

/** Characters queued for a slow disk; further lines are dropped and counted. */
export const MAX_QUEUED_CHARS = 4 * 1024 * 1024;

const LF = 0x0a;
const ENCODER = new TextEncoder();

/** Writes lines in order, several in one write if they are queued faster than they are written. */
export class LogWriter {
  readonly #lossLine: (lines: number) => string;
  #target: LogTarget;
  /** Replaces the target before the next write. */
  #successor: PromiseWithResolvers<void> & { target: LogTarget } | undefined;
  readonly #queue = new WriteQueue((lines) => this.#writeNext(lines));
  #written = 0;
  #lost = 0;
  /** Lost lines that no loss line has stated yet. */
  #unreported = 0;
  /** Whether the last write ended in the middle of a line. */
  #torn = false;

  constructor({ target, lossLine }: LogWriterOptions) {
    this.#target = target;
    this.#lossLine = lossLine;
  }

  /** Numbers of lines written and lost since the start. */
  get figures(): { readonly written: number; readonly lost: number } {
    return { written: this.#written, lost: this.#lost };
  }

  /** Queues one line, including its line end. */
  write(line: string): void {
    if (this.#queue.queuedChars + line.length > MAX_QUEUED_CHARS) return this.#lose(1);
    this.#queue.push(line);
  }

  /** Writes queued lines to another target from the next write on; resolves once the old is closed. */
  replace(target: LogTarget): Promise<void> {
    const successor = { target, ...Promise.withResolvers<void>() };
    this.#successor = successor;
    this.#queue.wake();
    return successor.promise;
  }

  /** Waits until everything is written, at most `ms` milliseconds; returns whether it is. */
  drained(ms: number): Promise<boolean> {
    return this.#queue.drained(ms);
  }

  /** Closes the target once everything is written, or after `ms` milliseconds. */
  async close(ms: number): Promise<void> {
    if (await this.drained(ms)) this.#target.close();
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
    const lost = this.#unreported;
    const head = (this.#torn ? "\n" : "") + (lost > 0 ? this.#lossLine(lost) : "");
    const bytes = ENCODER.encode(head + lines.join(""));
    const { done, failed } = await this.#writeBytes(bytes);
    if (done > 0) this.#torn = bytes[done - 1] !== LF;
    if (!failed) {
      this.#unreported -= lost;
      this.#written += lines.length;
      return;
    }
    const whole = countLines(bytes.subarray(0, done)) - countLines(ENCODER.encode(head));
    const written = Math.max(0, whole);
    if (whole >= 0) this.#unreported -= lost;
    this.#written += written;
    this.#lose(lines.length - written);
  }

  async #writeBytes(bytes: Uint8Array): Promise<{ done: number; failed: boolean }> {
    let done = 0;
    try {
      while (done < bytes.length) done += await this.#target.write(bytes.subarray(done));
      return { done, failed: false };
    } catch {
      // A full disk or a closed pipe loses lines of the log and does not affect the chat.
      return { done, failed: true };
    }
  }

  #lose(lines: number): void {
    this.#lost += lines;
    this.#unreported += lines;
  }
}

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (const byte of bytes) if (byte === LF) lines++;
  return lines;
}
