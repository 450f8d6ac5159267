// What a person types, as a request or something to do here. Pure; the commands themselves are in
// protocol/slash_commands.ts, and sending is the business of whoever asks.

import { EN } from "../texts/en.ts";
import { helpIn, resolveCommand } from "../protocol/slash_commands.ts";
import type { CommandHelp } from "../protocol/events.ts";
import { quoted } from "../protocol/failures.ts";
import type { Problem } from "../protocol/problem.ts";
import type { Request } from "../protocol/requests.ts";

/** What a typed line asks for. */
export type Action =
  | { readonly kind: "request"; readonly request: Request }
  /** Show what can be typed. */
  | { readonly kind: "help" }
  | { readonly kind: "quit" }
  /** Nothing was typed. */
  | { readonly kind: "nothing" }
  /** One sentence for the person who typed. */
  | { readonly kind: "error"; readonly message: string };

/** A line as entered. */
export interface EnteredLine {
  readonly text: string;
  /** One of several in a paste: text, whatever it starts with. */
  readonly isPasted: boolean;
}

/** What the client knows when a line is typed. */
export interface InputContext {
  /** Who last wrote privately, for `/reply`. */
  readonly lastPrivate: string | undefined;
}

/** Everything that can be typed here: {@linkcode parseInput} knows two forms more than `plain`. */
export const TYPED_HELP: readonly CommandHelp[] = [
  ...helpIn(EN),
  { usage: "#GROUP TEXT", help: "to one group" },
  { usage: "//TEXT", help: "say a text that starts with / to everyone" },
];

/** Reads an entered line; `typedCommands` when the server has commands of its own. */
export function parseEntered(
  { text, isPasted }: EnteredLine,
  typedCommands: boolean,
  context: InputContext,
): Action {
  if (!isPasted) return typedCommands ? parseRawInput(text) : parseInput(text, context);
  if (text.trim() === "") return { kind: "nothing" };
  // A server with commands of its own finds the recipient of a line by itself.
  const isLine = typedCommands && !/^\s*\//.test(text);
  return { kind: "request", request: isLine ? { verb: "line", text } : parseText(text) };
}

/** Reads one typed line for a server without typed commands of its own. */
export function parseInput(line: string, context: InputContext): Action {
  if (line.trim() === "") return { kind: "nothing" };
  // A space in front of a command or a name must not tell everyone what was meant for one.
  const text = /^\s+(?:[/@]|#\S+\s+\S)/.test(line) ? line.trimStart() : line;
  // `//x` says `/x`, and `/@x` says `@x`, also with spaces between.
  if (/^\/\s*[/@#]/.test(text)) return say(text.slice(1));
  if (text.startsWith("/")) return parseCommand(text, context);
  const request = parseText(text);
  if (request.to === undefined && /^[@#]\S/.test(text)) {
    return { kind: "error", message: `Nothing to say to ${quoted(text.trim())}: add the text` };
  }
  return { kind: "request", request };
}

/** Reads one typed line for a server with commands of its own: only `/quit` is ours. */
export function parseRawInput(line: string): Action {
  if (line.trim() === "/quit") return { kind: "quit" };
  return { kind: "request", request: { verb: "line", text: line } };
}

/**
 * A line that is text, whatever it holds: out of a pipe or a paste. `@name text` and `#group text`
 * are addressed; a space in front of them keeps all of it text.
 */
export function parseText(line: string): Request & { verb: "say" } {
  const [, sigil, name = "", text = ""] = /^([@#])(\S+)\s+(.*\S.*)$/s.exec(line) ?? [];
  if (sigil !== "@" && sigil !== "#") return { verb: "say", text: line };
  return { verb: "say", to: { sigil, name }, text };
}

/** How a person types that message: the opposite of {@linkcode parseInput}, near enough to be read. */
export function typedAs({ text, to, action }: Request & { readonly verb: "say" }): string {
  const said = action ? `/me ${text}` : text;
  return to === undefined ? said : `${to.sigil}${to.name} ${said}`;
}

/** What is wrong with a name that no server could be told; servers judge the rest. */
export function nameProblem(name: string): Problem | undefined {
  // White space or a control character would end the name, or the line, in most dialects.
  if (name !== "" && !/[\s\p{Cc}]/u.test(name)) return undefined;
  return { error: `Bad name ${quoted(name)}: use letters, digits, _ - . without spaces` };
}

function say(text: string): Action {
  return { kind: "request", request: { verb: "say", text } };
}

function parseCommand(line: string, { lastPrivate }: InputContext): Action {
  const [, word = "", rest = ""] = /^\/(\S*)\s*(.*)$/s.exec(line) ?? [];
  const request = resolveCommand(word, rest);
  if ("code" in request) return { kind: "error", message: request.text(EN.refusals) };
  switch (request.verb) {
    case "help":
      return { kind: "help" };
    case "bye":
      return { kind: "quit" };
    case "reply": {
      if (lastPrivate === undefined) {
        const message = "Nobody has written to you privately yet: use /msg NAME TEXT";
        return { kind: "error", message };
      }
      const to = { sigil: "@", name: lastPrivate } as const;
      return { kind: "request", request: { verb: "say", to, text: request.text } };
    }
    default:
      return { kind: "request", request };
  }
}
