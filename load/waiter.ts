// Waiting for something with an end to every wait: a deadline, or the person who stops it all.

import type { Clock } from "../shared/clock.ts";

/** How a wait ended. */
export type WaitResult = "held" | "late" | "stopped";

/** How one wait is bounded. */
export interface WaitOptions {
  /** When to give up, on the same clock; asked again and again, so that progress may move it. */
  readonly endsAt: () => number;
  /** Called now and then while waiting. */
  readonly onTick?: () => void;
}

const TICK_MS = 50;

/** One thing waits at a time; whatever it may wait for calls `wake()`. */
export class Waiter {
  readonly #clock: Clock;
  readonly #stop: AbortSignal;
  #wake: () => void = () => {};

  /** After `stop` no wait lasts. */
  constructor(clock: Clock, stop: AbortSignal) {
    this.#clock = clock;
    this.#stop = stop;
    stop.addEventListener("abort", () => this.#wake(), { once: true });
  }

  /** Milliseconds of the clock since some moment. */
  now(): number {
    return this.#clock.monotonic();
  }

  /** Lets `ms` milliseconds pass. */
  pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#clock.after(ms, resolve);
    return promise;
  }

  /** Whether the person has stopped it all. */
  get isStopped(): boolean {
    return this.#stop.aborted;
  }

  /** Has the condition looked at again. */
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
