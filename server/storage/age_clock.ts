// Measures ages by time that was seen to pass, since the system's clock may be wrong or jump: a
// pause that the clock alone claims counts for a day at most, and in this run not at all.

import type { Clock } from "../../shared/clock.ts";

/** A difference of the clock that is believed, in milliseconds; more is a jump. */
export const BELIEVED_MS = 86_400_000;

/** The state of an {@linkcode AgeClock} as it is stored, in milliseconds. */
export interface AgeState {
  /** Time that has passed, by this clock. It began with the system's time. */
  readonly age: number;
  /** The system's time at that moment, since the epoch. */
  readonly clock: number;
  /** What the next run adds, unless the clock has gone back by then. */
  readonly gap: number;
}

/** A clock that never runs backwards and does not jump. */
export class AgeClock {
  readonly #clock: Pick<Clock, "now" | "monotonic">;
  /** Both clocks and the age when this run began or the clock last jumped. */
  #wall: number;
  #monotonic: number;
  #base: number;
  /** How much the system's clock has run ahead of the monotonic one since then, and at most. */
  #drift = 0;
  #maxDrift = 0;
  #jump = 0;
  #gap = 0;
  /** The believed time at {@linkcode #wall}, after a jump. */
  #believed: number;

  /** Continues from the state that the last run stored. */
  constructor(clock: Pick<Clock, "now" | "monotonic">, last: AgeState | undefined) {
    this.#clock = clock;
    const wall = this.#wall = clock.now();
    this.#monotonic = clock.monotonic();
    this.#believed = wall;
    if (last === undefined) {
      this.#base = wall;
      return;
    }
    const pause = wall - last.clock;
    if (pause > BELIEVED_MS) {
      this.#base = last.age + last.gap;
      this.#jumped(pause, last.clock);
    } else if (pause < -BELIEVED_MS) {
      this.#base = last.age; // the jump before it was wrong
    } else {
      this.#base = last.age + last.gap + Math.max(0, pause);
    }
  }

  /** Time that has passed, in whole milliseconds. */
  get age(): number {
    this.#observe();
    return Math.round(this.#base + this.#elapsed + this.#maxDrift);
  }

  /** The age of what is stored now: a jump is not part of it later. */
  get ageOfNew(): number {
    return this.age + this.#gap;
  }

  /** By how many milliseconds the clock has jumped forward in this run or before it, unconfirmed. */
  get jumpMs(): number {
    this.#observe();
    return this.#jump;
  }

  /** The system's time, or after a jump the time that it would be without. */
  get believedNow(): number {
    const now = this.#observe();
    return this.#jump === 0 ? now : this.#believed + this.#elapsed + this.#maxDrift;
  }

  /** What to store. */
  get state(): AgeState {
    return { age: this.age, clock: Math.round(this.#clock.now()), gap: this.#gap };
  }

  /** The operator says that the system's clock is right. */
  confirm(): void {
    this.#observe();
    this.#jump = 0;
    this.#gap = 0;
  }

  get #elapsed(): number {
    return this.#clock.monotonic() - this.#monotonic;
  }

  /** Compares both clocks; returns the system's time. */
  #observe(): number {
    const now = this.#clock.now();
    const drift = now - this.#wall - this.#elapsed;
    const step = drift - this.#drift;
    this.#drift = drift;
    if (Math.abs(step) <= BELIEVED_MS) {
      this.#maxDrift = Math.max(this.#maxDrift, drift);
      return now;
    }
    const believed = this.#wall + this.#elapsed + this.#drift - step;
    this.#base += this.#elapsed + this.#maxDrift;
    this.#wall = now;
    this.#monotonic = this.#clock.monotonic();
    this.#drift = this.#maxDrift = 0;
    if (step > 0) this.#jumped(step, believed);
    else this.#jump = this.#gap = 0;
    return now;
  }

  #jumped(ms: number, believed: number): void {
    if (this.#jump === 0) this.#believed = believed;
    this.#jump += ms;
    this.#gap = BELIEVED_MS;
  }
}
