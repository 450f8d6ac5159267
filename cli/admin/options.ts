// The arguments of `minichat admin`: separates its own options from the command with its arguments,
// and renders the help. Pure.

import {
  invalidArguments,
  type ParsedArguments,
  parsedArguments,
} from "../../admin/command_arguments.ts";
import {
  commandHelp,
  commandList,
  findCommand,
  misuseText,
  SHELL_PREFIX,
} from "../../admin/command_table.ts";
import { quoted } from "../../protocol/failures.ts";
import { nearest } from "../../protocol/nearest.ts";
import { splitArguments } from "../../shared/arguments.ts";
import type { OperatorTexts } from "../../texts/texts.ts";

const ADMIN_USAGE = "Usage: minichat admin [--port PORT | --socket PATH] [--json] COMMAND";

/** The parsed command line. */
export interface AdminArguments {
  /** Selects the server by its port or socket; without both, the only one that runs. */
  readonly port?: number;
  readonly socket?: string;
  readonly help: boolean;
  /** Absent when no command was given. */
  readonly command?: string;
  /** The arguments of the command, with its options. */
  readonly args: readonly string[];
}

/** The options of `minichat admin`, before or after the command, by how they are typed. */
const OPTIONS: Readonly<Record<string, { readonly name: string; readonly takesValue: boolean }>> = {
  "--port": { name: "port", takesValue: true },
  "--socket": { name: "socket", takesValue: true },
  "--json": { name: "json", takesValue: false },
  "--help": { name: "help", takesValue: false },
  "-h": { name: "help", takesValue: false },
};

/** Suggested for a mistyped option. */
const LONG_OPTIONS = Object.keys(OPTIONS).filter((option) => option.startsWith("--"));

/** Whether `--json` is given; parsed first, since errors in other arguments are JSON then too. */
export function wantsJson(args: readonly string[]): boolean {
  return split(args).options.has("json");
}

/** Parses the arguments after `minichat admin`. Its own options may be anywhere before a `--`. */
export function parseAdminArguments(
  args: readonly string[],
  texts: OperatorTexts,
): ParsedArguments<AdminArguments> {
  const { options, rest } = split(args);
  const [command, ...commandArgs] = rest[0] === "--" ? rest.slice(1) : rest;
  if (rest[0] !== "--" && command?.startsWith("-")) {
    return invalidArguments(texts.unknownOption(quoted(command), nearest(command, LONG_OPTIONS)));
  }
  const port = options.get("port");
  const socket = options.get("socket");
  if (options.has("port") && options.has("socket")) {
    return invalidArguments(texts.portAndSocket);
  }
  if (options.has("socket") && !socket) return invalidArguments(texts.missingSocketPath);
  if (options.has("port") && !isPort(port)) {
    return invalidArguments(texts.notPort(quoted(port ?? "")));
  }
  return parsedArguments({
    help: options.has("help"),
    args: commandArgs,
    ...command === undefined ? {} : { command },
    ...port === undefined ? {} : { port: Number(port) },
    ...socket === undefined ? {} : { socket },
  });
}

/** The help of `minichat admin`, or of one of its commands. */
export function adminHelp(texts: OperatorTexts, command?: string): string {
  const row = command === undefined ? undefined : findCommand(command);
  if (row !== undefined) return `${commandHelp(SHELL_PREFIX, row, texts)}\n\n${OPTIONS_HELP}`;
  return `${ADMIN_USAGE} [ARGUMENT...]

Controls a server that runs on this machine for this user.

Commands:
${commandList("", texts)}

${OPTIONS_HELP}`;
}

/** An error message about wrong usage, with the correct usage. */
export function misuse(error: string, command: string | undefined, texts: OperatorTexts): string {
  return command === undefined
    ? `${error}\n${ADMIN_USAGE}`
    : misuseText(SHELL_PREFIX, { name: command, error }, texts);
}

const OPTIONS_HELP = `Options:
  --port PORT    Which server, by its port; needed when several are running
  --socket PATH  Which server, by its control socket
  --json         Print JSON: one object, or with tail one per line
  --             All arguments after this are text, not options
  -h, --help     Show this help, or the help of COMMAND`;

/** Takes out the known options; the other arguments keep their order and spelling. */
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
