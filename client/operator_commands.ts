// What an operator types in the chat, told from everybody's mistyped commands. Pure; only the server
// knows who is an operator, and which orders there are.

import { EN } from "../texts/en.ts";
import { resolveCommand } from "../protocol/slash_commands.ts";
import type { ServerEvent } from "../protocol/events.ts";
import type { Request } from "../protocol/requests.ts";
import type { EnteredLine } from "./parse_input.ts";

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
): string | undefined {
  if (event.type !== "error" || event.code !== "unknown_command") return undefined;
  if (request?.verb !== "admin") return undefined;
  const [, word = "", rest = ""] = /^(\S*)\s*(.*)$/s.exec(request.line) ?? [];
  const meant = resolveCommand(word, rest);
  return "code" in meant ? meant.text(EN.refusals) : undefined;
}
