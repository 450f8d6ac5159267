// Waits for a condition, bounded by a deadline and by the user's interruption.

import type { Clock } from "../shared/clock.ts";

/** How a wait ended: the condition holds, the deadline passed, or the user interrupted. */
export type WaitResult = "held" | "late" | "stopped";

/** Limits of one wait. */
export interface WaitOptions {
  /** The deadline, on the same clock; queried repeatedly, so that progress may move it. */
  readonly endsAt: () => number;
  /** Called regularly while waiting. */
  readonly onTick?: () => void;
}

const TICK_MS = 50;

/** One wait at a time; code that may make its condition true calls `wake()`. */
export class Waiter {
  readonly #clock: Clock;
  readonly #stop: AbortSignal;
  #wake: () => void = () => {};

  /** After `stop` every wait ends immediately. */
  constructor(clock: Clock, stop: AbortSignal) {
    this.#clock = clock;
    this.#stop = stop;
    stop.addEventListener("abort", () => this.#wake(), { once: true });
  }

  /** Milliseconds of the monotonic clock. */
  now(): number {
    return this.#clock.monotonic();
  }

  /** Lets `ms` milliseconds pass. */
  pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#clock.after(ms, resolve);
    return promise;
  }

  /** Whether the user has interrupted. */
  get isStopped(): boolean {
    return this.#stop.aborted;
  }

  /** Checks the condition again. */
  wake(): void {
    this.#wake();
  }

  /** Waits until `holds` does. */
  async until(holds: () => boolean, { endsAt, onTick }: WaitOptions): Promise<WaitResult> {
    for (;;) {
      if (this.isStopped) return "stopped";
      if (holds()) return "held";
      const left = endsAt() - this.now();
      if (left <= 0) return "late";
      onTick?.();
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = this.#clock.after(Math.min(TICK_MS, left), resolve);
      await promise;
      timer.cancel();
    }
  }
}
