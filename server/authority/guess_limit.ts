// Limits guesses of passwords and passphrases (A3, A8): ten wrong ones a minute are answered for an
// address and for a name; an address over its limit has few checked at a time.

import type { Clock, Timer } from "../../shared/clock.ts";
import { formatAddressRange, parseAddressRange } from "../../shared/address_range.ts";

/** Wrong guesses that are judged for one key in {@linkcode PERIOD_MS}. */
export const MOST_JUDGED = 10;

const PERIOD_MS = 60_000;

/** Milliseconds between two checks for an address that is over its limit. */
const SPACING_MS = 100;

/** Most checks that wait for one address: a newer one takes the place of the oldest. */
const MOST_WAITING = 50;

/** Checks of one address, over its limit, that may run at the same time. */
const MOST_RUNNING = 2;

/** Most keys remembered; beyond that, the ones that were counted longest ago are removed. */
const MOST_KEYS = 10_000;

/** A check of a secret that may have to wait. */
export interface SecretCheck {
  /** Checks the secret; must call `done` when that is over, whatever came of it. */
  readonly run: (done: () => void) => void;
  /** Called in place of `run` if too many newer checks wait. */
  readonly displaced: () => void;
}

/** The checks of one address. */
interface Lane {
  running: number;
  readonly waiting: SecretCheck[];
  timer: Timer | undefined;
}

/**
 * Counts wrong guesses and orders the checks. A right secret is accepted whenever it is checked,
 * whatever others have guessed.
 */
export class GuessLimit {
  readonly #clock: Clock;
  /** Times of the last judged guesses by key, in milliseconds of the monotonic clock. */
  readonly #judged = new Map<string, number[]>();
  readonly #lanes = new Map<string, Lane>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs a check now, or in its turn if many guesses from that address were wrong or still run. */
  check(address: string, check: SecretCheck): void {
    const key = addressKeyOf(address);
    const lane = this.#lanes.get(key) ?? { running: 0, waiting: [], timer: undefined };
    this.#lanes.set(key, lane);
    const isFree = lane.waiting.length === 0 && this.#count(key) + lane.running < MOST_JUDGED;
    if (isFree) return this.#run(key, lane, check);
    lane.waiting.push(check);
    if (lane.waiting.length > MOST_WAITING) lane.waiting.shift()?.displaced();
    this.#schedule(key, lane);
  }

  /**
   * Whether a wrong guess from that address, at that name if it was for one, is answered as wrong;
   * then it is counted. False if too many were in the last minute.
   */
  judges(address: string, name?: string): boolean {
    const keys = [addressKeyOf(address), ...name === undefined ? [] : [`name ${name}`]];
    if (keys.some((key) => this.#count(key) >= MOST_JUDGED)) return false;
    const now = this.#clock.monotonic();
    for (const key of keys) {
      const times = this.#recent(key);
      this.#judged.delete(key);
      this.#judged.set(key, [...times, now]);
    }
    for (const key of this.#judged.keys()) {
      if (this.#judged.size <= MOST_KEYS) break;
      this.#judged.delete(key);
    }
    return true;
  }

  /** Number of keys remembered. */
  get size(): number {
    return this.#judged.size;
  }

  /** Drops what waits. */
  stop(): void {
    for (const { timer } of this.#lanes.values()) timer?.cancel();
    this.#lanes.clear();
  }

  #run(key: string, lane: Lane, check: SecretCheck): void {
    lane.running++;
    check.run(() => {
      lane.running--;
      if (lane.running === 0 && lane.waiting.length === 0) this.#lanes.delete(key);
    });
  }

  #schedule(key: string, lane: Lane): void {
    lane.timer ??= this.#clock.after(SPACING_MS, () => {
      lane.timer = undefined;
      const next = lane.running < MOST_RUNNING ? lane.waiting.shift() : undefined;
      if (lane.waiting.length > 0) this.#schedule(key, lane);
      if (next === undefined) return this.#schedule(key, lane);
      this.#run(key, lane, next);
    });
  }

  #count(key: string): number {
    return this.#recent(key).length;
  }

  #recent(key: string): readonly number[] {
    const now = this.#clock.monotonic();
    return this.#judged.get(key)?.filter((time) => time > now - PERIOD_MS) ?? [];
  }
}

/** An IPv6 client can use each address of its /64, so these count as one. */
function addressKeyOf(address: string): string {
  const range = parseAddressRange(address);
  return range === undefined ? address : formatAddressRange(range);
}
