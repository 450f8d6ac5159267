// Banned names and addresses, for a while or for good. Pure; the time is passed in, and the caller
// disconnects clients that match.

import { blockedNames, foldName } from "../chat/names.ts";
import type { Ban } from "../control.ts";
import {
  type AddressRange,
  formatAddressRange,
  isInRange,
  parseAddressRange,
  parseIpAddress,
  rangeBits,
} from "../../shared/address_range.ts";

interface Entry {
  readonly ban: Ban;
  /** Milliseconds since the epoch; Infinity for good. */
  readonly until: number;
  /** The addresses that the ban matches, or undefined for a ban on a name. */
  readonly range: AddressRange | undefined;
  /** A name with all its lookalikes. */
  readonly keys: readonly string[];
}

/** The bans in force. They are few, so they are searched one by one. */
export class Bans {
  readonly #entries = new Map<string, Entry>();

  /** Adds or replaces a ban; `until` in milliseconds since the epoch. */
  add(subject: string, options: { readonly until: number; readonly reason: string }): Ban {
    const { until, reason } = options;
    const range = parseAddressRange(subject);
    const end = { until: until === Infinity ? null : new Date(until).toISOString(), reason };
    const ban: Ban = range === undefined
      ? { subject, kind: "name", ...end }
      : { subject: formatAddressRange(range), kind: "address", bits: rangeBits(range), ...end };
    const keys = range === undefined ? blockedNames(subject) : [];
    this.#entries.set(banKey(subject), { ban, until, range, keys });
    return ban;
  }

  /** Lifts a ban; false if there is none. */
  remove(subject: string): boolean {
    return this.#entries.delete(banKey(subject));
  }

  /** The ban on a name, on one that looks like it, or on an address, at time `now`. */
  find(subject: string, now: number): Ban | undefined {
    if (this.#entries.size === 0) return undefined;
    const current = this.#current(now);
    const address = parseIpAddress(subject);
    if (address !== undefined) {
      return current.find(({ range }) => range !== undefined && isInRange(range, address))?.ban;
    }
    const keys = blockedNames(subject);
    return current.find((entry) => keys.some((key) => entry.keys.includes(key)))?.ban;
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

/** The form under which subjects are compared: of an address, the range it stands for. */
export function banKey(subject: string): string {
  const range = parseAddressRange(subject);
  return range === undefined ? foldName(subject) : formatAddressRange(range);
}
