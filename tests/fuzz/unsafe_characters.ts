// Characters that may not reach another client's terminal; a list of its own, not that of the
// sources.

// Controls but tab; line and paragraph separators; invisible formats but the two joiners that
// scripts and emoji need and the visible marks of Arabic, Syriac, Kaithi and hieroglyphs; floods of
// marks.
const UNSAFE_REGEXP =
  /[^\P{Cc}\t]|[\p{Zl}\p{Zp}]|(?![\u200c\u200d\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}\u{13430}-\u{1343f}])\p{Cf}|\p{M}{10}|\p{Cs}/u;

/** The first unsafe thing in `text`, written out; undefined if it is safe. */
export function unsafeIn(text: string): string | undefined {
  const found = UNSAFE_REGEXP.exec(text);
  if (found === null) return undefined;
  return `${JSON.stringify(found[0])} (U+${found[0].codePointAt(0)?.toString(16)})`;
}

/** The same for every string in a parsed JSON value; a `ref` is the reader's own. */
export function unsafeInJson(value: unknown): string | undefined {
  if (typeof value === "string") return unsafeIn(value);
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, part] of Object.entries(value)) {
    const found = key === "ref" ? undefined : unsafeIn(key) ?? unsafeInJson(part);
    if (found !== undefined) return found;
  }
  return undefined;
}
