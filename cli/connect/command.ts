// `minichat connect`: joins a chat, on the terminal if standard input and output are one, else in a
// pipe.

import { headerProblem } from "../../client/capabilities.ts";
import { splitPort, splitScheme, startRemedy } from "../../client/dial.ts";
import { NO_RECONNECT } from "../../client/conversation_options.ts";
import { type InteractiveOptions, runInteractive } from "../../client/interactive.ts";
import { LinePrompt } from "../../client/line_prompt.ts";
import { runPipe } from "../../client/pipe.ts";
import type { PipeOptions } from "../../client/pipe_options.ts";
import { nextNumberedName } from "../../client/other_names.ts";
import { withoutReplay } from "../../client/without_replay.ts";
import type { Dialect } from "../../protocol/dialect.ts";
import { headerName } from "../../protocol/frame_layouts.ts";
import { dialectNamed } from "../../protocol/dialects.ts";
import { quoted } from "../../protocol/failures.ts";
import { systemClock } from "../../shared/clock.ts";
import { maskSecret } from "../../protocol/secrets.ts";
import { Prompt } from "../../terminal/prompt.ts";
import { terminalStyle, wantsColour } from "../../terminal/style.ts";
import { systemTerminal } from "../../terminal/system_terminal.ts";
import type { ClientTexts } from "../../texts/texts.ts";
import { type ConnectOptions, DEFAULT_DIALECT } from "./options.ts";
import { secretProblem, secretsOf } from "./secret_options.ts";
import { asksForTls, diallerFor, tlsProblem, tlsRejoinFlags } from "./tls_options.ts";
import { chosenTexts } from "../language.ts";
import { watchOutput } from "../output_hang_up.ts";
import { print } from "../print.ts";
import { type ConnectTarget, connectTarget } from "../server_address.ts";
import { onEndSignal } from "../signals.ts";

const USAGE =
  "Usage: minichat connect HOST [PORT] [NAME], or HOST:PORT [NAME], or unix:PATH [NAME]";

/** Joins a chat until it ends; returns the exit code. */
export async function runConnect(options: ConnectOptions): Promise<number> {
  const { dialect: name = DEFAULT_DIALECT, header } = options;
  const spoken = dialectNamed(name);
  if (spoken === undefined) throw new TypeError(`No such dialect: "${name}"`);
  const texts = chosenTexts();
  const target = headerProblem(spoken, header, texts.client) ?? tlsProblem(options) ??
    connectTarget(options, asksForTls(options));
  const where = "error" in target ? target : secretProblem(options, {
    name: target.name,
    proves: spoken.capabilities.provesInHello,
  }) ?? target;
  if ("error" in where) {
    print(Deno.stderr, `${USAGE}\nError: ${where.error}`);
    return 2;
  }
  const client = () =>
    spoken.client({ texts, ...(header === undefined ? {} : { layout: header }) });
  const isTerminal = Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
  const isScript = options.json || options.until !== undefined || options.timeout !== undefined;
  const onTerminal = isTerminal && !isScript;
  if (options.nameTaken === "ask" && !onTerminal) {
    print(Deno.stderr, `${USAGE}\nError: No terminal to ask on: use --name-taken number or fail`);
    return 2;
  }
  // Only sheet 000's servers answer ok.
  const confirms = spoken.confirms && header?.shape === undefined;
  const all: Dialect = { ...spoken, client, confirms };
  // A script that reads messages as lines could not distinguish earlier messages.
  const dialect = options.noReplay || !(onTerminal || options.json) ? withoutReplay(all) : all;
  const remedy = remedyFor(where, options, texts.client);
  const dialler = await diallerFor(where.address, options, {
    remedy,
    onTerminal,
    texts: texts.client,
  });
  if (!dialler.ok) {
    print(Deno.stderr, dialler.error);
    return 1;
  }
  const secrets = secretsOf(options);
  if ("error" in secrets) {
    print(Deno.stderr, `minichat connect: ${secrets.error}`);
    return 1;
  }
  const common = { ...where, secrets, dialect, texts, dial: dialler.dial };
  if (onTerminal) return await runOnTerminal(common, options);
  return await runInPipe(common, options);
}

/** The remedy if no server answers; an argument meant as the port may be the reason. */
function remedyFor(
  { address, name }: ConnectTarget,
  { host, port }: ConnectOptions,
  texts: ClientTexts,
): string {
  const remedy = startRemedy(address, texts);
  if (address.kind === "unix" || typeof port !== "string") return remedy;
  if (splitPort(splitScheme(host).host)) return remedy;
  return texts.orGivePort(remedy, quoted(name ?? port));
}

async function runInPipe(
  common: Pick<PipeOptions, "address" | "name" | "secrets" | "dialect" | "texts" | "dial">,
  options: ConnectOptions,
): Promise<number> {
  const endSignal = onEndSignal("pipe");
  const output = await watchOutput();
  const { until, timeout } = options;
  try {
    return await runPipe({
      ...common,
      json: options.json === true,
      stay: options.stay === true,
      quiet: options.quiet === true,
      ...(until === undefined ? {} : { until }),
      ...(timeout === undefined ? {} : { timeoutMs: timeout }),
      ...(options.nameTaken === "number" ? { otherName: nextNumberedName } : {}),
      outputClosed: output.closed,
      clock: systemClock,
      random: Math.random,
      ...(options.noReconnect ? { reconnectTimeouts: NO_RECONNECT } : {}),
      stdin: Deno.stdin,
      stdout: Deno.stdout,
      printError: (line) => print(Deno.stderr, line),
      stop: endSignal.signal,
    });
  } finally {
    output.stop();
    endSignal.ignore();
  }
}

async function runOnTerminal(
  common: Pick<InteractiveOptions, "address" | "name" | "secrets" | "dialect" | "texts" | "dial">,
  options: ConnectOptions,
): Promise<number> {
  const io = systemTerminal();
  const isDumb = Deno.env.get("TERM") === "dumb";
  const endSignal = onEndSignal("terminal");
  try {
    return await runInteractive({
      ...common,
      flags: [...tlsRejoinFlags(common.address, options), ...flagsAgain(options)],
      prompt: (complete) =>
        isDumb ? new LinePrompt(io, common.texts.client) : new Prompt({
          ...{ io, prompt: "", complete, conceal: maskSecret },
          andMore: common.texts.events.andMore,
        }),
      style: terminalStyle({ enabled: !options.noColor && wantsColour(Deno.env, true) }),
      clock: systemClock,
      random: Math.random,
      quiet: options.quiet === true,
      ...(options.nameTaken === "number" ? { otherName: nextNumberedName } : {}),
      endsIfTaken: options.nameTaken === "fail",
      ...(options.noReconnect ? { reconnectTimeouts: NO_RECONNECT } : {}),
      textColumns: io.columns() - 3, // after "-- "
      ringBell: () => {
        if (!options.noBell) io.write("\x07");
      },
      stop: endSignal.signal,
    });
  } finally {
    endSignal.ignore();
  }
}

/** The flags that are needed to join the same server again. */
function flagsAgain(
  { dialect = DEFAULT_DIALECT, header, nameTaken, noReconnect, passwordFile, passphraseFile }:
    ConnectOptions,
): readonly string[] {
  return [
    ...(dialect === DEFAULT_DIALECT ? [] : ["--dialect", dialect]),
    ...(header === undefined ? [] : ["--header", headerName(header)]),
    ...(nameTaken === undefined ? [] : ["--name-taken", nameTaken]),
    ...(noReconnect ? ["--no-reconnect"] : []),
    ...(passwordFile === undefined ? [] : ["--password-file", passwordFile]),
    ...(passphraseFile === undefined ? [] : ["--passphrase-file", passphraseFile]),
  ];
}
