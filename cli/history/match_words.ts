// Which messages `history search` finds: those with every word, in any form of its letters (O6).
// Pure.

/** Makes a predicate: whether the name or the text of a message contains all the words. */
export function wordMatcher(
  words: readonly string[],
): (message: { readonly from: string; readonly text: string }) => boolean {
  const wanted = words.map(folded);
  return ({ from, text }) => {
    if (wanted.length === 0) return true;
    const whole = folded(`${from}\n${text}`);
    return wanted.every((word) => whole.includes(word));
  };
}

/** As names are compared: NFKC, without letter case; upper case first, so that ß is ss. */
function folded(text: string): string {
  const lower = text.normalize("NFKC").toLowerCase();
  const whole = lower.toUpperCase().toLowerCase().normalize("NFKC");
  return whole.replaceAll("i\u0307", "i").replaceAll("ς", "σ"); // İ, and sigma at a word's end
}
