// The flags of `minichat check`. What it does is in command.ts, which is loaded only when asked for.

import { object } from "@optique/core/constructs";
import { type Message, message } from "@optique/core/message";
import { multiple, optional, withDefault } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { flag, option } from "@optique/core/primitives";
import { string } from "@optique/core/valueparser";
import {
  hostArgument,
  jsonFlag,
  noColorFlag,
  portArgument,
  portNumber,
} from "../common_options.ts";
import { dialectOption, headerOption } from "../dialect_options.ts";
import { durationValue } from "../duration_value.ts";

const DEFAULT_TIMEOUT_MS = 2_000;
const TIMEOUT = { least: 100, most: 60_000, bareSeconds: true };

/** What `minichat check` takes. */
export const checkParser = object({
  host: optional(hostArgument(message`Missing HOST.`)),
  port: portArgument(portNumber),
  listen: optional(option("--listen", string({ metavar: "ADDRESS" }), {
    description: message`Check a client instead: listen at PORT (0: any free one), HOST:PORT or \
unix:PATH and play the server. Behind -- stands the command that starts the client; {host}, {port} \
and {path} in it are the address, which without any of them goes to its end. Without a command you \
are told what to do with your client.`,
  })),
  dialect: dialectOption(message`What the program should speak.`),
  header: headerOption,
  only: multiple(option("--only", string({ metavar: "ID" }), {
    description: message`Run this check alone; may be given several times.`,
  })),
  list: optional(flag("--list", {
    description: message`List the checks and where they are asked for, and run none.`,
  })),
  timeout: withDefault(
    option("--timeout", durationValue(TIMEOUT), {
      description: message`Longest wait for each thing that should come: 500ms, 2s or up to 1m; a \
number alone is seconds.`,
    }),
    DEFAULT_TIMEOUT_MS,
  ),
  tap: optional(flag("--tap", { description: message`Print TAP, version 14.` })),
  json: jsonFlag(message`Print JSON Lines, with every byte that crossed the wire.`),
  noColor: noColorFlag,
});

/** Below the options in `--help`. */
export const CHECK_FOOTER: Message =
  message`Plays the protocol of a course sheet against a running server, or with --listen against a \
client, and tells, for each requirement, whether it holds; for one that does not, what was sent, what \
was expected, what came and what to mend. A check that is marked warn is good advice beyond the \
sheet. Example: minichat check --listen 0 --dialect usermsg -- ./client {host} {port}. Exit codes: 0 \
what is required works; 1 something does not, or there is nothing to check; 2 wrong usage; 130 \
interrupted.`;

/** Parsed flags. */
export type CheckOptions = InferValue<typeof checkParser>;
