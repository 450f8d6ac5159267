// The first lines of a chat on a terminal (R29): a welcome and the commands of the dialect. Pure.

import { type CommandRow, SLASH_COMMANDS } from "../protocol/slash_commands.ts";
import type { Dialect, Encoder } from "../protocol/dialect.ts";
import type { Request } from "../protocol/requests.ts";
import type { ClientTexts } from "../texts/texts.ts";
import { sendable } from "./client_connection.ts";

const TO_ONE: Request = { verb: "say", to: { sigil: "@", name: "1" }, text: "1" };

/** Columns of an 80 column terminal without the mark `-- ` of a notice. */
const USUAL_COLUMNS = 77;

/** Wraps the text between words into lines of at most `columns`; longer words stay whole. */
export function wrapText(text: string, columns = USUAL_COLUMNS): string {
  return text.split("\n").map((line) => {
    let width = 0;
    return line.split(" ").reduce((all, word) => {
      const fits = all === "" || width + 1 + word.length <= columns;
      width = fits && all !== "" ? width + 1 + word.length : word.length;
      return all === "" ? word : all + (fits ? " " : "\n") + word;
    }, "");
  }).join("\n");
}

/**
 * The welcome and the list of commands, wrapped for 80 columns. A server with commands of its own
 * lists them itself.
 */
export function greeting(dialect: Dialect, texts: ClientTexts): string {
  if (dialect.capabilities.typedCommands) return texts.greetingTyped;
  const { encoder } = dialect.client();
  const commands = SLASH_COMMANDS.filter((row) => isSupported(row, encoder)).map(({ word }) =>
    `/${word}`
  );
  return `${texts.greeting(hasRequest(encoder, TO_ONE))}\n` +
    wrapText(texts.alsoCommands(commands));
}

function isSupported(row: CommandRow, encoder: Encoder<Request>): boolean {
  const request = row.request({ first: "1", rest: "1", all: "1" });
  if ("code" in request) return false;
  switch (request.verb) {
    case "help":
    case "bye":
      return true; // the client handles it itself
    case "reply":
      return hasRequest(encoder, TO_ONE);
    default:
      return hasRequest(encoder, request);
  }
}

function hasRequest(encoder: Encoder<Request>, request: Request): boolean {
  return sendable(encoder, request) !== "unsupported";
}
