// Who may not speak: names, for a while or for good; a mute outlives the connection. Pure; the time is
// passed in.

import { foldName } from "./names.ts";

/** Somebody who may not speak. */
export interface MuteEntry {
  /** As it was when it was muted. */
  readonly name: string;
  /** Milliseconds since the epoch; infinite for good. */
  readonly until: number;
}

/** The mutes in force. */
export class Mutes {
  readonly #byFold = new Map<string, MuteEntry>();

  /** Refuses what whoever bears that name says. */
  add(entry: MuteEntry): void {
    this.#byFold.set(foldName(entry.name), entry);
  }

  /** Lets whoever bears that name speak again. */
  remove(name: string): void {
    this.#byFold.delete(foldName(name));
  }

  /** Whether what that name says is refused. */
  has(name: string): boolean {
    return this.#byFold.size > 0 && this.#byFold.has(foldName(name));
  }

  /** Ends those whose time is over. */
  expire(now: number): void {
    for (const [fold, { until }] of this.#byFold) {
      if (until <= now) this.#byFold.delete(fold);
    }
  }

  list(): readonly MuteEntry[] {
    return [...this.#byFold.values()];
  }
}
