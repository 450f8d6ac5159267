// The flags of `minichat check`, separate from command.ts so that `--help` loads few modules.

import { object } from "@optique/core/constructs";
import { type Message, message } from "@optique/core/message";
import { multiple, optional, withDefault } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { flag, option } from "@optique/core/primitives";
import { string, type ValueParser } from "@optique/core/valueparser";
import type { DialectName } from "../../protocol/dialect.ts";
import {
  hostArgument,
  jsonFlag,
  noColorFlag,
  portArgument,
  portNumber,
} from "../common_options.ts";
import { dialectOptionOf, dialectValue, headerOption } from "../dialect_options.ts";
import { durationValue } from "../duration_value.ts";

const DEFAULT_TIMEOUT_MS = 2_000;
const MAX_TIME = { least: 1_000, bareSeconds: true };
const TIMEOUT = { least: 100, most: 60_000, bareSeconds: true };

/** The sheet that with --serve means --turns, and else plain; with --listen as this sheet asks. */
const TURNS_SHEET = "002";

const dialectOrTurns: ValueParser<"sync", DialectName | typeof TURNS_SHEET> = {
  ...dialectValue,
  parse: (input) =>
    input === TURNS_SHEET ? { success: true, value: TURNS_SHEET } : dialectValue.parse(input),
  format: (name) => name,
};

/** The flags and arguments. */
export const checkParser = object({
  host: optional(hostArgument(message`Missing HOST.`)),
  port: portArgument(portNumber),
  listen: optional(option("--listen", string({ metavar: "ADDRESS" }), {
    description: message`Check a client instead: listen at PORT (0: any free one), HOST:PORT or \
unix:PATH and play the server. After -- give the command that starts the client; {host}, {port} and \
{path} in it are replaced by the address, which is appended if none of them is in it, and {name} by a \
name. Without a \
command you get instructions for your client.`,
  })),
  serve: optional(flag("--serve", {
    description:
      message`Check a server that this program starts itself, with the command after --; {port}, {host} and {path} (of a socket) in it are replaced. It is started again for each check that needs it, and tried also as a program: its usage, its screen, what is typed at its console, signals.`,
  })),
  turns: optional(flag("--turns", {
    description:
      message`With --serve: check a server of sheet 002, a dialogue with one client; the same as --dialect 002.`,
  })),
  dialect: optional(
    dialectOptionOf(
      message`The protocol to check (default: guessed, and printed).`,
      dialectOrTurns,
    ),
  ),
  header: headerOption,
  join: optional(option("--join", string({ metavar: "LINE" }), {
    description: message`For servers of plain: the line that gives a client its name, such as \
'/pseudo {name}'; \\n in it begins another line (default: found out).`,
  })),
  only: multiple(option("--only", string({ metavar: "ID" }), {
    description: message`Run this check only; may be given several times.`,
  })),
  list: optional(flag("--list", {
    description: message`List the checks with their sources, and run none.`,
  })),
  pty: optional(flag("--pty", {
    description:
      message`With --listen and a command: run the client on a pseudo-terminal and not on \
pipes. Without this flag that is done for what only a terminal shows, and for a client that fails on \
pipes.`,
  })),
  timeout: withDefault(
    option("--timeout", durationValue(TIMEOUT), {
      description: message`Longest wait for each expected message: 500ms, 2s or up to 1m; a number \
alone is seconds.`,
    }),
    DEFAULT_TIMEOUT_MS,
  ),
  maxTime: optional(option("--max-time", durationValue(MAX_TIME), {
    description:
      message`End the whole check after this time, such as 2m, and report what was found \
until then (default: 100s for a client that check starts, 5m for a server, no end for a client that \
you start).`,
  })),
  tap: optional(flag("--tap", { description: message`Print TAP, version 14.` })),
  json: jsonFlag(message`Print JSON Lines, with every byte that crossed the wire.`),
  noColor: noColorFlag,
});

/** Below the options in `--help`. */
export const CHECK_FOOTER: Message =
  message`Tests a running server, or with --listen a client, against each requirement of a course \
sheet's protocol; for a requirement that is not met it prints what was sent, expected and received, \
and what to fix. A check marked warn is advice beyond the sheet. Example: minichat check --listen 0 \
--dialect usermsg -- ./client {host} {port}. Exit codes: 0 all requirements are met; 1 one is not, or \
there is nothing to check; 2 wrong usage; 130 interrupted.`;

/** Parsed flags. */
export type CheckFlags = InferValue<typeof checkParser>;

/** The flags, where no sheet stands for a dialect. */
export type CheckOptions = Omit<CheckFlags, "dialect"> & {
  readonly dialect?: DialectName | undefined;
  /** The sheet of a client, where it is not the dialect's own. */
  readonly clientSheet?: typeof TURNS_SHEET;
};

/** `--dialect 002` as `--turns` of a server that the check starts, and as `plain` of all others. */
export function checkOptions({ dialect, ...flags }: CheckFlags): CheckOptions {
  if (dialect !== TURNS_SHEET) return { ...flags, dialect };
  return flags.serve
    ? { ...flags, turns: true }
    : { ...flags, dialect: "plain", clientSheet: TURNS_SHEET };
}
