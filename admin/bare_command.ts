// Tells a command of the console without its slash, as sheet 001 writes it, from text for everyone
// that begins with the same word (D29). Pure.

import type { OperatorTexts } from "../texts/texts.ts";
import { typedArguments } from "./command_arguments.ts";
import { findCommand, prepare } from "./command_table.ts";

/** What a line without a slash is; `command` is what would follow the slash. */
export type BareLine =
  | { readonly kind: "text" }
  | { readonly kind: "command"; readonly command: string }
  /** Both readings make sense: only the operator knows. */
  | { readonly kind: "either"; readonly command: string; readonly name: string };

const TEXT: BareLine = Object.freeze({ kind: "text" });

/** Commands whose first argument is a member that is connected. */
const ON_MEMBERS: ReadonlySet<string> = new Set(["kick", "ban", "mute", "msg"]);

/** Words that continue a text whose subject is `wall`, rather than begin an announcement. */
const AFTER_A_NOUN_REGEXP =
  /^(is|isn't|are|was|were|has|had|will|would|can|could|of|on|at|and|or|to|says?|est|a|sera)$/i;

/** Reads a line; `isMember` says whether a member of that name is connected. */
export function readBareLine(
  line: string,
  isMember: (name: string) => boolean,
  texts: OperatorTexts,
): BareLine {
  const [, typed = "", rest = ""] = /^\s*(\S*)\s*(.*)$/s.exec(line) ?? [];
  const name = typed.toLowerCase();
  const command = findCommand(name);
  if (command === undefined) return TEXT;
  const words = command.kind === "order" ? command.wordsBeforeText : undefined;
  const args = typedArguments(rest, words);
  const asTyped = `${name}${rest === "" ? "" : ` ${rest}`}`;
  const isValid = prepare(name, args, texts).kind !== "refused";
  const isCertain = args.length === 0 || (isValid && isObvious(name, rest, isMember));
  if (isCertain) return { kind: "command", command: asTyped };
  return { kind: "either", command: asTyped, name };
}

/** Whether valid arguments show that the line is a command. */
function isObvious(name: string, rest: string, isMember: (name: string) => boolean): boolean {
  const [first = "", ...more] = rest.split(/\s+/);
  if (name === "wall") return !AFTER_A_NOUN_REGEXP.test(first);
  if (!ON_MEMBERS.has(name)) return true;
  // A name that no member has is a slip, or the second word of a text.
  return isMember(first.replace(/^@/, "")) || (more.length === 0 && name !== "ban");
}
