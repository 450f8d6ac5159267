// Finds the known word that is closest to a mistyped one, by Levenshtein distance.

/** Longest word that is compared; no command or option is nearly as long. */
const MAX_MISTYPED = 16;

/**
 * The word of `words` closest to `typed`, the first of equally close ones; undefined if all differ
 * too much.
 */
export function nearest(typed: string, words: readonly string[]): string | undefined {
  if (typed.length > MAX_MISTYPED) return undefined;
  return words
    .map((word) => ({ word, distance: editDistance(typed, word) }))
    // At least half of a word must match: otherwise every short word would be close.
    .filter(({ word, distance }) => distance <= Math.min(2, Math.floor(word.length / 2)))
    .sort((a, b) => a.distance - b.distance)[0]?.word;
}

/** How many letters to add, drop or change (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const changed = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
