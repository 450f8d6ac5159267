// Names that belong to somebody: who may bear them, since when, and who of them is an operator. Pure;
// the time is passed in, and how a passphrase is checked is not known here.

import { blockedNames as claimedForms, foldName } from "../chat/names.ts";
import type { Hashed } from "./passphrases.ts";

/** A claimed name. */
export interface Claim {
  /** {@linkcode foldName} of the name. */
  readonly key: string;
  /** As it was when it was claimed. */
  readonly name: string;
  readonly secret: Hashed;
  /** Milliseconds since the epoch: when it was claimed, and when it was last proven. */
  readonly since: number;
  readonly used: number;
  readonly isOperator: boolean;
}

/** A claim that nobody has proven for so long is nobody's any more: a year, in milliseconds. */
export const UNUSED_MS = 365 * 86_400_000;

/** The claimed names of one server. */
export class Claims {
  readonly #byKey = new Map<string, Claim>();
  /** Whose each form is that the name blocks for others: the name, and what looks like it. */
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

  /** The claim of that key. */
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

  /** All, by name. */
  list(): Claim[] {
    return [...this.#byKey.values()].sort((a, b) => a.key < b.key ? -1 : 1);
  }

  /** Those that nobody has proven for a year, at time `now`. */
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
