// One line of progress on a terminal, drawn over itself; nothing at all where there is no terminal.

import { barOf } from "../load/histogram_chart.ts";

/** How far something is. */
export interface Progress {
  /** What is being done, one short word. */
  readonly phase: string;
  /** 0 to 1. */
  readonly done: number;
  readonly text: string;
}

/** A stream that may be a terminal. */
type Stream = Pick<typeof Deno.stderr, "writeSync" | "isTerminal">;

const BAR_COLUMNS = 20;
const ENCODER = new TextEncoder();

/** Shows how far something long is. */
export class ProgressLine {
  readonly #stream: Stream;
  readonly #shows: boolean;
  #drawn = false;

  /** `term` is the kind of terminal, as in TERM. */
  constructor(stream: Stream, term: string | undefined) {
    this.#stream = stream;
    this.#shows = stream.isTerminal() && term !== "dumb";
  }

  /** Draws over what was drawn before. */
  show({ phase, done, text }: Progress): void {
    if (!this.#shows) return;
    const bar = barOf(Math.min(1, done), BAR_COLUMNS).padEnd(BAR_COLUMNS);
    this.#drawn = true;
    // No wrapping: a line that has wrapped cannot be drawn over.
    this.#write(`\r\x1b[K\x1b[?7l${phase.padEnd(8)} ▕${bar}▏ ${text}\x1b[?7h`);
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#drawn) this.#write("\r\x1b[K");
    this.#drawn = false;
  }

  #write(text: string): void {
    try {
      this.#stream.writeSync(ENCODER.encode(text));
    } catch {
      // Whoever watched is gone; the report goes elsewhere.
    }
  }
}
