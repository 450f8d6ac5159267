// The table of typed commands (D8), for telnet and minichat's client: each row turns arguments into
// a request. Help and completion are derived from it.

import { perLanguage } from "../texts/per_language.ts";
import type { CommandTexts, Texts } from "../texts/texts.ts";
import type { CommandHelp } from "./events.ts";
import { type Failure, failure, quoted } from "./failures.ts";
import { MAX_LISTED } from "./limits.ts";
import { nearest } from "./nearest.ts";
import type { Request } from "./requests.ts";

/** Arguments that a command requires after its word; {@linkcode resolveCommand} checks them. */
type Arguments = "none" | "optional" | "word" | "text" | "word and text";

/** One command. */
export interface CommandRow {
  /** As typed after the slash; its help is the text of that name. */
  readonly word: Exclude<keyof CommandTexts, "text" | "toOne">;
  readonly aliases: readonly string[];
  readonly usage: string;
  readonly needs: Arguments;
  /** What its first argument names, for completion; a recipient is a person or a group. */
  readonly completes?: "recipients" | "groups";
  /** The part of its arguments that must not be shown. */
  readonly secret?: "rest" | "after word";
  /** `first` is the first argument, `rest` is what follows it, `all` is both. */
  readonly request: (args: { first: string; rest: string; all: string }) => Request | Failure;
}

/** Messages shown by a bare `/history`. */
const HISTORY_DEFAULT = 20;

/** All commands, in the order in which help shows them. */
export const SLASH_COMMANDS: readonly CommandRow[] = [
  {
    word: "help",
    aliases: ["h", "?"],
    usage: "/help",
    needs: "none",
    request: () => ({ verb: "help" }),
  },
  {
    word: "list",
    aliases: ["who", "names"],
    usage: "/list",
    needs: "none",
    request: () => ({ verb: "who" }),
  },
  {
    word: "name",
    aliases: ["nick", "pseudo", "nom"],
    usage: "/name NAME",
    needs: "word",
    request: ({ all }) => ({ verb: "rename", name: all }),
  },
  {
    word: "msg",
    aliases: ["tell", "w"],
    usage: "/msg NAME TEXT",
    needs: "word and text",
    completes: "recipients",
    request: ({ first, rest }) => ({
      verb: "say",
      text: rest,
      to: { sigil: first.startsWith("#") ? "#" : "@", name: first.replace(/^[@#]/, "") },
    }),
  },
  {
    word: "reply",
    aliases: ["r"],
    usage: "/reply TEXT",
    needs: "text",
    request: ({ all }) => ({ verb: "reply", text: all }),
  },
  {
    word: "me",
    aliases: [],
    usage: "/me TEXT",
    needs: "text",
    request: ({ all }) => ({ verb: "say", text: all, action: true }),
  },
  {
    word: "groups",
    aliases: [],
    usage: "/groups",
    needs: "none",
    request: () => ({ verb: "groups" }),
  },
  {
    word: "join",
    aliases: [],
    usage: "/join GROUP",
    needs: "word",
    completes: "groups",
    request: ({ all }) => ({ verb: "join", group: groupName(all) }),
  },
  {
    word: "leave",
    aliases: ["part"],
    usage: "/leave GROUP",
    needs: "word",
    completes: "groups",
    request: ({ all }) => ({ verb: "leave", group: groupName(all) }),
  },
  {
    word: "history",
    aliases: [],
    usage: "/history [COUNT]",
    needs: "optional",
    request: ({ all }) => historyRequest(all),
  },
  {
    word: "claim",
    aliases: [],
    usage: "/claim PASSPHRASE",
    needs: "text",
    secret: "rest",
    request: ({ all }) => ({ verb: "claim", passphrase: all }),
  },
  {
    word: "login",
    aliases: [],
    usage: "/login NAME PASSPHRASE",
    needs: "word and text",
    secret: "after word",
    request: ({ first, rest }) => ({ verb: "login", name: first, passphrase: rest }),
  },
  {
    word: "unclaim",
    aliases: [],
    usage: "/unclaim",
    needs: "none",
    request: () => ({ verb: "unclaim" }),
  },
  {
    word: "quit",
    aliases: ["exit", "bye"],
    usage: "/quit",
    needs: "none",
    request: () => ({ verb: "bye" }),
  },
];

const TEXT_USAGE = "TEXT";
const TO_ONE_USAGE = "@NAME TEXT";

/** Everything that can be typed, for greeting and help. */
export const helpIn: (texts: Texts) => readonly CommandHelp[] = perLanguage(({ commands }) => [
  { usage: TEXT_USAGE, help: commands.text },
  { usage: TO_ONE_USAGE, help: commands.toOne },
  ...SLASH_COMMANDS.map(({ word, usage }) => ({
    usage,
    help: word === "history" ? commands.history(HISTORY_DEFAULT) : commands[word],
  })),
]);

/** The usages in {@linkcode helpIn}, which are the same in all languages. */
export const USAGES: ReadonlySet<string> = new Set([
  TEXT_USAGE,
  TO_ONE_USAGE,
  ...SLASH_COMMANDS.map(({ usage }) => usage),
]);

/** The request of a typed command; words but `quit` may be abbreviated if unambiguous (D8). */
export function resolveCommand(word: string, rest: string): Request | Failure {
  const row = findRow(word);
  if ("code" in row) return row;
  const all = rest.trim();
  const [, first = "", tail = ""] = /^(\S*)\s*(.*)$/s.exec(all) ?? [];
  const missing = (row.needs === "word and text" && tail === "") ||
    ((row.needs === "word" || row.needs === "text") && all === "");
  if (missing) return failure("missing_argument", (t) => t.usage(row.usage));
  return row.request({ first, rest: tail, all });
}

/** Whether a word, in full, is a command that every member has. */
export function isCommand(typed: string): boolean {
  const word = typed.toLowerCase();
  return SLASH_COMMANDS.some((row) => row.word === word || row.aliases.includes(word));
}

function findRow(typed: string): CommandRow | Failure {
  const word = typed.toLowerCase();
  const exact = SLASH_COMMANDS.find((row) => row.word === word || row.aliases.includes(word));
  if (exact) return exact;
  // `/qui` may be a slip, or the French word: what ends a session is never abbreviated.
  const close = word === ""
    ? []
    : SLASH_COMMANDS.filter((row) => row.word !== "quit" && row.word.startsWith(word));
  if (close.length === 1 && close[0]) return close[0];
  const shown = quoted("/" + typed);
  if (close.length > 1) {
    const words = close.map((row) => "/" + row.word);
    return failure("ambiguous_command", (t) => t.ambiguousCommand(shown, words));
  }
  const near = nearest(word, WORDS);
  const meant = near === undefined ? undefined : `/${near}`;
  return failure("unknown_command", (t) => t.unknownCommand(shown, meant));
}

/** Without the aliases: a suggestion should be found in the help. */
const WORDS = SLASH_COMMANDS.map((row) => row.word);

/** The name without the `#` of `#cooks`, which people often type. */
function groupName(typed: string): string {
  return typed.replace(/^#/, "");
}

function historyRequest(count: string): Request | Failure {
  if (count === "") return { verb: "history", limit: HISTORY_DEFAULT };
  const limit = Number(count);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LISTED) {
    return failure("bad_request", (t) => t.historyUsage(MAX_LISTED));
  }
  return { verb: "history", limit };
}
