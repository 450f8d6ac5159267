// Names whose bearer has just left or renamed: kept from others for a moment, so that a private
// message on its way reaches no stranger (A12). Pure; the time is passed in.

import { formatAddressRange, parseAddressRange } from "../../shared/address_range.ts";
import { type Failure, failure, quoted } from "../../protocol/failures.ts";
import type { Member } from "./member.ts";
import { foldName } from "./names.ts";

/** How long a name is kept from others, in milliseconds. */
const RECENT_MS = 5_000;

/** A former bearer. */
interface Bearer {
  readonly place: string;
  readonly identity: string;
  readonly until: number;
}

/** The names of the last seconds. */
export class RecentNames {
  /** By folded name, the oldest first. */
  readonly #bearers = new Map<string, Bearer>();

  /** `member` no longer has that name; `now` in milliseconds of a monotonic clock. */
  add(name: string, { peer, identity }: Pick<Member, "peer" | "identity">, now: number): void {
    for (const [key, { until }] of this.#bearers) {
      if (until > now) break;
      this.#bearers.delete(key);
    }
    const key = foldName(name);
    this.#bearers.delete(key);
    this.#bearers.set(key, { place: placeOf(peer.address), identity, until: now + RECENT_MS });
  }

  /**
   * Whether the name is kept from `member`: it is free for the same address, and for the owner of a
   * claim that its last bearer had proven.
   */
  keeps(name: string, { peer, identity }: Pick<Member, "peer" | "identity">, now: number): boolean {
    if (this.#bearers.size === 0) return false;
    const bearer = this.#bearers.get(foldName(name));
    if (bearer === undefined || bearer.until <= now) return false;
    if (identity !== "" && identity === bearer.identity) return false;
    return placeOf(peer.address) !== bearer.place;
  }
}

/** The refusal of a name that {@linkcode RecentNames} keeps. */
export function justLeftFailure(name: string): Failure {
  return failure("name_taken", (t) => t.nameJustLeft(quoted(name), RECENT_MS / 1_000));
}

/** One machine's addresses as one: the /64 of IPv6, Unix sockets and what `localhost` is. */
function placeOf(address: string): string {
  if (address === "unix" || address === "::1" || address === "127.0.0.1") return "local";
  const range = parseAddressRange(address);
  return range === undefined ? address : formatAddressRange(range);
}
