// Muted names, for a while or for good; a mute outlives the connection. Pure; the time is passed
// in.

import { foldName } from "./names.ts";

/** A muted name. */
export interface MuteEntry {
  /** The name when it was muted. */
  readonly name: string;
  /** Milliseconds since the epoch; Infinity for good. */
  readonly until: number;
}

/** The mutes in force. */
export class Mutes {
  readonly #byFold = new Map<string, MuteEntry>();

  /** Refuses the messages of that name from now on. */
  add(entry: MuteEntry): void {
    this.#byFold.set(foldName(entry.name), entry);
  }

  /** Accepts the messages of that name again. */
  remove(name: string): void {
    this.#byFold.delete(foldName(name));
  }

  /** Whether the messages of that name are refused. */
  has(name: string): boolean {
    return this.#byFold.size > 0 && this.#byFold.has(foldName(name));
  }

  /** Removes the mutes that have ended. */
  expire(now: number): void {
    for (const [fold, { until }] of this.#byFold) {
      if (until <= now) this.#byFold.delete(fold);
    }
  }

  list(): readonly MuteEntry[] {
    return [...this.#byFold.values()];
  }
}
