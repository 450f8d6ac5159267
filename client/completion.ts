// What Tab offers: /commands, @names and #groups. Pure; the line editor shows and inserts.

import { COMMANDS } from "./commands.ts";

/** What can be completed to. */
export interface Known {
  /** Command words without their `/`. */
  readonly commands: readonly string[];
  readonly names: readonly string[];
  /** Groups without their `#`. */
  readonly groups: readonly string[];
}

/** `candidates` replace the line from `from` to the cursor. */
export interface Candidates {
  readonly from: number;
  readonly candidates: readonly string[];
}

/** The candidates for the word that ends at `cursor`, each with the space that follows it. */
export function complete(line: string, cursor: number, known: Known): Candidates {
  const before = line.slice(0, cursor);
  const from = before.search(/\S*$/);
  const word = before.slice(from);
  const offer = (sigil: string, words: readonly string[]): Candidates => ({
    from,
    candidates: matching(word.slice(sigil.length), words).map((match) => `${sigil}${match} `),
  });
  if (word.startsWith("@")) return offer("@", known.names);
  if (word.startsWith("#")) return offer("#", known.groups);
  if (from === 0) return word.startsWith("/") ? offer("/", known.commands) : offer("", []);
  const [, command] = /^\/(\S+)\s+$/.exec(before.slice(0, from)) ?? [];
  const completes = COMMANDS.find((row) => row.word === command)?.completes;
  return offer("", completes === undefined ? [] : known[completes]);
}

function matching(prefix: string, words: readonly string[]): readonly string[] {
  const wanted = prefix.toLowerCase();
  return words.filter((word) => word.toLowerCase().startsWith(wanted));
}
