// Banned names and addresses, for a while or for good. Pure; the time is passed in, and the caller
// disconnects clients that match.

import { blockedNames, foldName } from "../chat/names.ts";
import type { Ban } from "../control.ts";

interface Entry {
  readonly ban: Ban;
  /** Milliseconds since the epoch; Infinity for good. */
  readonly until: number;
  /** What the ban matches: an address, or a name with all its lookalikes. */
  readonly keys: readonly string[];
}

/**
 * An IPv4 or IPv6 address, loosely: names can contain neither a colon nor four numbers with dots.
 */
const ADDRESS_REGEXP = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*)$/i;

/** The bans in force. They are few, so they are searched one by one. */
export class Bans {
  readonly #entries = new Map<string, Entry>();

  /** Adds or replaces a ban; `until` in milliseconds since the epoch. */
  add(subject: string, options: { readonly until: number; readonly reason: string }): Ban {
    const { until, reason } = options;
    const kind = isAddress(subject) ? "address" : "name";
    const end = until === Infinity ? null : new Date(until).toISOString();
    const ban: Ban = { subject, kind, until: end, reason };
    this.#entries.set(banKey(subject), { ban, until, keys: keysOf(subject) });
    return ban;
  }

  /** Lifts a ban; false if there is none. */
  remove(subject: string): boolean {
    return this.#entries.delete(banKey(subject));
  }

  /** The ban on a name, on one that looks like it, or on an address, at time `now`. */
  find(subject: string, now: number): Ban | undefined {
    if (this.#entries.size === 0) return undefined;
    const keys = keysOf(subject);
    return this.#current(now).find((entry) => keys.some((key) => entry.keys.includes(key)))?.ban;
  }

  /** Whether there is a ban on exactly that subject, at time `now`. */
  has(subject: string, now: number): boolean {
    return (this.#entries.get(banKey(subject))?.until ?? now) > now;
  }

  /** All bans in force at time `now`. */
  list(now: number): Ban[] {
    return this.#current(now).map(({ ban }) => ban);
  }

  #current(now: number): Entry[] {
    for (const [key, { until }] of this.#entries) {
      if (until <= now) this.#entries.delete(key);
    }
    return [...this.#entries.values()];
  }
}

/** Whether a subject is an address. */
export function isAddress(subject: string): boolean {
  return ADDRESS_REGEXP.test(subject);
}

/** The form under which subjects are compared. */
export function banKey(subject: string): string {
  if (!isAddress(subject)) return foldName(subject);
  // A socket bound to :: sees a client that comes over IPv4 under such an address.
  return subject.toLowerCase().replace(/^::ffff:(?=\d+\.)/, "");
}

function keysOf(subject: string): readonly string[] {
  return isAddress(subject) ? [banKey(subject)] : blockedNames(subject);
}
