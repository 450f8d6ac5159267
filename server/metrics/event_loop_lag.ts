// Measures the lag of the event loop: the delay of all clients on top of their own turns.

import type { Clock, Timer } from "../../shared/clock.ts";

/** The lag over the newest samples, in milliseconds with one decimal. */
export interface Lag {
  readonly median: number;
  readonly worst: number;
}

/** Sets a timer again and again and records how late it fires. */
export class LagMeter {
  readonly #clock: Clock;
  readonly #everyMs: number;
  /** The newest samples, in a ring. */
  readonly #samples: Float64Array;
  #count = 0;
  #timer: Timer | undefined;

  /** Stores the newest `samples` samples, one every `everyMs` milliseconds. */
  constructor(options: {
    readonly clock: Clock;
    readonly everyMs: number;
    readonly samples: number;
  }) {
    this.#clock = options.clock;
    this.#everyMs = options.everyMs;
    this.#samples = new Float64Array(options.samples);
  }

  start(): void {
    const due = this.#clock.monotonic() + this.#everyMs;
    this.#timer = this.#clock.after(this.#everyMs, () => {
      const late = Math.max(0, this.#clock.monotonic() - due);
      this.#samples[this.#count++ % this.#samples.length] = late;
      this.start();
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** Median and worst lag of the stored samples; zeros before the first. */
  get lag(): Lag {
    const known = this.#samples.slice(0, this.#count).sort();
    const at = (index: number): number => Math.round((known[index] ?? 0) * 10) / 10;
    return { median: at(Math.floor((known.length - 1) / 2)), worst: at(known.length - 1) };
  }
}
