// A progress bar on one line of a terminal, redrawn in place. Prints nothing without a terminal.

import { barOf } from "../load/histogram_chart.ts";

export interface Progress {
  /** The current activity, one short word. */
  readonly phase: string;
  /** The completed part, 0 to 1. */
  readonly done: number;
  readonly text: string;
}

/** A stream that may be a terminal. */
type Stream = Pick<typeof Deno.stderr, "writeSync" | "isTerminal">;

const BAR_COLUMNS = 20;
const ENCODER = new TextEncoder();

/** Draws the progress of a long operation. */
export class ProgressLine {
  readonly #stream: Stream;
  readonly #shows: boolean;
  #drawn = false;

  /** `term` is the type of the terminal, as in TERM. */
  constructor(stream: Stream, term: string | undefined) {
    this.#stream = stream;
    this.#shows = stream.isTerminal() && term !== "dumb";
  }

  /** Draws the line, over the previous one. */
  show({ phase, done, text }: Progress): void {
    if (!this.#shows) return;
    const bar = barOf(Math.min(1, done), BAR_COLUMNS).padEnd(BAR_COLUMNS);
    this.#drawn = true;
    // Wrapping is off, since a wrapped line cannot be redrawn.
    this.#write(`\r\x1b[K\x1b[?7l${phase.padEnd(8)} ▕${bar}▏ ${text}\x1b[?7h`);
  }

  /** Erases the line. */
  clear(): void {
    if (this.#drawn) this.#write("\r\x1b[K");
    this.#drawn = false;
  }

  #write(text: string): void {
    try {
      this.#stream.writeSync(ENCODER.encode(text));
    } catch {
      // The terminal is closed; the report goes to another stream.
    }
  }
}
