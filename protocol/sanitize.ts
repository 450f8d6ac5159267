// Makes anybody's text safe to print: nothing a peer sends may move a cursor, change a colour,
// reorder a line or start a second one in another person's terminal, log or export. Pure.

/** Combining marks kept in a row; real scripts need at most a handful, a flood needs hundreds. */
const MAX_COMBINING = 6;

// What it matches, in order: C0 except tab, DEL and C1 (D16); soft hyphen, Arabic letter mark and
// Mongolian vowel separator; zero width space and the bidi marks (ZWNJ and ZWJ stay: Persian and
// emoji need them); line and paragraph separators with the bidi embeddings; word joiner to the
// deprecated format characters, which hold the bidi isolates; BOM; interlinear annotation; tags;
// variation selectors supplement.
const UNSAFE_REGEXP =
  // deno-lint-ignore no-control-regex
  /[\0-\x08\x0a-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e01ef}]|\p{M}{7,}/gu;
const ANY_UNSAFE_REGEXP = new RegExp(UNSAFE_REGEXP.source, "u");

/**
 * The same text with every dangerous character written out (`\x1b`, `\u202e`), floods of combining
 * marks shortened, and lone surrogates replaced by U+FFFD. Tab stays. One line in, one line out.
 */
export function visible(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  if (!ANY_UNSAFE_REGEXP.test(whole)) return whole;
  return whole.replace(UNSAFE_REGEXP, (found) => {
    const code = found.codePointAt(0) ?? 0;
    if (/^\p{M}{7,}$/u.test(found) && !isFormat(code)) {
      return [...found].slice(0, MAX_COMBINING).join("");
    }
    if (code <= 0xff) return "\\x" + code.toString(16).padStart(2, "0");
    if (code <= 0xffff) return "\\u" + code.toString(16).padStart(4, "0");
    return `\\u{${code.toString(16)}}`;
  });
}

function isFormat(code: number): boolean {
  return code >= 0xe0000;
}
