// Bans, mutes and claims in force: loaded when the server starts, stored with each change.

import type { Failure } from "../../protocol/failures.ts";
import { Bans } from "./bans.ts";
import { type MuteEntry, Mutes } from "../chat/mutes.ts";
import type { Ban } from "../control.ts";
import { type Claim, Claims } from "./claims.ts";
import type { BanRecord, ModerationRecords } from "./moderation_records.ts";

/** The bans, mutes and claims of one server. */
export class ModerationStore {
  readonly bans = new Bans();
  readonly mutes = new Mutes();
  readonly claims = new Claims();
  readonly #records: ModerationRecords;
  /** The time by which bans, mutes and claims end, in milliseconds since the epoch. */
  readonly now: () => number;

  /** Loads what `records` has. */
  constructor(records: ModerationRecords, now: () => number) {
    this.#records = records;
    this.now = now;
    for (const { subject, ...options } of records.bans()) this.bans.add(subject, options);
    for (const mute of records.mutes()) this.mutes.add(mute);
    for (const claim of records.claims()) this.claims.set(claim);
    this.#removeExpired();
  }

  /**
   * Bans immediately, even if that cannot be stored: an operator who needs a ban needs it now.
   * `unkept` is why it will not outlive the server.
   */
  ban({ subject, ...options }: BanRecord): { readonly ban: Ban; readonly unkept?: Failure } {
    const ban = this.bans.add(subject, options);
    const unkept = this.#records.addBan({ subject, ...options });
    return unkept === undefined ? { ban } : { ban, unkept };
  }

  /** Lifts a ban, unless that cannot be stored. */
  unban(subject: string): Failure | "none" | undefined {
    if (!this.bans.has(subject, this.now())) return "none";
    const problem = this.#records.removeBan(subject);
    if (problem === undefined) this.bans.remove(subject);
    return problem;
  }

  /** Mutes immediately, as {@linkcode ban} does. */
  mute(mute: MuteEntry): Failure | undefined {
    this.mutes.add(mute);
    return this.#records.addMute(mute);
  }

  /** Lifts a mute, unless that cannot be stored. */
  unmute(name: string): Failure | "none" | undefined {
    if (!this.mutes.has(name)) return "none";
    const problem = this.#records.removeMute(name);
    if (problem === undefined) this.mutes.remove(name);
    return problem;
  }

  /** Stores a claim, replacing an earlier one with its key; no change if that fails. */
  putClaim(claim: Claim): Failure | undefined {
    const problem = this.#records.addClaim(claim);
    if (problem === undefined) this.claims.set(claim);
    return problem;
  }

  /** Removes a claim; no change if that cannot be stored. */
  removeClaim(key: string): Failure | undefined {
    const problem = this.#records.removeClaim(key);
    if (problem === undefined) this.claims.delete(key);
    return problem;
  }

  /** Removes the mutes that have ended. */
  removeExpiredMutes(): void {
    this.mutes.expire(this.now());
  }

  /**
   * Removes what expired while no server ran; what cannot be removed is removed at the next start.
   */
  #removeExpired(): void {
    const now = this.now();
    for (const { subject, until } of this.#records.bans()) {
      if (until <= now) this.#records.removeBan(subject);
    }
    for (const { name, until } of this.mutes.list()) {
      if (until <= now) this.#records.removeMute(name);
    }
    this.mutes.expire(now);
    for (const { key } of this.claims.unused(now)) this.removeClaim(key);
  }
}
