// Sheet 003's commands as a table (D14): only the first letter counts, so `h`, `help` and
// `hippopotame` are the same command (R74); but only `q` and `quit` end the session.

import type { EtxCommandTexts } from "../texts/texts.ts";
import { failure, quoted } from "./failures.ts";
import type { Request } from "./requests.ts";

interface CommandRow {
  readonly letter: keyof EtxCommandTexts;
  /** As in the help: capitals are required, brackets are optional. */
  readonly operands: string;
  /** `first` is the first word after the command, `rest` is what follows it, `all` is both. */
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
    // The passphrase of a claimed name follows the name.
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

/** The request of one line; undefined for a blank line. */
export function parseCommand(line: string): Request | undefined {
  const [, word = "", all = ""] = /^\s*(\S*)\s*(.*)$/s.exec(line) ?? [];
  if (word === "") return undefined;
  // A word that only begins like it must not end the session: bye is a single character (R82).
  const isEnd = /^(q|quit)$/i.test(word);
  const row = COMMANDS.find(({ letter }) =>
    letter === "q" ? isEnd : letter === word[0]?.toLowerCase()
  );
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
