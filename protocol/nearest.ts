// Which word was meant by one that does not exist. Pure.

/** Longest word looked at for a typing mistake; no command or option is nearly as long. */
const MAX_MISTYPED = 16;

/** Which of `words` most likely was meant, the first of those as near; none when all differ too much. */
export function nearest(typed: string, words: readonly string[]): string | undefined {
  if (typed.length > MAX_MISTYPED) return undefined;
  return words
    .map((word) => ({ word, distance: editDistance(typed, word) }))
    // Half a word must be right: else every short one would be near.
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
