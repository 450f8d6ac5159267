// Muted names and addresses, for a while or for good; a mute outlives the connection. Pure; the
// time is passed in.

import {
  type AddressRange,
  formatAddressRange,
  isInRange,
  parseAddressRange,
  parseIpAddress,
} from "../../shared/address_range.ts";
import { foldName } from "./names.ts";

/** A muted name or range of addresses. */
export interface MuteEntry {
  /** The name when it was muted, or the range in its shortest form. */
  readonly name: string;
  /** Milliseconds since the epoch; Infinity for good. */
  readonly until: number;
}

/** The mutes in force. */
export class Mutes {
  readonly #byKey = new Map<string, MuteEntry>();
  /** Those of addresses, by the same key. They are few, so they are searched one by one. */
  readonly #ranges = new Map<string, AddressRange>();

  /** Refuses the messages of that name, or from those addresses, from now on. */
  add(entry: MuteEntry): void {
    const range = parseAddressRange(entry.name);
    this.#byKey.set(muteKey(entry.name), entry);
    if (range !== undefined) this.#ranges.set(muteKey(entry.name), range);
  }

  /** Accepts the messages of that name, or from those addresses, again. */
  remove(name: string): void {
    this.#byKey.delete(muteKey(name));
    this.#ranges.delete(muteKey(name));
  }

  /** Whether there is a mute of that name or of exactly that range. */
  has(name: string): boolean {
    return this.#byKey.size > 0 && this.#byKey.has(muteKey(name));
  }

  /** Whether the messages of that name from that address are refused. */
  covers(name: string, address: string): boolean {
    if (this.#byKey.size === 0) return false;
    if (this.#byKey.has(foldName(name))) return true;
    if (this.#ranges.size === 0) return false;
    const one = parseIpAddress(address);
    return one !== undefined && this.#ranges.values().some((range) => isInRange(range, one));
  }

  /** Removes the mutes that have ended. */
  expire(now: number): void {
    for (const { name, until } of [...this.#byKey.values()]) {
      if (until <= now) this.remove(name);
    }
  }

  list(): readonly MuteEntry[] {
    return [...this.#byKey.values()];
  }
}

/** The form under which muted names and ranges are compared. */
export function muteKey(name: string): string {
  const range = parseAddressRange(name);
  return range === undefined ? foldName(name) : formatAddressRange(range);
}
