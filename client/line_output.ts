// Standard output as lines: what gathers while one write is under way goes out in the next, because a
// write a line would make the client slower than a server may send. It knows no event.

import { writeAll } from "../shared/write_all.ts";

/** UTF-16 units that may wait to be written; above it whoever writes has to wait. */
const MAX_WAITING = 64 * 1024;

const ENCODER = new TextEncoder();

/** Writes lines in order, with bounded memory as long as its user waits when told to. */
export class LineOutput {
  readonly #stream: { write(bytes: Uint8Array): Promise<number> };
  readonly #onFailure: (error: unknown) => void;
  #waiting = "";
  #writing: Promise<void> | undefined;
  #failed = false;

  /** `onFailure` is told once; nothing is written after that. */
  constructor(
    stream: { write(bytes: Uint8Array): Promise<number> },
    onFailure: (error: unknown) => void,
  ) {
    this.#stream = stream;
    this.#onFailure = onFailure;
  }

  /** Takes a line without its ending; a promise when too much waits, to be awaited before more. */
  write(line: string): Promise<void> | undefined {
    if (this.#failed) return undefined;
    this.#waiting += line + "\n";
    this.#writing ??= this.#drain();
    return this.#waiting.length > MAX_WAITING ? this.#writing : undefined;
  }

  /** Resolves when everything taken so far was written, or can no longer be. */
  async drained(): Promise<void> {
    await this.#writing;
  }

  async #drain(): Promise<void> {
    await Promise.resolve(); // let the current turn write all it has
    try {
      while (this.#waiting !== "") {
        const bytes = ENCODER.encode(this.#waiting);
        this.#waiting = "";
        await writeAll(this.#stream, bytes);
      }
    } catch (error) {
      this.#failed = true;
      this.#waiting = "";
      this.#onFailure(error);
    }
    this.#writing = undefined;
  }
}
