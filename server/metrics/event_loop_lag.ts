// How late the event loop is: what everybody waits for on top of their own turn. Knows nothing of why.

import type { Clock, Timer } from "../../shared/clock.ts";

/** The loop's lateness over the last while, in milliseconds with one decimal. */
export interface Lag {
  readonly median: number;
  readonly worst: number;
}

/** Asks for a timer every so often and notes how late it comes. */
export class LagMeter {
  readonly #clock: Clock;
  readonly #everyMs: number;
  /** The newest samples, in a ring. */
  readonly #samples: Float64Array;
  #count = 0;
  #timer: Timer | undefined;

  /** Keeps `samples` samples taken every `everyMs` milliseconds. */
  constructor(options: {
    readonly clock: Clock;
    readonly everyMs: number;
    readonly samples: number;
  }) {
    this.#clock = options.clock;
    this.#everyMs = options.everyMs;
    this.#samples = new Float64Array(options.samples);
  }

  /** Measures from now on. */
  start(): void {
    const due = this.#clock.monotonic() + this.#everyMs;
    this.#timer = this.#clock.after(this.#everyMs, () => {
      const late = Math.max(0, this.#clock.monotonic() - due);
      this.#samples[this.#count++ % this.#samples.length] = late;
      this.start();
    });
  }

  /** Measures no more. */
  stop(): void {
    this.#timer?.cancel();
  }

  /** What was measured lately; zeros before the first sample. */
  get lag(): Lag {
    const known = this.#samples.slice(0, this.#count).sort();
    const at = (index: number): number => Math.round((known[index] ?? 0) * 10) / 10;
    return { median: at(Math.floor((known.length - 1) / 2)), worst: at(known.length - 1) };
  }
}
