// What a person types, as a request or something to do here. Pure; the commands themselves are in
// protocol/slash_commands.ts, and sending is the business of whoever asks.

import { helpIn, resolveCommand } from "../protocol/slash_commands.ts";
import type { CommandHelp, ServerEvent } from "../protocol/events.ts";
import { quoted } from "../protocol/failures.ts";
import type { Problem } from "../protocol/problem.ts";
import type { Request } from "../protocol/requests.ts";
import { perLanguage } from "../texts/per_language.ts";
import type { ClientTexts, Texts } from "../texts/texts.ts";

/** What a typed line asks for. */
export type Action =
  | { readonly kind: "request"; readonly request: Request }
  /** Show what can be typed. */
  | { readonly kind: "help" }
  | { readonly kind: "quit" }
  /** Nothing was typed. */
  | { readonly kind: "nothing" }
  /** One sentence for the person who typed. */
  | Problem & { readonly kind: "error" };

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
  readonly texts: Texts;
}

/** Everything that can be typed here: {@linkcode parseInput} knows two forms more than `plain`. */
export const typedHelp: (texts: Texts) => readonly CommandHelp[] = perLanguage((texts) => [
  ...helpIn(texts),
  { usage: "#GROUP TEXT", help: texts.client.toGroup },
  { usage: "//TEXT", help: texts.client.slashText },
]);

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
    return { kind: "error", error: context.texts.client.emptyAddressed(quoted(text.trim())) };
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
export function nameProblem(name: string, texts: ClientTexts): Problem | undefined {
  // White space or a control character would end the name, or the line, in most dialects.
  if (name !== "" && !/[\s\p{Cc}]/u.test(name)) return undefined;
  return { error: texts.badName(quoted(name)) };
}

/** What may be an operator's order: a command that is none of everybody's, `/kick bob`. */
export function operatorCommandIn({ text, isPasted }: EnteredLine): string | undefined {
  const [, word, rest = ""] = /^\s*\/([^\s\/@#]+)\s*(.*)$/s.exec(isPasted ? "" : text) ?? [];
  if (word === undefined) return undefined;
  const meant = resolveCommand(word, rest);
  if (!("code" in meant) || meant.code !== "unknown_command") return undefined;
  return word === "admin" ? rest : `${word} ${rest}`.trim();
}

/**
 * What to say where the server knows of no order: to whoever is no operator it is a mistyped command.
 * Nothing where it is an operator's own mistake.
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
