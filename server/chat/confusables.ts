// Letters, digits and capitals that look like others, so that no name can imitate another (F17,
// A14): Unicode's table of them (UTS #39) and a few letters more.

import { UNICODE_CONFUSABLES } from "./unicode_confusables.ts";

/**
 * Rows of letters and of what they look like, which Unicode's table lacks or decides otherwise:
 * its capital I is an l, also where no small letter is near.
 */
const LOOKALIKES: readonly (readonly [string, string])[] = [
  // Cyrillic, Greek, Armenian, Lisu, Cherokee
  ["ӏьԍІԚҺшκχϲωεΙϹϿյꓲᏆᏎ", "lbgIQhwkxcweICJjIIS"],
  // Latin: small capitals, letters of phonetics
  ["ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz"],
  ["ꞁıȷĸꞓþƿƒ", "lijkeppf"],
  // From newer versions of Unicode's table: Coptic, Georgian, Canadian, Armenian, Indic, Burmese
  ["ϭⲂⲓⲩⲽⳎⳏⳓϬⲜⳄⳋთᑲւ০૦೦០ടငၚ", "oBiywPp66339obiOOOOscc"],
];

/** What a letter looks like; made at the first name that is not ASCII. */
let prototypes: ReadonlyMap<string, string> | undefined;

function makePrototypes(): ReadonlyMap<string, string> {
  const extra = new Map<string, string>();
  for (const [foreign, latin] of LOOKALIKES) {
    const letters = [...latin];
    [...foreign].forEach((letter, at) => extra.set(letter, letters[at] ?? letter));
  }
  const made = new Map<string, string>();
  let prototype = "";
  for (const word of UNICODE_CONFUSABLES.trim().split(/\s+/)) {
    if (!word.endsWith(":")) made.set(fromHex(word), prototype);
    else prototype = [...fromHex(word.slice(0, -1))].map((one) => extra.get(one) ?? one).join("");
    // In Unicode's table m looks like rn; here these are two, as in corn and com.
    if (prototype === "rn") prototype = "m";
  }
  for (const [letter, latin] of extra) made.set(letter, latin);
  return made;
}

/** The text of code points in hexadecimal with plus signs between. */
function fromHex(codes: string): string {
  return String.fromCodePoint(...codes.split("+").map((code) => parseInt(code, 16)));
}

const ASCII_REGEXP = /^[\0-\x7f]*$/;

/** A dot below a letter is easily overlooked; other marks make another letter. */
const DOT_BELOW = "\u0323";

/** A capital I is read as l only among small letters: in `ALI` it is an I. */
const SMALL_LETTER_REGEXP = /\p{Ll}/u;

/** Two or more digits at the end are a number and not letters. */
const NUMBER_REGEXP = /\d{2,}$/;

/** Most digits 1 in a name that are read as letters: each doubles the readings. */
const MOST_ONES = 3;

/** The text with every letter replaced by the one it could be taken for, Latin if there is one. */
export function lookalike(text: string): string {
  if (ASCII_REGEXP.test(text)) return text;
  prototypes ??= makePrototypes();
  let looks = "";
  for (const letter of text.normalize("NFD").replaceAll(DOT_BELOW, "")) {
    looks += prototypes.get(letter) ?? letter;
  }
  return looks.normalize("NFC");
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
