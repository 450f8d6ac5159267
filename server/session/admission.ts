// Decides which connections are admitted: by their number, by number and rate per address, and by
// bans.

import type { AdmissionRefusal } from "./registration.ts";
import type { Bans } from "../authority/bans.ts";
import type { Clock } from "../../shared/clock.ts";
import type { Limits } from "../limits/limits.ts";
import { REFUSALS_PER_ADDRESS, RESERVED_DESCRIPTORS } from "../limits/tuning.ts";
import { addressKey } from "../net/address_key.ts";
import { RateLimit, type RateSettings } from "../net/rate_limit.ts";

/** The limits used; read for each connection, since they may change. */
export type AdmissionLimits = Pick<
  Limits,
  "arrivalsPerAddress" | "clientsPerAddress" | "maxClients"
>;

/** The connections from one address. */
interface AddressUsage {
  /** Open connections, including refusal ones. */
  count: number;
  readonly arrivals: RateLimit;
  /** What has begun before an arrival counts: TLS handshakes. */
  readonly handshakes: RateLimit;
}

/** What {@linkcode AdmissionControl} needs of the server. */
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
  readonly #addresses = new Map<string, AddressUsage>();
  #open = 0;

  constructor({ limits, clock, bans }: AdmissionOptions) {
    this.#limits = limits;
    this.#clock = clock;
    this.#bans = bans;
  }

  /** Number of addresses that are remembered. */
  get size(): number {
    return this.#addresses.size;
  }

  /**
   * Called for a new connection from `address`, an IP address or `unix`. Returns undefined if
   * admitted, a refusal to send, or "drop" if there are too many to answer. Unless it is dropped,
   * {@linkcode release} must follow once it is closed.
   */
  admit(address: string): AdmissionRefusal | "drop" | undefined {
    const { clientsPerAddress, maxClients } = this.#limits;
    // A few connections more than allowed are accepted to be sent a refusal; any others are
    // dropped.
    if (this.#open >= maxClients + RESERVED_DESCRIPTORS / 2) return "drop";
    const usage = this.#usageOf(address);
    if (usage !== undefined && usage.count >= clientsPerAddress + REFUSALS_PER_ADDRESS) {
      return "drop";
    }
    const refusal = this.#refusal(address, usage);
    this.#open++;
    if (usage !== undefined) {
      usage.count++;
      if (refusal === undefined) {
        usage.arrivals.spend(1, this.#clock.monotonic(), this.#rate);
      }
    }
    return refusal;
  }

  /**
   * Whether a connection from `address` may begin its TLS handshake, which costs more than all that
   * follows: under the limits of its address, counted whether the handshake succeeds or not.
   */
  mayBegin(address: string): boolean {
    const usage = this.#usageOf(address);
    if (usage === undefined) return true;
    const now = this.#clock.monotonic();
    const { burst, perSecond } = this.#rate;
    const most = burst + REFUSALS_PER_ADDRESS; // those above the limit are sent a refusal
    const rate = { burst: most, perSecond };
    if (usage.count >= most || usage.handshakes.waitMs(now, rate) > 0) return false;
    usage.handshakes.spend(1, now, rate);
    return true;
  }

  /** A connection from `address` was closed. */
  release(address: string): void {
    this.#open--;
    const key = addressKey(address);
    const usage = key === undefined ? undefined : this.#addresses.get(key);
    if (key === undefined || usage === undefined) return;
    usage.count--;
    const now = this.#clock.monotonic();
    if (isForgettable(usage, now)) this.#addresses.delete(key);
  }

  /** Forgets addresses without connections whose rate limit has recovered. */
  removeExpired(): void {
    const now = this.#clock.monotonic();
    for (const [key, usage] of this.#addresses) {
      if (isForgettable(usage, now)) this.#addresses.delete(key);
    }
  }

  get #rate(): RateSettings {
    const { arrivalsPerAddress, clientsPerAddress } = this.#limits;
    return { burst: clientsPerAddress, perSecond: arrivalsPerAddress };
  }

  #usageOf(address: string): AddressUsage | undefined {
    const key = addressKey(address);
    if (key === undefined) return undefined;
    let usage = this.#addresses.get(key);
    if (usage === undefined) {
      usage = { count: 0, arrivals: new RateLimit(), handshakes: new RateLimit() };
      this.#addresses.set(key, usage);
    }
    return usage;
  }

  #refusal(address: string, usage: AddressUsage | undefined): AdmissionRefusal | undefined {
    const ban = this.#bans.find(address, this.#clock.now());
    if (ban) return { reason: "banned", text: (t) => t.banned(ban.reason) };
    const { clientsPerAddress, maxClients } = this.#limits;
    if (this.#open >= maxClients) {
      return { reason: "server_full", text: (t) => t.serverFull(maxClients) };
    }
    if (usage === undefined) return undefined;
    const reason = "too_many_connections";
    if (usage.count >= clientsPerAddress) {
      return { reason, text: (t) => t.tooManyFromAddress(clientsPerAddress) };
    }
    if (usage.arrivals.waitMs(this.#clock.monotonic(), this.#rate) > 0) {
      return { reason, text: (t) => t.tooFastFromAddress };
    }
    return undefined;
  }
}

function isForgettable({ count, arrivals, handshakes }: AddressUsage, now: number): boolean {
  return count === 0 && arrivals.isFull(now) && handshakes.isFull(now);
}
