// `minichat connect`: joins a chat, on the terminal if standard input and output are one, else in a
// pipe.

import { headerProblem } from "../../client/capabilities.ts";
import { splitPort, splitScheme, startRemedy } from "../../client/dial.ts";
import { NO_RECONNECT } from "../../client/conversation_options.ts";
import { type InteractiveOptions, runInteractive } from "../../client/interactive.ts";
import { LinePrompt } from "../../client/line_prompt.ts";
import { runPipe } from "../../client/pipe.ts";
import type { PipeOptions } from "../../client/pipe_options.ts";
import { nameProblem } from "../../client/parse_input.ts";
import { nextNumberedName } from "../../client/other_names.ts";
import { withoutReplay } from "../../client/without_replay.ts";
import { headerName } from "../../protocol/frame_layouts.ts";
import { quoted } from "../../protocol/failures.ts";
import type { Problem } from "../../protocol/problem.ts";
import { systemClock } from "../../shared/clock.ts";
import { maskSecret } from "../../protocol/secrets.ts";
import { Prompt } from "../../terminal/prompt.ts";
import { terminalStyle, wantsColour } from "../../terminal/style.ts";
import { systemTerminal } from "../../terminal/system_terminal.ts";
import type { ClientTexts } from "../../texts/texts.ts";
import type { ConnectOptions } from "./options.ts";
import { dialectOfFlags, serverDialect } from "./server_dialect.ts";
import { secretProblem, secretsOf } from "./secret_options.ts";
import { asksForTls, diallerFor, tlsProblem, tlsRejoinFlags } from "./tls_options.ts";
import { chosenTexts } from "../language.ts";
import { watchOutput } from "../output_hang_up.ts";
import { AUTO_DIALECT } from "../dialect_options.ts";
import { print } from "../print.ts";
import { type ConnectTarget, connectTarget } from "../server_address.ts";
import { onEndSignal } from "../signals.ts";

const USAGE =
  "Usage: minichat connect HOST [PORT] [NAME], or HOST:PORT [NAME], or unix:PATH [NAME]";

/** Joins a chat until it ends; returns the exit code. */
export async function runConnect(options: ConnectOptions): Promise<number> {
  const asked = dialectOfFlags(options);
  const texts = chosenTexts();
  const target = (asked && headerProblem(asked, options.header, texts.client)) ??
    tlsProblem(options) ?? connectTarget(options, asksForTls(options));
  const where = "error" in target ? target : secretProblem(options, {
    name: target.name,
    proves: asked?.capabilities.provesInHello ?? true,
  }) ?? target;
  if ("error" in where) {
    print(Deno.stderr, `${USAGE}\nError: ${where.error}`);
    return 2;
  }
  const isTerminal = Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
  const isScript = options.json || options.until !== undefined || options.timeout !== undefined;
  const onTerminal = isTerminal && !isScript;
  if (options.nameTaken === "ask" && !onTerminal) {
    print(Deno.stderr, `${USAGE}\nError: No terminal to ask on: use --name-taken number or fail`);
    return 2;
  }
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
  const otherName = options.nameTaken === "number" ? { otherName: nextNumberedName } : {};
  const started = performance.now();
  const spoken = await inTime(
    serverDialect(options, {
      ...{ ...where, ...otherName, dial: dialler.dial, onTerminal, texts },
      askName: () => askName(texts.client),
    }),
    options.timeout,
  );
  if (spoken === "left") return 0;
  if ("error" in spoken) {
    print(Deno.stderr, spoken.error || texts.client.notJoined);
    return 1;
  }
  // A script that reads messages as lines could not distinguish earlier messages.
  const replays = !options.noReplay && (onTerminal || options.json === true);
  const common = {
    ...{ ...where, ...otherName, secrets, texts, dial: spoken.dial, findings: spoken.findings },
    ...(spoken.name === undefined ? {} : { name: spoken.name }),
    dialect: replays ? spoken.dialect : withoutReplay(spoken.dialect),
    startedMs: performance.now() - started,
  };
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

/** The options of a chat that its kinds share. */
type CommonOptions = Pick<
  PipeOptions & InteractiveOptions,
  "address" | "name" | "secrets" | "dialect" | "texts" | "dial" | "otherName" | "findings"
>;

/** Asks for the name on the terminal, which nothing else reads yet; undefined to leave. */
function askName(texts: ClientTexts): string | undefined {
  const answer = new Uint8Array(1024);
  for (;;) {
    Deno.stdout.writeSync(new TextEncoder().encode(texts.namePrompt));
    const count = Deno.stdin.readSync(answer);
    if (count === null) return undefined;
    const name = new TextDecoder().decode(answer.subarray(0, count)).trim();
    if (name === "/quit") return undefined;
    const problem = nameProblem(name, texts);
    if (problem === undefined) return name;
    print(Deno.stdout, `-! ${name === "" ? texts.nameNeeded : problem.error}`);
  }
}

/** The result of `work`, or a problem without a text after `ms` milliseconds. */
async function inTime<Result>(
  work: Promise<Result>,
  ms: number | undefined,
): Promise<Result | Problem> {
  if (ms === undefined) return await work;
  const { promise, resolve } = Promise.withResolvers<Problem>();
  const timer = systemClock.after(ms, () => resolve({ error: "" }));
  const first = await Promise.race([work, promise]);
  timer.cancel();
  return first;
}

async function runInPipe(
  { startedMs, ...common }: CommonOptions & { readonly startedMs: number },
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
      ...(timeout === undefined ? {} : { timeoutMs: Math.max(0, timeout - startedMs) }),
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
  common: CommonOptions,
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
  { dialect = AUTO_DIALECT, header, nameTaken, noReconnect, passwordFile, passphraseFile }:
    ConnectOptions,
): readonly string[] {
  return [
    ...(dialect === AUTO_DIALECT ? [] : ["--dialect", dialect]),
    ...(header === undefined ? [] : ["--header", headerName(header)]),
    ...(nameTaken === undefined ? [] : ["--name-taken", nameTaken]),
    ...(noReconnect ? ["--no-reconnect"] : []),
    ...(passwordFile === undefined ? [] : ["--password-file", passwordFile]),
    ...(passphraseFile === undefined ? [] : ["--passphrase-file", passphraseFile]),
  ];
}
