// Cursor positions in a text: between grapheme clusters, and at the ends of words. Pure; offsets
// are UTF-16 units.

const SEGMENTER = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The grapheme clusters of the text, in order. */
export function* graphemes(text: string): Generator<string> {
  for (const { segment } of SEGMENTER.segment(text)) yield segment;
}

/** The end of the cluster that begins at or holds `at`; the text's end when there is none. */
export function graphemeEnd(text: string, at: number): number {
  const found = SEGMENTER.segment(text).containing(at);
  return found === undefined ? text.length : found.index + found.segment.length;
}

/** The start of the cluster that ends at `at`; 0 when there is none. */
export function graphemeStart(text: string, at: number): number {
  return SEGMENTER.segment(text).containing(at - 1)?.index ?? 0;
}

/** `at`, or the end of the cluster that `at` would cut in two. */
export function wholeGrapheme(text: string, at: number): number {
  return SEGMENTER.segment(text).containing(at)?.index === at ? at : graphemeEnd(text, at);
}

/** The start of the word before `at`, skipping characters that `part` does not match. */
export function wordStart(text: string, at: number, part: RegExp): number {
  let inWord = false;
  for (let here = at; here > 0;) {
    const before = graphemeStart(text, here);
    const matches = part.test(text.slice(before, here));
    if (inWord && !matches) return here;
    inWord = matches;
    here = before;
  }
  return 0;
}

/** The end of the word after `at`, skipping characters that `part` does not match. */
export function wordEnd(text: string, at: number, part: RegExp): number {
  let inWord = false;
  for (let here = at; here < text.length;) {
    const after = graphemeEnd(text, here);
    const matches = part.test(text.slice(here, after));
    if (inWord && !matches) return here;
    inWord = matches;
    here = after;
  }
  return text.length;
}
