// Letters of other scripts, digits and capitals that look like Latin letters, so that no name can
// imitate another (F17). From Unicode's confusables.txt (UTS #39), for letters a name may have.

/** Rows of letters and of their Latin lookalikes; NFKC already maps full-width and styled letters. */
const LOOKALIKES: readonly (readonly [string, string])[] = [
  // Cyrillic, small then capital
  ["аеорсухіѕјһԁԛԝѵүӏгьԍ", "aeopcyxisjhdqwvylrbg"],
  ["АВЕКМНОРСТУХІЅЈԌԚԜѴҮӀЬҺ", "ABEKMHOPCTYXISJGQWVYlbh"],
  // Greek, small then capital
  ["αογικνρσυχϲϳωε", "aoyikvpouxcjwe"],
  ["ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϿ", "ABEZHIKMNOPTYXCJ"],
  // Armenian
  ["աօոսցհզքյՏՕՍ", "wonughqpjSOU"],
  // Latin ones of other alphabets, phonetics and old scripts
  ["\u0251\u1d04\u1d20\ua731\u0269\ua647\ua781\u1d0f\u1d1c\u1d21\u1d22\u0261", "acvsiilouwzg"],
  // Georgian-like small capitals, Armenian and Cyrillic ones that a font hardly tells apart
  ["\u1d26\u04bd", "re"],
  // Lisu
  ["ꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ", "BPDTGKJCZFMNLSRVHWXYAEIOU"],
  // Hebrew, N'Ko and Tifinagh strokes
  ["\u05d5\u07ca\u2d4f", "lll"],
  // Cherokee
  ["\u13a5", "i"],
  ["ᎠᎡᎢᎪᎫᎬᎳᎷᎻᎽᏀᏃᏆᏎᏔᏙᏚᏞᏟᏢᏦᏴ", "DRTAJEWMHYGZISWVSLCPKB"],
];

const LATIN = new Map<string, string>();
for (const [foreign, latin] of LOOKALIKES) {
  const letters = [...latin];
  [...foreign].forEach((letter, at) => LATIN.set(letter, letters[at] ?? letter));
}

/** A dot below a letter is easily overlooked; other marks make another letter. */
const DOT_BELOW = "\u0323";

/** A capital I is read as l only among small letters: in `ALI` it is an I. */
const SMALL_LETTER_REGEXP = /\p{Ll}/u;

/** Two or more digits at the end are a number and not letters. */
const NUMBER_REGEXP = /\d{2,}$/;

/** Most digits 1 in a name that are read as letters: each doubles the readings. */
const MOST_ONES = 3;

/** The text with every letter replaced by the Latin one it could be taken for. */
export function lookalike(text: string): string {
  let latin = "";
  for (const letter of text.normalize("NFD").replaceAll(DOT_BELOW, "").normalize("NFC")) {
    latin += LATIN.get(letter) ?? letter;
  }
  return latin;
}

/** The text as it is, and what its digits 0 and 1 and its capital I could be read as. */
export function readings(text: string): readonly string[] {
  const number = NUMBER_REGEXP.exec(text)?.[0] ?? "";
  const word = text.slice(0, text.length - number.length);
  const letters = SMALL_LETTER_REGEXP.test(word) ? word.replaceAll("I", "l") : word;
  const [first = "", ...rest] = letters.replaceAll("0", "o").split("1");
  let read = [first];
  rest.forEach((part, at) => {
    const ones = at < MOST_ONES ? ["l", "i"] : ["l"];
    read = read.flatMap((before) => ones.map((one) => before + one + part));
  });
  return [...new Set([text, ...read.map((one) => one + number)])];
}
