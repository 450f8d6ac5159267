// `minichat connect`: its flags, and the choice between a chat on a terminal and one in a pipe. The
// one file of the client that knows the process it runs in.

import { merge, object } from "@optique/core/constructs";
import { type Message, message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { argument, flag, option } from "@optique/core/primitives";
import { choice, string, type ValueParser } from "@optique/core/valueparser";
import { headerProblem } from "../../client/capabilities.ts";
import { splitPort, splitScheme, startRemedy } from "../../client/dial.ts";
import { NO_RETURN } from "../../client/conversation_options.ts";
import { runInteractive } from "../../client/interactive.ts";
import type { InteractiveOptions } from "../../client/interactive_options.ts";
import { LinePrompt } from "../../client/line_prompt.ts";
import { runPipe } from "../../client/pipe.ts";
import type { PipeOptions } from "../../client/pipe_options.ts";
import { withoutReplay } from "../../client/without_replay.ts";
import type { Dialect } from "../../protocol/dialect.ts";
import { DIALECT_NAMES, dialectNamed } from "../../protocol/dialects.ts";
import { quoted } from "../../protocol/failures.ts";
import { DEFAULT_PORT } from "../../protocol/limits.ts";
import { systemClock } from "../../shared/clock.ts";
import { concealed } from "../../protocol/secrets.ts";
import { Prompt } from "../../terminal/prompt.ts";
import { terminalStyle, wantsColour } from "../../terminal/style.ts";
import { systemTerminal } from "../../terminal/system_terminal.ts";
import { secretOptions, secretProblem, secretsOf } from "./secret_options.ts";
import { asksForTls, diallerFor, tlsFlagsAgain, tlsOptions, tlsProblem } from "./tls_options.ts";
import { print } from "../print.ts";
import { type Where, whereAndWho } from "../server_address.ts";
import { toldToEnd } from "../signals.ts";
import { firstOption } from "../turns_options.ts";

const DEFAULT_DIALECT = "native";
const HEADER_BYTES = [16, 12, 8] as const;
const USAGE =
  "Usage: minichat connect HOST [PORT] [NAME], or HOST:PORT [NAME], or unix:PATH [NAME]";

/** A port, or a word that can only be the name: the port may be left out. */
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

const MISSING_HOST =
  message`Missing HOST: minichat connect localhost joins the chat on this machine.`;

const chatOptions = object({
  host: argument(string({ metavar: "HOST" }), {
    errors: { endOfInput: MISSING_HOST },
    description:
      message`Host name or IP address of the server, such as localhost; HOST:PORT in one word; \
tls://HOST:PORT; or unix:PATH.`,
  }),
  port: optional(argument(portOrName, {
    description: message`TCP port, 1 to 65535, 8080 unless told otherwise; with unix:PATH there is \
none.`,
  })),
  name: optional(argument(string({ metavar: "NAME" }), {
    description: message`Your name. Without one a terminal asks for it, and in a pipe the server \
gives one.`,
  })),
  dialect: optional(option("--dialect", choice(DIALECT_NAMES, { metavar: "DIALECT" }), {
    description: message`What the server speaks: native, unless told otherwise, is minichat's own, \
framed is sheet 000, usermsg is sheet 004 (USER and MSG lines), etx is sheet 003 (commands of one \
letter), plain is any server for telnet or nc.`,
  })),
  header: optional(option("--header", choice(HEADER_BYTES, { metavar: "BYTES" }), {
    description: message`For framed: the bytes in front of each message, little-endian. 16, unless \
told otherwise, is a struct of int and size_t, 12 the two written one by one, 8 an int and a 32-bit \
length.`,
  })),
  turns: optional(flag("--turns", {
    description: message`Speak in turns, line by line, with the one person at the other end: \
minichat serve --turns, nc -l or a program of sheet 002. In a pipe each line is a turn, read when it \
comes. Takes --first and --no-color, and no NAME.`,
  })),
  first: firstOption,
  passwordFile: optional(option("--password-file", string({ metavar: "FILE" }), {
    description: message`The server's password is the first line of FILE, which others must not be \
able to read. Without it a terminal asks when there is one.`,
  })),
  json: optional(flag("--json", {
    description: message`Print every event as a line of JSON, and read messages from standard \
input, also on a terminal.`,
  })),
  stay: optional(flag("--stay", {
    description: message`In a pipe: go on after the end of standard input, until the server \
closes.`,
  })),
  noReplay: optional(flag("--no-replay", {
    description: message`Leave out what was said before you came. In a pipe without --json it is \
left out anyway.`,
  })),
  noReconnect: optional(flag("--no-reconnect", {
    description:
      message`End when the connection is lost. Without it native comes back by itself and goes on, each message said once: a terminal tries for 10 minutes (one after an announced stop), a pipe for one.`,
  })),
  noBell: optional(flag("--no-bell", {
    description: message`No bell when somebody writes to you or names you.`,
  })),
  noColor: optional(flag("--no-color", {
    description: message`No colours; NO_COLOR in the environment does the same.`,
  })),
}, { errors: { endOfInput: MISSING_HOST } });

/** What `minichat connect` takes. */
export const connectParser = merge(chatOptions, secretOptions, tlsOptions);

/** Below the options in `--help`. */
export const CONNECT_FOOTER: Message =
  message`In a pipe every line is a message: @NAME TEXT and #GROUP TEXT reach one person or group, \
and a space in front keeps them text for everyone. Exit codes: 0 all was said, or the chat ended as \
it should; 1 something was refused or failed, or the connection was lost; 2 wrong usage; 130 \
interrupted.`;

/** Parsed flags. */
export type ConnectOptions = InferValue<typeof connectParser>;

/** Joins a chat, and answers the exit code when it is over. */
export async function runConnect(options: ConnectOptions): Promise<number> {
  const { dialect: name = DEFAULT_DIALECT, header } = options;
  const spoken = dialectNamed(name);
  if (spoken === undefined) throw new TypeError(`No such dialect: "${name}"`);
  const where = headerProblem(spoken, header)?.error ?? tlsProblem(options) ??
    whereAndWho(options, asksForTls(options));
  const problem = typeof where === "string" ? where : secretProblem(options, {
    name: where.name,
    proves: spoken.capabilities.provesAtOnce,
  });
  if (typeof where === "string" || problem !== undefined) {
    print(Deno.stderr, `${USAGE}\nError: ${problem}`);
    return 2;
  }
  const client = () => spoken.client(header === undefined ? undefined : { headerBytes: header });
  const onTerminal = Deno.stdin.isTerminal() && Deno.stdout.isTerminal() && !options.json;
  const all: Dialect = { ...spoken, client };
  // A script that reads messages as lines could not tell the old ones.
  const dialect = options.noReplay || !(onTerminal || options.json) ? withoutReplay(all) : all;
  const remedy = remedyFor(where, options);
  const dialler = await diallerFor(where.address, options, { remedy, onTerminal });
  if (!dialler.ok) {
    print(Deno.stderr, dialler.error);
    return 1;
  }
  const secrets = secretsOf(options);
  if ("error" in secrets) {
    print(Deno.stderr, `minichat connect: ${secrets.error}`);
    return 1;
  }
  const common = { ...where, secrets, dialect, dial: dialler.dial };
  if (onTerminal) return await runOnTerminal(common, options);
  return await runInPipe(common, options);
}

/** What to do where no server is; a word that was meant as a port may be why. */
function remedyFor({ address, name }: Where, { host, port }: ConnectOptions): string {
  const remedy = startRemedy(address);
  if (address.kind === "unix" || typeof port !== "string") return remedy;
  if (splitPort(splitScheme(host).host)) return remedy;
  return `${remedy}, or give its port: ${quoted(name ?? port)} was taken for your name`;
}

async function runInPipe(
  common: Pick<PipeOptions, "address" | "name" | "secrets" | "dialect" | "dial">,
  options: ConnectOptions,
): Promise<number> {
  const told = toldToEnd("pipe");
  try {
    return await runPipe({
      ...common,
      json: options.json === true,
      stay: options.stay === true,
      clock: systemClock,
      random: Math.random,
      ...(options.noReconnect ? { returnPatience: NO_RETURN } : {}),
      stdin: Deno.stdin,
      stdout: Deno.stdout,
      complain: (line) => print(Deno.stderr, line),
      stop: told.signal,
    });
  } finally {
    told.ignore();
  }
}

async function runOnTerminal(
  common: Pick<InteractiveOptions, "address" | "name" | "secrets" | "dialect" | "dial">,
  options: ConnectOptions,
): Promise<number> {
  const io = systemTerminal();
  const isDumb = Deno.env.get("TERM") === "dumb";
  const told = toldToEnd("terminal");
  try {
    return await runInteractive({
      ...common,
      flags: [...tlsFlagsAgain(common.address, options), ...flagsAgain(options)],
      prompt: (complete) =>
        isDumb ? new LinePrompt(io) : new Prompt({ io, prompt: "", complete, conceal: concealed }),
      looks: terminalStyle({ enabled: !options.noColor && wantsColour(Deno.env, true) }),
      clock: systemClock,
      random: Math.random,
      ...(options.noReconnect ? { patience: NO_RETURN } : {}),
      textColumns: io.columns() - 3, // behind "-- "
      ring: () => {
        if (!options.noBell) io.write("\x07");
      },
      stop: told.signal,
    });
  } finally {
    told.ignore();
  }
}

/** The flags without which the same server could not be joined again. */
function flagsAgain(
  { dialect = DEFAULT_DIALECT, header, noReconnect, passwordFile, passphraseFile }: ConnectOptions,
): readonly string[] {
  return [
    ...(dialect === DEFAULT_DIALECT ? [] : ["--dialect", dialect]),
    ...(header === undefined ? [] : ["--header", String(header)]),
    ...(noReconnect ? ["--no-reconnect"] : []),
    ...(passwordFile === undefined ? [] : ["--password-file", passwordFile]),
    ...(passphraseFile === undefined ? [] : ["--passphrase-file", passphraseFile]),
  ];
}
