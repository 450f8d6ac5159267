// The interface to stored bans, mutes and claims, and its implementation for a server without a
// store.

import type { Failure } from "../../protocol/failures.ts";
import type { MuteEntry } from "../chat/mutes.ts";
import type { Claim } from "./claims.ts";

/** A ban as it is stored; a subject has at most one. */
export interface BanRecord {
  /** A name or an IP address, as in the operator's command. */
  readonly subject: string;
  /** Milliseconds since the epoch; Infinity for good. */
  readonly until: number;
  readonly reason: string;
}

/** Stores bans, mutes and claims. Each change returns why it was not stored, if so. */
export interface ModerationRecords {
  bans(): readonly BanRecord[];
  mutes(): readonly MuteEntry[];
  claims(): readonly Claim[];
  /** Adds one, replacing an earlier one with its subject, name or key. */
  addBan(ban: BanRecord): Failure | undefined;
  addMute(mute: MuteEntry): Failure | undefined;
  addClaim(claim: Claim): Failure | undefined;
  /** Removes the one with that subject, name or key; harmless if there is none. */
  removeBan(subject: string): Failure | undefined;
  removeMute(name: string): Failure | undefined;
  removeClaim(key: string): Failure | undefined;
}

/** Stores nothing: bans, mutes and claims end with the server. */
export const NO_MODERATION_RECORDS: ModerationRecords = {
  bans: () => [],
  mutes: () => [],
  claims: () => [],
  addBan: () => undefined,
  addMute: () => undefined,
  addClaim: () => undefined,
  removeBan: () => undefined,
  removeMute: () => undefined,
  removeClaim: () => undefined,
};
