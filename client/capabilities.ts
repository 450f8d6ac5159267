// Error messages for what a server of a dialect cannot do. Pure.

import type { Capabilities, ClientOptions, Dialect } from "../protocol/dialect.ts";
import type { Request } from "../protocol/requests.ts";

/** A sentence when nobody can join a server without naming themselves. */
export function namelessProblem(
  { answers, typedCommands }: Pick<Capabilities, "answers" | "typedCommands">,
): string | undefined {
  return answers || typedCommands ? undefined : "This server gives no names: type one";
}

/** A sentence when `headerBytes` was asked for and the dialect's messages have no header (D2). */
export function headerProblem(
  { name, capabilities }: Pick<Dialect, "name" | "capabilities">,
  headerBytes: ClientOptions["headerBytes"] | undefined,
): string | undefined {
  if (headerBytes === undefined || capabilities.headers) return undefined;
  return `--header makes no sense with ${name}: its messages have none`;
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
