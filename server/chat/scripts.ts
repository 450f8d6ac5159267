// Whether a name keeps to one script (UTS #39, section 5.2) and one kind of digits (section 5.3): a
// letter of another script among the others could only imitate.

/**
 * Scripts in everyday use (UAX #31, table 5), each with those that are written together with it.
 * The letters of all other scripts count as one script: they are rare, and confusables.ts knows
 * which of them look like Latin ones.
 */
const TOGETHER: readonly (readonly string[])[] = [
  ["Latin"],
  ["Cyrillic"],
  ["Greek"],
  ["Arabic"],
  ["Han", "Hiragana", "Katakana"],
  ["Han", "Hangul"],
  ["Han", "Bopomofo"],
  ["Hebrew"],
  ["Devanagari"],
  ["Bengali"],
  ["Thai"],
  ["Tamil"],
  ["Telugu"],
  ["Gujarati"],
  ["Gurmukhi"],
  ["Kannada"],
  ["Malayalam"],
  ["Oriya"],
  ["Sinhala"],
  ["Armenian"],
  ["Georgian"],
  ["Ethiopic"],
  ["Khmer"],
  ["Lao"],
  ["Myanmar"],
  ["Tibetan"],
  ["Thaana"],
];

const ASCII_REGEXP = /^[\0-\x7f]*$/;

/** Digits, marks and letters of no script in particular. */
const COMMON = String.raw`\p{scx=Common}\p{scx=Inherited}`;

const SCRIPTED_REGEXP = /[^\p{scx=Common}\p{scx=Inherited}]/u;

const DIGIT_REGEXP = /\p{Nd}/gu;

/** Regular expressions by their source: made when first needed, a start is not slowed by them. */
const compiled = new Map<string, RegExp>();

function matches(source: string, text: string): boolean {
  let regexp = compiled.get(source);
  if (regexp === undefined) compiled.set(source, regexp = new RegExp(source, "u"));
  return regexp.test(text);
}

function scriptsOf(names: readonly string[], property: "sc" | "scx"): string {
  return names.map((name) => `\\p{${property}=${name}}`).join("");
}

/** Whether all letters of a name, in NFKC, can belong to one script, and its digits to one kind. */
export function isOfOneScript(name: string): boolean {
  if (ASCII_REGEXP.test(name)) return true;
  const digits = (name.match(DIGIT_REGEXP) ?? []).map((digit) => digit.codePointAt(0) ?? 0);
  // The ten digits of a kind follow each other.
  if (digits.length > 1 && Math.max(...digits) - Math.min(...digits) > 9) return false;
  const first = SCRIPTED_REGEXP.exec(name)?.[0];
  if (first === undefined) return true;
  const candidates = TOGETHER.filter((names) => matches(`[${scriptsOf(names, "scx")}]`, first));
  return candidates.some((names) => matches(`^[${COMMON}${scriptsOf(names, "scx")}]*$`, name)) ||
    (candidates.length === 0 && matches(`^[^${scriptsOf(TOGETHER.flat(), "sc")}]*$`, name));
}
