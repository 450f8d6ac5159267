// Parses typed lines into a request, or into an action of the client itself, by the commands of
// protocol/slash_commands.ts. Pure.

import { helpIn, resolveCommand } from "../protocol/slash_commands.ts";
import type { CommandHelp, ServerEvent } from "../protocol/events.ts";
import { quoted } from "../protocol/failures.ts";
import type { Problem } from "../protocol/problem.ts";
import type { Request } from "../protocol/requests.ts";
import { perLanguage } from "../texts/per_language.ts";
import type { ClientTexts, Texts } from "../texts/texts.ts";

/** What a typed line means. */
export type Action =
  | { readonly kind: "request"; readonly request: Request }
  /** Show the list of what can be typed. */
  | { readonly kind: "help" }
  | { readonly kind: "quit" }
  /** The line was empty. */
  | { readonly kind: "nothing" }
  /** The line is wrong; `error` is for the person who typed it. */
  | Problem & { readonly kind: "error" };

export interface EnteredLine {
  readonly text: string;
  /** One of several lines in a paste: text, even if it starts with a slash. */
  readonly isPasted: boolean;
}

/** What parsing depends on besides the line. */
export interface InputContext {
  /** The last sender of a private message, for `/reply`. */
  readonly lastPrivate: string | undefined;
  readonly texts: Texts;
}

/**
 * The help of everything that can be typed: {@linkcode parseInput} takes two forms more than
 * `plain`.
 */
export const typedHelp: (texts: Texts) => readonly CommandHelp[] = perLanguage((texts) => [
  ...helpIn(texts),
  { usage: "#GROUP TEXT", help: texts.client.toGroup },
  { usage: "//TEXT", help: texts.client.slashText },
]);

/** Parses an entered line; `typedCommands` if the server has commands of its own. */
export function parseEntered(
  { text, isPasted }: EnteredLine,
  typedCommands: boolean,
  context: InputContext,
): Action {
  if (!isPasted) return typedCommands ? parseRawInput(text) : parseInput(text, context);
  if (text.trim() === "") return { kind: "nothing" };
  // A server with commands of its own parses the recipient of a line itself.
  const isLine = typedCommands && !/^\s*\//.test(text);
  return { kind: "request", request: isLine ? { verb: "line", text } : parseText(text) };
}

/** Parses one typed line for a server without typed commands of its own. */
export function parseInput(line: string, context: InputContext): Action {
  if (line.trim() === "") return { kind: "nothing" };
  // A leading space must not turn a command or a private message into one for everyone.
  const text = /^\s+(?:[/@]|#\S+\s+\S)/.test(line) ? line.trimStart() : line;
  // `//x` sends `/x`, and `/@x` sends `@x`, also with spaces between.
  if (/^\/\s*[/@#]/.test(text)) return say(text.slice(1));
  if (text.startsWith("/")) return parseCommand(text, context);
  const request = parseText(text);
  if (request.to === undefined && /^[@#]\S/.test(text)) {
    return { kind: "error", error: context.texts.client.emptyAddressed(quoted(text.trim())) };
  }
  return { kind: "request", request };
}

/** Parses one typed line for a server with commands of its own: the client handles only `/quit`. */
export function parseRawInput(line: string): Action {
  if (line.trim() === "/quit") return { kind: "quit" };
  return { kind: "request", request: { verb: "line", text: line } };
}

/**
 * Parses a line that is always text, from a pipe or a paste. `@name text` and `#group text` are
 * addressed; a leading space makes them text for everyone.
 */
export function parseText(line: string): Request & { verb: "say" } {
  const [, sigil, name = "", text = ""] = /^([@#])(\S+)\s+(.*\S.*)$/s.exec(line) ?? [];
  if (sigil !== "@" && sigil !== "#") return { verb: "say", text: line };
  return { verb: "say", to: { sigil, name }, text };
}

/**
 * The line that a person would type for that message: roughly the opposite of {@linkcode
 * parseInput}.
 */
export function typedAs({ text, to, action }: Request & { readonly verb: "say" }): string {
  const said = action ? `/me ${text}` : text;
  return to === undefined ? said : `${to.sigil}${to.name} ${said}`;
}

/** What is wrong with a name that could not be sent to any server; servers check the rest. */
export function nameProblem(name: string, texts: ClientTexts): Problem | undefined {
  // White space or a control character would end the name, or the line, in most dialects.
  if (name !== "" && !/[\s\p{Cc}]/u.test(name)) return undefined;
  return { error: texts.badName(quoted(name)) };
}

/**
 * The operator's command in a line: a slash and a word that is no chat command, such as `/kick
 * bob`. undefined for every other line.
 */
export function operatorCommandIn({ text, isPasted }: EnteredLine): string | undefined {
  const [, word, rest = ""] = /^\s*\/([^\s\/@#]+)\s*(.*)$/s.exec(isPasted ? "" : text) ?? [];
  if (word === undefined) return undefined;
  const meant = resolveCommand(word, rest);
  if (!("code" in meant) || meant.code !== "unknown_command") return undefined;
  return word === "admin" ? rest : `${word} ${rest}`.trim();
}

/**
 * The error message if the server does not know the operator command `request`: for a member who
 * is no operator it was a mistyped chat command. undefined if an operator mistyped it.
 */
export function operatorCommandProblem(
  event: ServerEvent,
  request: Request | undefined,
  texts: Texts,
): Problem | undefined {
  if (event.type !== "error" || event.code !== "unknown_command") return undefined;
  if (request?.verb !== "admin") return undefined;
  const [, word = "", rest = ""] = /^(\S*)\s*(.*)$/s.exec(request.line) ?? [];
  const meant = resolveCommand(word, rest);
  return "code" in meant ? { error: meant.text(texts.refusals) } : undefined;
}

function say(text: string): Action {
  return { kind: "request", request: { verb: "say", text } };
}

function parseCommand(line: string, { lastPrivate, texts }: InputContext): Action {
  const [, word = "", rest = ""] = /^\/(\S*)\s*(.*)$/s.exec(line) ?? [];
  const request = resolveCommand(word, rest);
  if ("code" in request) return { kind: "error", error: request.text(texts.refusals) };
  switch (request.verb) {
    case "help":
      return { kind: "help" };
    case "bye":
      return { kind: "quit" };
    case "reply": {
      if (lastPrivate === undefined) return { kind: "error", error: texts.client.noPrivateYet };
      const to = { sigil: "@", name: lastPrivate } as const;
      return { kind: "request", request: { verb: "say", to, text: request.text } };
    }
    default:
      return { kind: "request", request };
  }
}
