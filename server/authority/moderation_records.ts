// The seam between what the operator and the owners of names have settled and what outlives the server.
// Types, and the case that nothing does.

import type { Failure } from "../../protocol/failures.ts";
import type { MuteEntry } from "../chat/mutes.ts";
import type { Claim } from "./claims.ts";

/** A ban as it is kept; one subject has one. */
export interface BanRecord {
  /** A name or an IP address, as the operator's orders write it. */
  readonly subject: string;
  /** Milliseconds since the epoch; infinite for good. */
  readonly until: number;
  readonly reason: string;
}

/** Keeps bans, mutes and claims. Each change answers why it was not stored, if it was not. */
export interface ModerationRecords {
  bans(): readonly BanRecord[];
  mutes(): readonly MuteEntry[];
  claims(): readonly Claim[];
  /** Adds one, in place of an earlier one of its subject, name or key. */
  addBan(ban: BanRecord): Failure | undefined;
  addMute(mute: MuteEntry): Failure | undefined;
  addClaim(claim: Claim): Failure | undefined;
  /** By the same subject, name or key; harmless when there is none. */
  removeBan(subject: string): Failure | undefined;
  removeMute(name: string): Failure | undefined;
  removeClaim(key: string): Failure | undefined;
}

/** All of it ends with the server. */
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
