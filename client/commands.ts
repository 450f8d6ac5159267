// The commands of the client, as data: what is typed, what it needs, what it asks for. Pure. Help,
// completion, abbreviation and the usage lines all come from this table.

import type { Request, Target } from "../protocol/requests.ts";

/** What a typed line asks for. */
export type Action =
  | { readonly kind: "request"; readonly request: Request }
  /** Show the table of commands. */
  | { readonly kind: "help" }
  | { readonly kind: "quit" }
  /** Nothing was typed. */
  | { readonly kind: "nothing" }
  /** One sentence for the person who typed. */
  | { readonly kind: "error"; readonly message: string };

/** What the client knows when a line is typed. */
export interface InputContext {
  /** Who last wrote privately, for `/reply`. */
  readonly lastPrivate: string | undefined;
}

/** One command. */
export interface CommandRow {
  readonly word: string;
  /** Another word for it, not listed in the help. */
  readonly alias?: string;
  /** As in the help: capitals are needed, brackets are not. */
  readonly operands?: string;
  readonly help: string;
  /** What its first operand names, for completion. */
  readonly completes?: "names" | "groups";
  /** `rest` is what follows the command word, trimmed; the dispatcher has counted its words. */
  run(rest: string, context: InputContext): Action;
}

/** All commands, in the order of the help. */
export const COMMANDS: readonly CommandRow[] = [
  { word: "help", help: "this list", run: () => ({ kind: "help" }) },
  { word: "list", alias: "who", help: "who is here", run: () => request({ verb: "who" }) },
  { word: "groups", help: "the groups and their members", run: () => request({ verb: "groups" }) },
  {
    word: "join",
    operands: "GROUP",
    help: "join a group; it is made if need be",
    completes: "groups",
    run: (rest) => request({ verb: "join", group: groupName(rest) }),
  },
  {
    word: "leave",
    operands: "GROUP",
    help: "leave a group",
    completes: "groups",
    run: (rest) => request({ verb: "leave", group: groupName(rest) }),
  },
  {
    word: "name",
    operands: "NAME",
    help: "change your name",
    run: (name) => request({ verb: "rename", name }),
  },
  {
    word: "msg",
    operands: "NAME TEXT",
    help: "write to one person; @NAME TEXT does the same",
    completes: "names",
    run: message,
  },
  {
    word: "reply",
    operands: "TEXT",
    help: "answer whoever last wrote to you privately",
    run: reply,
  },
  {
    word: "me",
    operands: "TEXT",
    help: "say what you do: * alice waves",
    run: (text) => request({ verb: "say", text, action: true }),
  },
  { word: "history", operands: "[COUNT]", help: "what was said last", run: history },
  { word: "quit", help: "leave; Ctrl-D does the same", run: () => ({ kind: "quit" }) },
];

/** The command as it is typed: `/msg NAME TEXT`. */
export function usageOf({ word, operands }: CommandRow): string {
  return operands === undefined ? `/${word}` : `/${word} ${operands}`;
}

/** How many words the command needs after its own. */
export function wordsNeeded({ operands = "" }: CommandRow): number {
  return operands.split(" ").filter((operand) => /^[A-Z]/.test(operand)).length;
}

/** The lines of the help, with the ways of writing that are no commands. */
export function helpLines(): string[] {
  const rows = [
    ...COMMANDS.map((row) => ({ usage: usageOf(row), help: row.help })),
    { usage: "@NAME TEXT", help: "a message to one person" },
    { usage: "#GROUP TEXT", help: "a message to a group" },
    { usage: "//TEXT", help: "a message that starts with /" },
  ];
  const width = Math.max(...rows.map(({ usage }) => usage.length));
  return rows.map(({ usage, help }) => `  ${usage.padEnd(width)}  ${help}`);
}

/** `@name` or `#group` as typed; a bare word is a name. */
export function parseTarget(word: string): Target {
  return word.startsWith("#")
    ? { sigil: "#", name: word.slice(1) }
    : { sigil: "@", name: word.replace(/^@/, "") };
}

function request(request: Request): Action {
  return { kind: "request", request };
}

function groupName(rest: string): string {
  return rest.replace(/^#/, "");
}

function message(rest: string): Action {
  const [, name = "", text = ""] = /^(\S+)\s+(.*)$/s.exec(rest) ?? [];
  return request({ verb: "say", to: parseTarget(name), text });
}

function reply(text: string, { lastPrivate }: InputContext): Action {
  if (lastPrivate === undefined) {
    return {
      kind: "error",
      message: "Nobody has written to you privately yet: use /msg NAME TEXT",
    };
  }
  return request({ verb: "say", to: { sigil: "@", name: lastPrivate }, text });
}

function history(rest: string): Action {
  if (rest === "") return request({ verb: "history" });
  if (!/^[1-9]\d{0,5}$/.test(rest)) {
    return { kind: "error", message: "Usage: /history [COUNT], COUNT is a whole number from 1" };
  }
  return request({ verb: "history", limit: Number(rest) });
}
