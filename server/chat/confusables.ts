// Letters of other scripts that look like Latin ones, so that nobody can pass for somebody else
// (F17). Facts from Unicode's confusables.txt (UTS #39), kept to Cyrillic, Greek, Armenian and
// Cherokee letters a name may hold; NFKC has already dealt with full-width and styled letters.

const LOOKALIKES: readonly (readonly [string, string])[] = [
  // Cyrillic, small then capital
  ["аеорсухіѕјһԁԛԝѵүӏгьԍ", "aeopcyxisjhdqwvylrbg"],
  ["АВЕКМНОРСТУХІЅЈԌԚԜѴҮӀЬҺ", "ABEKMHOPCTYXISJGQWVYlbh"],
  // Greek, small then capital
  ["αογικνρσυχϲϳωε", "aoyikvpouxcjwe"],
  ["ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϿ", "ABEZHIKMNOPTYXCJ"],
  // Armenian
  ["աօոսցհզքյՏՕՍ", "wonughqpjSOU"],
  // Cherokee
  ["ᎠᎡᎢᎪᎫᎬᎳᎷᎻᎽᏀᏃᏆᏎᏔᏙᏚᏞᏟᏢᏦᏴ", "DRTAJEWMHYGZISWVSLCPKB"],
];

const LATIN = new Map<string, string>();
for (const [foreign, latin] of LOOKALIKES) {
  const letters = [...latin];
  [...foreign].forEach((letter, at) => LATIN.set(letter, letters[at] ?? letter));
}

/** The text with every letter replaced by the Latin one it could be taken for. */
export function lookalike(text: string): string {
  let latin = "";
  for (const letter of text) latin += LATIN.get(letter) ?? letter;
  return latin;
}
