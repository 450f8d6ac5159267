// Keeps the history below a size: above it the oldest messages are deleted, in small steps, and
// before others those of an address that has more than its share.

import { Alarm, type Clock } from "../../shared/clock.ts";
import type { Source } from "../history/sources.ts";

/** The share of the size that one address may have while the history is full. */
const SHARE = 1 / 4;

/** It is emptied to this part of the size, so that it is not full again with the next message. */
const TARGET = 31 / 32;

/** Messages deleted in one step. */
const ROWS_PER_STEP = 1_000;

/** A history with a size. */
export interface SizedHistory {
  readonly firstSeq: number;
  /** Deletes the oldest messages up to a number; returns whether there are more up to it. */
  purge(upTo: { readonly seq: number }): boolean;
  /** The address that has stored most since the start. */
  heaviest(): Source | undefined;
  /** Deletes some of the oldest messages of an address; returns how many, 0 if none is left. */
  purgeSource(number: number): number;
}

/** Options of a {@linkcode SizeLimit}. */
export interface SizeLimitOptions {
  readonly clock: Clock;
  readonly history: SizedHistory;
  /** Bytes of the history now. */
  readonly usedBytes: () => number;
  /** Most bytes; Infinity for no limit. */
  readonly retainBytes: number;
  /** Called after each time that messages were deleted, with the number of those of one address. */
  readonly onPurged: (ofOneAddress: number) => void;
}

/** Deletes what is too much. */
export class SizeLimit {
  readonly #options: SizeLimitOptions;
  readonly #alarm: Alarm;
  #isPurging = false;
  #ofOneAddress = 0;

  constructor(options: SizeLimitOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock);
  }

  /** Begins to delete if the history is too large; called now and then. */
  check(): void {
    const { retainBytes, usedBytes } = this.#options;
    if (this.#isPurging || retainBytes === Infinity || usedBytes() <= retainBytes) return;
    this.#isPurging = true;
    this.#step();
  }

  stop(): void {
    this.#alarm.cancel();
    this.#isPurging = false;
  }

  #step(): void {
    const { retainBytes, usedBytes, onPurged } = this.#options;
    if (usedBytes() > retainBytes * TARGET && this.#purge()) {
      // One step in each turn, so that clients are served in between.
      return this.#alarm.set(0, () => this.#step());
    }
    this.#isPurging = false;
    onPurged(this.#ofOneAddress);
    this.#ofOneAddress = 0;
  }

  /** Deletes some messages; returns whether it did. */
  #purge(): boolean {
    const { history, retainBytes } = this.#options;
    const heaviest = history.heaviest();
    if (heaviest !== undefined && heaviest.bytes > retainBytes * SHARE) {
      const deleted = history.purgeSource(heaviest.number);
      this.#ofOneAddress += deleted;
      if (deleted > 0) return true;
    }
    const before = history.firstSeq;
    history.purge({ seq: before + ROWS_PER_STEP - 1 });
    return history.firstSeq > before;
  }
}
