// The candidates for Tab: /commands, @names, @groups and #groups. Pure; the line editor shows and
// inserts them.

import { SLASH_COMMANDS } from "../protocol/slash_commands.ts";
import type { Capabilities } from "../protocol/dialect.ts";
import type { Roster } from "./roster.ts";

/** The words that can be completed. */
export interface CompletionSources {
  /** Command words without their `/`. */
  readonly commands: readonly string[];
  readonly names: readonly string[];
  /** Groups without their `#`. */
  readonly groups: readonly string[];
}

/**
 * The words that can be completed in a chat. A server with typed commands of its own completes
 * nothing but `/quit`, which the client handles.
 */
export function completionSources(
  { typedCommands }: Pick<Capabilities, "typedCommands">,
  roster: Pick<Roster, "groups" | "names">,
): CompletionSources {
  const commands = typedCommands ? ["quit"] : SLASH_COMMANDS.map(({ word }) => word);
  return { commands, names: roster.names(), groups: roster.groups() };
}

/** `candidates` replace the line from `from` to the cursor. */
export interface Candidates {
  readonly from: number;
  readonly candidates: readonly string[];
}

/** The candidates for the word that ends at `cursor`, each with the space that follows it. */
export function complete(line: string, cursor: number, known: CompletionSources): Candidates {
  const before = line.slice(0, cursor);
  const from = before.search(/\S*$/);
  const word = before.slice(from);
  const offer = (sigil: string, words: readonly string[]): Candidates => ({
    from,
    candidates: matching(word.slice(sigil.length), words).map((match) => `${sigil}${match} `),
  });
  const recipients = [...new Set([...known.names, ...known.groups])];
  if (word.startsWith("@")) return offer("@", recipients);
  if (word.startsWith("#")) return offer("#", known.groups);
  if (from === 0) return word.startsWith("/") ? offer("/", known.commands) : offer("", []);
  const [, command] = /^\/(\S+)\s+$/.exec(before.slice(0, from)) ?? [];
  const row = SLASH_COMMANDS.find(({ word, aliases }) =>
    [word, ...aliases].includes(command ?? "")
  );
  if (row?.completes === undefined) return offer("", []);
  return offer("", row.completes === "groups" ? known.groups : recipients);
}

function matching(prefix: string, words: readonly string[]): readonly string[] {
  const wanted = prefix.toLowerCase();
  return words.filter((word) => word.toLowerCase().startsWith(wanted));
}
