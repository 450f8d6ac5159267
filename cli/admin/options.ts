// The arguments of `minichat admin`: its own options told from the command and the command's, and
// its help. Pure; what the commands are and take is the business of admin/command_table.ts.

import {
  invalidArguments,
  type ParsedArguments,
  parsedArguments,
  unknown,
} from "../../admin/command_arguments.ts";
import {
  commandHelp,
  commandList,
  findCommand,
  misuseText,
  SHELL_PREFIX,
} from "../../admin/command_table.ts";
import { quoted } from "../../protocol/failures.ts";
import { splitArguments } from "../../shared/arguments.ts";

/** The right way to call it, in one line. */
export const ADMIN_USAGE = "Usage: minichat admin [--port PORT | --socket PATH] [--json] COMMAND";

/** What was asked for on the command line. */
export interface AdminArguments {
  /** Which server: by its port, by its socket, or the only one there is. */
  readonly port?: number;
  readonly socket?: string;
  readonly help: boolean;
  /** Absent when no command was given. */
  readonly command?: string;
  /** Of the command, its options included. */
  readonly args: readonly string[];
}

/** The options that may stand before or behind the command, by what is typed for them. */
const OPTIONS: Readonly<Record<string, { readonly name: string; readonly takesValue: boolean }>> = {
  "--port": { name: "port", takesValue: true },
  "--socket": { name: "socket", takesValue: true },
  "--json": { name: "json", takesValue: false },
  "--help": { name: "help", takesValue: false },
  "-h": { name: "help", takesValue: false },
};

/** As they are suggested to whoever mistypes one. */
const LONG_OPTIONS = Object.keys(OPTIONS).filter((option) => option.startsWith("--"));

/** `--json` is looked for first: errors about the other arguments are JSON as well. */
export function wantsJson(args: readonly string[]): boolean {
  return split(args).options.has("json");
}

/** Reads the arguments behind `minichat admin`. Its own options may stand anywhere before a `--`. */
export function parseAdminArguments(args: readonly string[]): ParsedArguments<AdminArguments> {
  const { options, rest } = split(args);
  const [command, ...commandArgs] = rest[0] === "--" ? rest.slice(1) : rest;
  if (rest[0] !== "--" && command?.startsWith("-")) {
    return invalidArguments(unknown("option", command, LONG_OPTIONS));
  }
  const port = options.get("port");
  const socket = options.get("socket");
  if (options.has("port") && options.has("socket")) {
    return invalidArguments("Give --port or --socket, not both");
  }
  if (options.has("socket") && !socket) return invalidArguments("Missing path: --socket needs one");
  if (options.has("port") && !isPort(port)) {
    return invalidArguments(`Not a port: ${quoted(port ?? "")}, expected --port with 1 to 65535`);
  }
  return parsedArguments({
    help: options.has("help"),
    args: commandArgs,
    ...command === undefined ? {} : { command },
    ...port === undefined ? {} : { port: Number(port) },
    ...socket === undefined ? {} : { socket },
  });
}

/** The help of `minichat admin`, or of one command of it. */
export function adminHelp(command?: string): string {
  const row = command === undefined ? undefined : findCommand(command);
  if (row !== undefined) return `${commandHelp(SHELL_PREFIX, row)}\n\n${OPTIONS_HELP}`;
  return `${ADMIN_USAGE} [ARGUMENT...]

Controls a server that runs on this machine for this user.

Commands:
${commandList("")}

${OPTIONS_HELP}`;
}

/** A wrong use, with the right one. */
export function misuse(error: string, command?: string): string {
  return command === undefined
    ? `${error}\n${ADMIN_USAGE}`
    : misuseText(SHELL_PREFIX, command, error);
}

const OPTIONS_HELP = `Options:
  --port PORT    Which server, by its port; needed when several are running
  --socket PATH  Which server, by its control socket
  --json         Print JSON: one object, or one a line for a command that goes on
  --             What follows is text, not an option
  -h, --help     Show this, or how to use the command named with it`;

/** Takes out the options that are known here; what is left keeps its order and its spelling. */
function split(args: readonly string[]): {
  options: ReadonlyMap<string, string | undefined>;
  rest: readonly string[];
} {
  const options = new Map<string, string | undefined>();
  const rest: string[] = [];
  const optionOf = (typed: string) => Object.hasOwn(OPTIONS, typed) ? OPTIONS[typed] : undefined;
  const pieces = splitArguments(args, {
    takesValue: (typed) => optionOf(typed)?.takesValue,
    isValue: (arg) => !arg.startsWith("-"),
  });
  for (const piece of pieces) {
    if (piece.kind === "word") rest.push(piece.text);
    else if (piece.kind === "rest") rest.push("--", ...piece.words);
    else options.set(optionOf(piece.name)?.name ?? piece.name, piece.value);
  }
  return { options, rest };
}

function isPort(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,5}$/.test(text) && Number(text) >= 1 &&
    Number(text) <= 65_535;
}
