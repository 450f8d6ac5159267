// Who is kept out: names and addresses, for a while or for good. Pure; the time is passed in, and what
// happens to people who are already here is the server's business.

import { foldName } from "./chat/names.ts";
import type { Ban } from "./control.ts";

interface Entry {
  readonly ban: Ban;
  /** Milliseconds since the epoch; infinite for good. */
  readonly until: number;
}

/** An IPv4 or IPv6 address, loosely: names may hold neither a colon nor four numbers with dots. */
const ADDRESS_REGEXP = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*)$/i;

/** The bans in force. */
export class Bans {
  readonly #entries = new Map<string, Entry>();

  /** Adds or replaces a ban; `until` in milliseconds since the epoch. */
  add(subject: string, options: { readonly until: number; readonly reason: string }): Ban {
    const { until, reason } = options;
    const kind = ADDRESS_REGEXP.test(subject) ? "address" : "name";
    const end = until === Infinity ? null : new Date(until).toISOString();
    const ban: Ban = { subject, kind, until: end, reason };
    this.#entries.set(keyOf(subject), { ban, until });
    return ban;
  }

  /** Lifts a ban; false when there is none. */
  remove(subject: string): boolean {
    return this.#entries.delete(keyOf(subject));
  }

  /** The ban on a name or address at time `now`. */
  find(subject: string, now: number): Ban | undefined {
    if (this.#entries.size === 0) return undefined;
    const key = keyOf(subject);
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.until > now) return entry?.ban;
    this.#entries.delete(key);
    return undefined;
  }

  /** All bans in force at time `now`. */
  list(now: number): Ban[] {
    return [...this.#entries.values()].filter(({ until }) => until > now).map(({ ban }) => ban);
  }
}

function keyOf(subject: string): string {
  if (!ADDRESS_REGEXP.test(subject)) return foldName(subject);
  // A socket bound to :: sees a client that comes over IPv4 under such an address.
  return subject.toLowerCase().replace(/^::ffff:(?=\d+\.)/, "");
}
