// What a server of a dialect can be asked, found out from what the dialect's client half has words
// for, so that nothing here depends on a dialect's name. Pure.

import { BlockWriter } from "../protocol/block.ts";
import type { ClientOptions, Codec, Dialect } from "../protocol/dialect.ts";
import type { ServerEvent } from "../protocol/events.ts";
import type { Request } from "../protocol/requests.ts";

/** How a client behaves towards servers of one dialect. */
export interface Abilities {
  /** Requests are answered: a welcome, an acknowledgement of each message, errors with their `ref`. */
  readonly answers: boolean;
  /** A client that leaves says so first (R67); elsewhere the word might be taken for a message. */
  readonly goodbye: boolean;
  /** The server has commands of its own, so a typed line goes to it as it is. */
  readonly typedCommands: boolean;
  /** A broken connection can be followed by another one on which the session goes on. */
  readonly resumes: boolean;
  /** A name is a line like any other: what must come before it is a line before. */
  readonly namesByLine: boolean;
  /** Whoever joins can prove a claimed name with the same request. */
  readonly provesAtOnce: boolean;
}

/** What the servers of `dialect` can do. */
export function abilitiesOf(dialect: Dialect): Abilities {
  return {
    answers: hasWordsFor(dialect, { verb: "ping" }),
    goodbye: hasWordsFor(dialect, { verb: "bye" }),
    typedCommands: hasWordsFor(dialect, { verb: "command", word: "help", rest: "" }),
    resumes: lengthOf(dialect.client(), { verb: "hello", resume: { session: "1", since: 1 } }) >
      lengthOf(dialect.client(), { verb: "hello" }),
    namesByLine: lengthOf(dialect.client(), { verb: "hello", name: "1" }) ===
      lengthOf(dialect.client(), { verb: "line", text: "1" }),
    provesAtOnce: lengthOf(dialect.client(), { verb: "hello", passphrase: "1" }) >
      lengthOf(dialect.client(), { verb: "hello" }),
  };
}

/** Whether a server of `dialect` can be asked that. */
export function hasWordsFor(dialect: Dialect, request: Request): boolean {
  return lengthOf(dialect.client(), request) > 0;
}

/** Bytes of the request as that client writes it, 0 when it has no words for it. */
function lengthOf({ encoder }: Codec<ServerEvent, Request>, request: Request): number {
  const out = new BlockWriter(256);
  out.begin();
  encoder.encode(request, out);
  const slice = out.end();
  return slice === undefined ? 0 : slice.end - slice.start;
}

/** A sentence when nobody can join a server without naming themselves. */
export function namelessProblem(
  { answers, typedCommands }: Pick<Abilities, "answers" | "typedCommands">,
): string | undefined {
  return answers || typedCommands ? undefined : "This server gives no names: type one";
}

/** A sentence when `headerBytes` was asked for and the dialect's messages have no header (D2). */
export function headerProblem(
  dialect: Dialect,
  headerBytes: ClientOptions["headerBytes"] | undefined,
): string | undefined {
  if (headerBytes === undefined) return undefined;
  const [longest, shortest] = ([16, 8] as const).map((bytes) =>
    lengthOf(dialect.client({ headerBytes: bytes }), { verb: "say", text: "1" })
  );
  if (longest !== shortest) return undefined;
  return `--header makes no sense with ${dialect.name}: its messages have none`;
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
