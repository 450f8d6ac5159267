// Error messages for what a server of a dialect cannot do. Pure.

import type { Capabilities, Dialect } from "../protocol/dialect.ts";
import type { Problem } from "../protocol/problem.ts";
import type { Request } from "../protocol/requests.ts";
import type { ClientTexts } from "../texts/texts.ts";

/** Why a server cannot be joined without a name; undefined if it can. */
export function namelessProblem(
  { answers, typedCommands }: Pick<Capabilities, "answers" | "typedCommands">,
  texts: ClientTexts,
): Problem | undefined {
  if (answers || typedCommands) return undefined;
  return { error: texts.nameNeeded };
}

/** Why `header` cannot be set: the dialect's messages have no header (D2). */
export function headerProblem(
  { name, capabilities }: Pick<Dialect, "name" | "capabilities">,
  header: unknown,
  texts: ClientTexts,
): Problem | undefined {
  if (header === undefined || capabilities.headers) return undefined;
  return { error: texts.noHeader(name) };
}

/** Why `request` cannot be sent in a dialect that has no message for it. */
export function unsupportedProblem(
  request: Request,
  dialectName: string,
  texts: ClientTexts,
): Problem {
  return { error: texts.unsupported(dialectName, missingFeature(request, texts)) };
}

function missingFeature(request: Request, texts: ClientTexts): string {
  switch (request.verb) {
    case "say":
      return request.to?.sigil === "#" ? texts.groups : texts.privateMessages;
    case "join":
    case "leave":
    case "groups":
      return texts.groups;
    case "who":
      return texts.memberList;
    case "rename":
      return texts.nameChange;
    default:
      return request.verb;
  }
}
