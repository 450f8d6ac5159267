// The commands of sheet 003 as a table (D14): only the first letter counts, so `h`, `help` and
// `hippopotame` are one command (R74). Pure; etx.ts has the rest of the dialect.

import type { EtxCommandTexts } from "../texts/texts.ts";
import { failure, quoted } from "./failures.ts";
import type { Request } from "./requests.ts";

interface CommandRow {
  readonly letter: keyof EtxCommandTexts;
  /** As in the help: capitals are needed, brackets are not. */
  readonly operands: string;
  /** `first` is the first word behind the command, `rest` what follows it, `all` both. */
  request(args: { first: string; rest: string; all: string }): Request;
}

const COMMANDS: readonly CommandRow[] = [
  { letter: "h", operands: "", request: () => ({ verb: "help" }) },
  {
    letter: "l",
    operands: "[g]",
    request: ({ first }) => ({ verb: /^g/i.test(first) ? "groups" : "who" }),
  },
  {
    letter: "n",
    operands: "NAME",
    // A claimed name is proven by what stands behind it.
    request: ({ first, rest }) => ({
      verb: "rename",
      name: first,
      ...rest === "" ? {} : { passphrase: rest },
    }),
  },
  { letter: "w", operands: "", request: () => ({ verb: "whoami" }) },
  {
    letter: "s",
    operands: "DEST TEXT",
    request: ({ first, rest }) => ({
      verb: "say",
      to: { sigil: "@", name: first.replace(/^[@#]/, "") },
      text: rest,
    }),
  },
  {
    letter: "b",
    operands: "TEXT",
    request: ({ all }) => ({ verb: "say", text: all }),
  },
  {
    letter: "j",
    operands: "GROUP",
    request: ({ first }) => ({ verb: "join", group: first }),
  },
  {
    letter: "p",
    operands: "GROUP",
    request: ({ first }) => ({ verb: "leave", group: first }),
  },
  { letter: "q", operands: "", request: () => ({ verb: "bye" }) },
];

/** The help, several lines (R75). */
export function helpText(texts: EtxCommandTexts): string {
  return COMMANDS.map((row) => `  ${usageOf(row).padEnd(11)}  ${texts[row.letter]}`).join("\n");
}

/** The request of one line; nothing for a blank one. */
export function parseCommand(line: string): Request | undefined {
  const [, word = "", all = ""] = /^\s*(\S*)\s*(.*)$/s.exec(line) ?? [];
  if (word === "") return undefined;
  const row = COMMANDS.find(({ letter }) => letter === word[0]?.toLowerCase());
  if (row === undefined) {
    const problem = failure("unknown_command", (t) => t.unknownEtxCommand(quoted(word)));
    return { verb: "invalid", failure: problem, fatal: false, typed: line.trim() };
  }
  const [, first = "", rest = ""] = /^(\S*)\s*(.*)$/s.exec(all) ?? [];
  const given = [first, rest.trim()].filter((part) => part !== "").length;
  if (given < wordsNeeded(row)) {
    const problem = failure("missing_argument", (t) => t.usage(usageOf(row)));
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
