// Claimed names: since when, with which passphrase, and whether their owners are operators. Pure;
// the time is passed in.

import { blockedNames as claimedForms, foldName } from "../chat/names.ts";
import type { Hashed } from "./passphrases.ts";

/** A claimed name. */
export interface Claim {
  /** {@linkcode foldName} of the name. */
  readonly key: string;
  /** The name as it was claimed. */
  readonly name: string;
  readonly secret: Hashed;
  /** Milliseconds since the epoch: when it was claimed, and when it was last proven. */
  readonly since: number;
  readonly used: number;
  readonly isOperator: boolean;
}

/** A claim that was not proven for this long expires: a year, in milliseconds. */
export const UNUSED_MS = 365 * 86_400_000;

/** The claimed names of one server. */
export class Claims {
  readonly #byKey = new Map<string, Claim>();
  /** The claim that blocks each form: of its name, and of what looks like it. */
  readonly #byForm = new Map<string, Claim>();

  get size(): number {
    return this.#byKey.size;
  }

  /** The claim on a name or on one that looks like it, at time `now`. */
  find(name: string, now: number): Claim | undefined {
    if (this.#byKey.size === 0) return undefined;
    for (const form of claimedForms(name)) {
      const claim = this.#byForm.get(form);
      if (claim !== undefined && !isUnused(claim, now)) return claim;
    }
    return undefined;
  }

  /** The claim with that key. */
  get(key: string): Claim | undefined {
    return this.#byKey.get(key);
  }

  /** Adds a claim, in place of an earlier one with its key. */
  set(claim: Claim): void {
    this.delete(claim.key);
    this.#byKey.set(claim.key, claim);
    for (const form of claimedForms(claim.name)) this.#byForm.set(form, claim);
  }

  delete(key: string): void {
    const claim = this.#byKey.get(key);
    if (claim === undefined) return;
    this.#byKey.delete(key);
    for (const form of claimedForms(claim.name)) {
      if (this.#byForm.get(form) === claim) this.#byForm.delete(form);
    }
  }

  /** All claims, by name. */
  list(): Claim[] {
    return [...this.#byKey.values()].sort((a, b) => a.key < b.key ? -1 : 1);
  }

  /** Claims that were not proven for a year, at time `now`. */
  unused(now: number): Claim[] {
    return this.list().filter((claim) => isUnused(claim, now));
  }
}

/** The key of a name. */
export function claimKey(name: string): string {
  return foldName(name);
}

function isUnused({ used }: Claim, now: number): boolean {
  return used + UNUSED_MS <= now;
}
