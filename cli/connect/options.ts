// The flags of `minichat connect`, separate from command.ts so that `--help` loads few modules.

import { merge, object } from "@optique/core/constructs";
import { type Message, message, text } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { argument, flag, option } from "@optique/core/primitives";
import { choice, string, type ValueParser } from "@optique/core/valueparser";
import { DEFAULT_PORT } from "../../protocol/limits.ts";
import { errorText } from "../../shared/errors.ts";
import { hostArgument, jsonFlag, noColorFlag, portArgument } from "../common_options.ts";
import { dialectOrAutoOption, layoutOption } from "../dialect_options.ts";
import { durationValue } from "../duration_value.ts";
import { secretOptions } from "./secret_options.ts";
import { connectTlsOptions } from "./tls_options.ts";
import { firstOption } from "../turns_options.ts";

/** A port, or another word, which is the name: the port may be left out. */
const portOrName: ValueParser<"sync", number | string> = {
  mode: "sync",
  metavar: "PORT",
  placeholder: DEFAULT_PORT,
  parse(input) {
    if (!/^\d+$/.test(input)) return { success: true, value: input };
    const port = Number(input);
    if (port >= 1 && port <= 65_535) return { success: true, value: port };
    return { success: false, error: message`Not a port: ${input}, expected 1 to 65535` };
  },
  format: String,
};

/** The values of `--name-taken`. */
const NAME_TAKEN = ["number", "fail", "ask"] as const;

const pattern: ValueParser<"sync", RegExp> = {
  mode: "sync",
  metavar: "REGEX",
  placeholder: /^/,
  parse(input) {
    try {
      return { success: true, value: new RegExp(input, "u") };
    } catch (error) {
      return { success: false, error: message`${text(`Not a pattern: ${errorText(error)}`)}` };
    }
  },
  format: ({ source }) => source,
};

const MISSING_HOST =
  message`Missing HOST: minichat connect localhost joins the chat on this machine.`;

const chatOptions = object({
  host: hostArgument(MISSING_HOST),
  port: portArgument(portOrName),
  name: optional(argument(string({ metavar: "NAME" }), {
    description: message`Your name. Without it a terminal asks for one, and in a pipe the server \
assigns one.`,
  })),
  dialect: optional(dialectOrAutoOption(message`The server's protocol, or auto (default): what the \
server's first bytes and answers say.`)),
  header: layoutOption,
  turns: optional(flag("--turns", {
    description: message`Two-person mode: take turns, one line each, with minichat serve --turns, \
nc -l or a program of sheet 002. In a pipe each line is a turn, read when the turn comes. Takes \
--first and --no-color, and no NAME.`,
  })),
  first: firstOption,
  passwordFile: optional(option("--password-file", string({ metavar: "FILE" }), {
    description: message`The server's password is the first line of FILE, which other users must \
not be able to read. Without it a terminal asks if a password is required.`,
  })),
  json: jsonFlag(message`Print every event as a line of JSON, and read messages from standard \
input, also on a terminal.`),
  stay: optional(flag("--stay", {
    description: message`In a pipe: stay after the end of standard input, until the server \
closes.`,
  })),
  quiet: optional(flag("-q", "--quiet", {
    description: message`Print nothing but errors on standard error, and no welcome on a terminal.`,
  })),
  until: optional(option("--until", pattern, {
    description:
      message`Stay until a line that is shown matches REGEX (of JavaScript), then leave, \
with exit code 0; 3 if none did. Lines come from a pipe, also on a terminal.`,
  })),
  timeout: optional(option("--timeout", durationValue({ least: 1 }), {
    description: message`Leave after that long, such as 10s. Lines come from a pipe, also on a \
terminal.`,
  })),
  nameTaken: optional(option("--name-taken", choice(NAME_TAKEN, { metavar: "WHAT" }), {
    description: message`What to do if NAME is taken: number tries NAME_2 to NAME_99, fail ends, \
ask (default on a terminal) asks for another one.`,
  })),
  noReplay: optional(flag("--no-replay", {
    description: message`Do not show messages from before you joined. A pipe without --json never \
shows them.`,
  })),
  noReconnect: optional(flag("--no-reconnect", {
    description:
      message`End when the connection is lost. Without it native reconnects and resumes by itself, \
without a message lost or sent twice: a terminal tries for 10 minutes (one after an announced stop), a \
pipe for one.`,
  })),
  noBell: optional(flag("--no-bell", {
    description: message`No bell when a message is to you or contains your name.`,
  })),
  noColor: noColorFlag,
}, { errors: { endOfInput: MISSING_HOST } });

/** The flags and arguments. */
export const connectParser = merge(chatOptions, secretOptions, connectTlsOptions);

/** Below the options in `--help`. */
export const CONNECT_FOOTER: Message =
  message`In a pipe every line is a message: @NAME TEXT and #GROUP TEXT go to one person or group; \
with a space before them they are text for everyone. Exit codes: 0 everything was sent, or the chat \
ended normally; 1 something was refused, was not sent or failed, or the connection was lost; 2 wrong \
usage; 3 no line matched --until; 130 interrupted.`;

/** Parsed flags. */
export type ConnectOptions = InferValue<typeof connectParser>;
