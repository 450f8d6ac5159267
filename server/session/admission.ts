// Who may come in: how many there are, how many from one address and how fast, who is banned. How
// somebody is told is the session's business.

import { isIPv6 } from "node:net";
import type { AdmissionRefusal } from "./registration.ts";
import type { Bans } from "../authority/bans.ts";
import type { Clock } from "../../shared/clock.ts";
import type { Limits } from "../limits/limits.ts";
import { REFUSALS_PER_ADDRESS, RESERVED_DESCRIPTORS } from "../limits/tuning.ts";
import { RateLimit, type RateSettings } from "../net/rate_limit.ts";

/** The limits that decide; looked at each time, for they may change. */
export type AdmissionLimits = Pick<
  Limits,
  "arrivalsPerAddress" | "clientsPerAddress" | "maxClients"
>;

/** One address that somebody came from. */
interface AddressUsage {
  /** Connections that are there now, those that are turned away with them. */
  count: number;
  readonly arrivals: RateLimit;
}

/** What deciding takes. */
export interface AdmissionOptions {
  readonly limits: AdmissionLimits;
  readonly clock: Pick<Clock, "monotonic" | "now">;
  readonly bans: Pick<Bans, "find">;
}

/** Decides about each new connection. */
export class AdmissionControl {
  readonly #limits: AdmissionLimits;
  readonly #clock: AdmissionOptions["clock"];
  readonly #bans: AdmissionOptions["bans"];
  readonly #origins = new Map<string, AddressUsage>();
  #present = 0;

  constructor({ limits, clock, bans }: AdmissionOptions) {
    this.#limits = limits;
    this.#clock = clock;
    this.#bans = bans;
  }

  /** How many addresses are remembered. */
  get size(): number {
    return this.#origins.size;
  }

  /**
   * One more comes from `address`, an IP address or `unix`: nothing when it may, why not when it may
   * not, or "unheard" when there are too many to even tell it. Unless it is unheard, {@linkcode leave} follows once it is gone.
   */
  admit(address: string): AdmissionRefusal | "unheard" | undefined {
    const { clientsPerAddress, maxClients } = this.#limits;
    // A few more than allowed are heard out so that they can be told; beyond that, none.
    if (this.#present >= maxClients + RESERVED_DESCRIPTORS / 2) return "unheard";
    const origin = this.#originOf(address);
    if (origin !== undefined && origin.count >= clientsPerAddress + REFUSALS_PER_ADDRESS) {
      return "unheard";
    }
    const refused = this.#refused(address, origin);
    this.#present++;
    if (origin !== undefined) {
      origin.count++;
      if (refused === undefined) {
        origin.arrivals.spend(1, this.#clock.monotonic(), this.#rate);
      }
    }
    return refused;
  }

  /** One that came from `address` is gone. */
  release(address: string): void {
    this.#present--;
    const key = originKey(address);
    const origin = key === undefined ? undefined : this.#origins.get(key);
    if (key === undefined || origin === undefined) return;
    origin.count--;
    const now = this.#clock.monotonic();
    if (origin.count === 0 && origin.arrivals.isFull(now)) this.#origins.delete(key);
  }

  /** Forgets the addresses that nobody is left from and that nothing is held against any more. */
  removeExpired(): void {
    const now = this.#clock.monotonic();
    for (const [key, { count, arrivals }] of this.#origins) {
      if (count === 0 && arrivals.isFull(now)) this.#origins.delete(key);
    }
  }

  get #rate(): RateSettings {
    const { arrivalsPerAddress, clientsPerAddress } = this.#limits;
    return { burst: clientsPerAddress, perSecond: arrivalsPerAddress };
  }

  #originOf(address: string): AddressUsage | undefined {
    const key = originKey(address);
    if (key === undefined) return undefined;
    let origin = this.#origins.get(key);
    if (origin === undefined) {
      origin = { count: 0, arrivals: new RateLimit() };
      this.#origins.set(key, origin);
    }
    return origin;
  }

  #refused(address: string, origin: AddressUsage | undefined): AdmissionRefusal | undefined {
    const ban = this.#bans.find(address, this.#clock.now());
    if (ban) return { reason: "banned", text: (t) => t.banned(ban.reason) };
    const { clientsPerAddress, maxClients } = this.#limits;
    if (this.#present >= maxClients) {
      return { reason: "server_full", text: (t) => t.serverFull(maxClients) };
    }
    if (origin === undefined) return undefined;
    const reason = "too_many_connections";
    if (origin.count >= clientsPerAddress) {
      return { reason, text: (t) => t.tooManyFromAddress(clientsPerAddress) };
    }
    if (origin.arrivals.waitMs(this.#clock.monotonic(), this.#rate) > 0) {
      return { reason, text: (t) => t.tooFastFromAddress };
    }
    return undefined;
  }
}

/**
 * What counts as one address; nothing for this machine's own. Who has an IPv6 address has the 2^64 of
 * its network with it, except on the link itself, where everybody's begin alike.
 */
function originKey(address: string): string | undefined {
  if (address === "unix" || address === "::1" || address.startsWith("127.")) return undefined;
  const [plain = ""] = address.split("%");
  if (!isIPv6(plain) || /^fe80:/i.test(plain)) return plain;
  const [head = "", tail] = plain.split("::");
  const groups = head.split(":");
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(":").length;
  return [...groups, ...Array.from({ length: missing }, () => "0"), ...tail?.split(":") ?? []]
    .slice(0, 4).map((group) => group || "0").join(":");
}
