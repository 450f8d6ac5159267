// The commands of sheet 003 as a table (D14): only the first letter counts, so `h`, `help` and
// `hippopotame` are one command (R74). Pure; etx.ts has the rest of the dialect.

import { failure, quoted } from "./failures.ts";
import type { Request } from "./requests.ts";

interface CommandRow {
  readonly letter: string;
  /** As in the help: capitals are needed, brackets are not. */
  readonly operands: string;
  readonly help: string;
  /** `first` is the first word behind the command, `rest` what follows it, `all` both. */
  request(args: { first: string; rest: string; all: string }): Request;
}

const COMMANDS: readonly CommandRow[] = [
  { letter: "h", operands: "", help: "this list", request: () => ({ verb: "help" }) },
  {
    letter: "l",
    operands: "[g]",
    help: "who is here; l g: the groups and their members",
    request: ({ first }) => ({ verb: /^g/i.test(first) ? "groups" : "who" }),
  },
  {
    letter: "n",
    operands: "NAME",
    help: "change your name",
    // A claimed name is proven by what stands behind it.
    request: ({ first, rest }) => ({
      verb: "rename",
      name: first,
      ...rest === "" ? {} : { passphrase: rest },
    }),
  },
  { letter: "w", operands: "", help: "who you are", request: () => ({ verb: "whoami" }) },
  {
    letter: "s",
    operands: "DEST TEXT",
    help: "write to a person, or else to a group of that name",
    request: ({ first, rest }) => ({
      verb: "say",
      to: { sigil: "@", name: first.replace(/^[@#]/, "") },
      text: rest,
    }),
  },
  {
    letter: "b",
    operands: "TEXT",
    help: "write to everyone",
    request: ({ all }) => ({ verb: "say", text: all }),
  },
  {
    letter: "j",
    operands: "GROUP",
    help: "join a group; it is made if need be",
    request: ({ first }) => ({ verb: "join", group: first }),
  },
  {
    letter: "p",
    operands: "GROUP",
    help: "leave a group",
    request: ({ first }) => ({ verb: "leave", group: first }),
  },
  { letter: "q", operands: "", help: "leave the chat", request: () => ({ verb: "bye" }) },
];

/** The help, several lines (R75). */
export const HELP_TEXT: string = COMMANDS.map((row) => `  ${usageOf(row).padEnd(11)}  ${row.help}`)
  .join("\n");

/** The request of one line; nothing for a blank one. */
export function parseCommand(line: string): Request | undefined {
  const [, word = "", all = ""] = /^\s*(\S*)\s*(.*)$/s.exec(line) ?? [];
  if (word === "") return undefined;
  const row = COMMANDS.find(({ letter }) => letter === word[0]?.toLowerCase());
  if (row === undefined) {
    const problem = failure("unknown_command", `Unknown command ${quoted(word)}: h lists them`);
    return { verb: "invalid", failure: problem, fatal: false, typed: line.trim() };
  }
  const [, first = "", rest = ""] = /^(\S*)\s*(.*)$/s.exec(all) ?? [];
  const given = [first, rest.trim()].filter((part) => part !== "").length;
  if (given < wordsNeeded(row)) {
    const problem = failure("missing_argument", `Usage: ${usageOf(row)}`);
    return { verb: "invalid", failure: problem, fatal: false };
  }
  return row.request({ first, rest, all });
}

function usageOf({ letter, operands }: CommandRow): string {
  return operands === "" ? letter : `${letter} ${operands}`;
}

function wordsNeeded({ operands }: CommandRow): number {
  return operands.split(" ").filter((operand) => /^[A-Z]/.test(operand)).length;
}
