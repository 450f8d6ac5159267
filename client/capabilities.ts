// Error messages for what a server of a dialect cannot do. Pure.

import type { Capabilities, ClientCodecOptions, Dialect } from "../protocol/dialect.ts";
import type { Problem } from "../protocol/problem.ts";
import type { Request } from "../protocol/requests.ts";

/** Why a server cannot be joined without a name; undefined if it can. */
export function namelessProblem(
  { answers, typedCommands }: Pick<Capabilities, "answers" | "typedCommands">,
): Problem | undefined {
  if (answers || typedCommands) return undefined;
  return { error: "This server gives no names: type one" };
}

/** Why `headerBytes` cannot be had: the dialect's messages have no header (D2). */
export function headerProblem(
  { name, capabilities }: Pick<Dialect, "name" | "capabilities">,
  headerBytes: ClientCodecOptions["headerBytes"] | undefined,
): Problem | undefined {
  if (headerBytes === undefined || capabilities.headers) return undefined;
  return { error: `--header makes no sense with ${name}: its messages have none` };
}

/** One sentence for a request the dialect has no words for. */
export function unsupportedText(request: Request, dialectName: string): string {
  return `${dialectName} has no ${thing(request)}: that needs a minichat server and ` +
    "--dialect native";
}

function thing(request: Request): string {
  switch (request.verb) {
    case "say":
      return request.to?.sigil === "#" ? "groups" : "private messages";
    case "join":
    case "leave":
    case "groups":
      return "groups";
    case "who":
      return "list of people";
    case "rename":
      return "change of name";
    default:
      return request.verb;
  }
}
