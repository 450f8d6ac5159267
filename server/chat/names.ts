// Names of people and groups, which share one namespace (D21): what is allowed, what counts as the
// same, and who holds which.

import { type Failure, failure, quoted } from "../../protocol/failures.ts";
import { MAX_NAME_CHARS, MAX_NAME_UNITS } from "../../protocol/limits.ts";
import { EVERYONE_NAMES } from "../../protocol/requests.ts";
import { lookalike, readings } from "./confusables.ts";
import { isOfOneScript } from "./scripts.ts";

/**
 * Names that no member can have: they stand for everyone, the server or its operator, in English or
 * French (A14), or would break the objects of careless bots.
 */
const RESERVED: readonly string[] = [
  ...EVERYONE_NAMES,
  ...["everybody", "toutes"],
  ...["server", "admin", "administrator", "operator", "system"],
  ...["serveur", "administrateur", "administratrice", "operateur", "operatrice", "systeme"],
  ...["__proto__", "constructor"],
];

// Marks belong to the letters of many scripts, but only after one, and at most two. Characters that
// are invisible by default (fillers, joiners, variation selectors) are refused although some of
// them count as letters.
const ALLOWED_REGEXP = /^(?:[\p{L}\p{N}_]\p{M}{0,2})(?:[\p{L}\p{N}_.-]\p{M}{0,2})*$/u;
const INVISIBLE_REGEXP = /\p{Default_Ignorable_Code_Point}/u;
const LETTER_REGEXP = /\p{L}/u;

/** What the reserved names block; made at the first name. */
let reservedForms: ReadonlySet<string> | undefined;

/** The name as it is shown (NFKC), or a refusal; `maxChars` may be stricter than the protocols. */
export function checkName(raw: string, maxChars: number = MAX_NAME_CHARS): string | Failure {
  if (raw.length > MAX_NAME_UNITS) return failure("bad_name", (t) => t.nameTooLong(maxChars));
  const name = raw.normalize("NFKC");
  const length = [...name].length;
  if (length === 0) return failure("bad_name", (t) => t.nameEmpty);
  if (length > maxChars) {
    return failure("bad_name", (t) => t.nameTooLong(maxChars));
  }
  if (!ALLOWED_REGEXP.test(name) || INVISIBLE_REGEXP.test(name) || !LETTER_REGEXP.test(name)) {
    return failure(
      "bad_name",
      (t) => t.nameNotAllowed(quoted(raw)),
    );
  }
  // Also names that look like a reserved one: no member may imitate the server.
  reservedForms ??= new Set(RESERVED.flatMap(blockedNames));
  for (const key of blockedNames(name)) {
    if (!reservedForms.has(key) && !reservedForms.has(bare(key))) continue;
    return failure("name_reserved", (t) => t.nameReserved(quoted(name)));
  }
  if (!isOfOneScript(name)) return failure("bad_name", (t) => t.nameMixesScripts(quoted(name)));
  return name;
}

/**
 * The form under which names are compared: `Alice`, `ALICE` and full-width `ａlice` are the same.
 * A text too long for a name is left as it is, and so is the same as no name.
 */
export function foldName(name: string): string {
  if (name.length > MAX_NAME_UNITS) return name;
  // Through upper case, which turns `ß` into `SS` and the Turkish `ı` into `I`, as case folding
  // would; lower case before it, because the capital `ẞ` becomes `ß` only so.
  const lower = name.normalize("NFKC").toLowerCase();
  const folded = lower.toUpperCase().toLowerCase().normalize("NFKC");
  return folded.replaceAll("i\u0307", "i");
}

/** Whether a target means everyone (`@tous`, `@all`), in any letter case. */
export function meansEveryone(name: string): boolean {
  return EVERYONE_NAMES.has(foldName(name));
}

/**
 * The forms that a name blocks for others: its folded form, and what it can be read as in either
 * letter case.
 */
export function blockedNames(name: string): readonly string[] {
  if (name.length > MAX_NAME_UNITS) return [name];
  const known = RECENT.get(name);
  if (known !== undefined) return known;
  const forms = formsOf(name);
  if (RECENT.size >= MOST_RECENT) RECENT.clear();
  RECENT.set(name, forms);
  return forms;
}

/** Forms computed last: a change of name asks for those of two names six times, at 30 µs each. */
const RECENT = new Map<string, readonly string[]>();
const MOST_RECENT = 64;

function formsOf(name: string): readonly string[] {
  const folded = foldName(name);
  const looks = [name, folded, folded.toUpperCase()].flatMap((form) =>
    readings(lookalike(form)).map(foldName)
  );
  return [...new Set([folded, ...looks])];
}

/**
 * The name without punctuation and accents, and with letters for the digits that stand in for them.
 */
function bare(folded: string): string {
  const letters = folded.replaceAll("3", "e").replaceAll("4", "a").replaceAll("5", "s")
    .replaceAll("rn", "m");
  return letters.normalize("NFD").replaceAll(/[._\p{M}-]/gu, "");
}

/** The names in use, and their holders. */
export class Namespace<Owner> {
  readonly #byFold = new Map<string, Owner>();
  readonly #claimed = new Map<string, Owner>();

  /** The holder of exactly that name, ignoring letter case. */
  find(name: string): Owner | undefined {
    return this.#byFold.get(foldName(name));
  }

  /**
   * Gives `name`, already checked, to `owner`; refused if it is, or looks like, the name of
   * another.
   */
  claim(name: string, owner: Owner): Failure | undefined {
    const keys = blockedNames(name);
    for (const key of keys) {
      const holder = this.#claimed.get(key);
      if (holder !== undefined && holder !== owner) {
        return failure("name_taken", (t) => t.nameTaken(quoted(name)));
      }
    }
    for (const key of keys) this.#claimed.set(key, owner);
    this.#byFold.set(foldName(name), owner);
    return undefined;
  }

  /** Takes `name` from `owner`, except the forms that its name `kept` blocks as well. */
  release(name: string, owner: Owner, kept?: string): void {
    const keep = new Set(kept === undefined ? [] : blockedNames(kept));
    for (const key of blockedNames(name)) {
      if (!keep.has(key) && this.#claimed.get(key) === owner) this.#claimed.delete(key);
    }
    const folded = foldName(name);
    if (kept === undefined || foldName(kept) !== folded) this.#byFold.delete(folded);
  }

  /**
   * `name`, or the first free of `name_2`, `name_3`, ... that is `allowed`, none longer than
   * `maxChars`; claimed for `owner` (D6).
   */
  claimFree(
    name: string,
    owner: Owner,
    { allowed, maxChars }: { allowed: (name: string) => boolean; maxChars: number },
  ): string {
    if (allowed(name) && this.claim(name, owner) === undefined) return name;
    const base = [...name].slice(0, maxChars - 7).join("");
    // An ASCII suffix does not change the forms of what precedes it, so most candidates cost one
    // lookup.
    const keys = blockedNames(base);
    for (let number = 2;; number++) {
      const suffix = `_${number}`;
      if (keys.some((key) => this.#claimed.has(key + suffix)) || !allowed(base + suffix)) continue;
      if (this.claim(base + suffix, owner) === undefined) return base + suffix;
    }
  }
}
