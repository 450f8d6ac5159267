// `minichat bench`: its flags, the line of progress, the report and the exit code. What a load test
// does is in load/.

import process from "node:process";
import { object } from "@optique/core/constructs";
import { type Message, message } from "@optique/core/message";
import { optional, withDefault } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { argument, flag, option } from "@optique/core/primitives";
import { choice, integer, string, type ValueParser } from "@optique/core/valueparser";
import { headerProblem } from "../../client/capabilities.ts";
import { type Address, dial, parseAddress, splitPort } from "../../client/dial.ts";
import type { LoadReport } from "../../load/load_report.ts";
import { type Progress, runLoad } from "../../load/run_load.ts";
import { MIN_STAMP_BYTES, RUN_CHARS } from "../../load/stamp.ts";
import { reportText } from "../../load/load_report_text.ts";
import { DIALECT_NAMES, dialectNamed } from "../../protocol/dialects.ts";
import { quoted } from "../../protocol/failures.ts";
import { DEFAULT_PORT, MAX_MESSAGE_BYTES } from "../../protocol/limits.ts";
import { terminalStyle, wantsColour } from "../../terminal/style.ts";
import { durationValue } from "../duration_value.ts";
import { print } from "../print.ts";
import { openFilesLimit } from "../open_files_limit.ts";
import { ProgressLine } from "../progress_line.ts";

const USAGE = "Usage: minichat bench [OPTION]... HOST [PORT], or HOST:PORT, or unix:PATH";
const HEADER_BYTES = [16, 12, 8] as const;
const DEFAULT_CLIENTS = 100;
const DEFAULT_SENDERS = 10;
const DEFAULT_WINDOW = 16;
/** How long the fan-out may send, in milliseconds. */
const FANOUT = { least: 1_000, most: 3_600_000, bareSeconds: true };
const DEFAULT_FANOUT_MS = 5_000;
/** With --messages the number ends it; this is for servers that never get there. */
const MOST_FANOUT_MS = 60_000;
const DEFAULT_BYTES = 64;
/** A C struct (D2). */
const DEFAULT_HEADER_BYTES = 16;
const MAX_CLIENTS = 60_000;
const MAX_SENDERS = 1_000;
const MAX_WINDOW = 1_000;
/** Unless told otherwise, all senders together have no more under way to each client, in bytes. */
const BYTES_UNDER_WAY = 256 * 1024;
/** Files of this program that are no connections. */
const RESERVED_DESCRIPTORS = 32;
const DEFAULT_COLUMNS = 80;
const MAX_COLUMNS = 120;

/** A number of clients, or `max`. */
const clientsParser: ValueParser<"sync", number | "max"> = {
  mode: "sync",
  metavar: "N",
  placeholder: DEFAULT_CLIENTS,
  parse(input) {
    if (input === "max") return { success: true, value: "max" };
    const value = /^\d+$/.test(input) ? Number(input) : 0;
    if (value >= 2 && value <= MAX_CLIENTS) return { success: true, value };
    return {
      success: false,
      error: message`Not a number of clients: ${input}, expected 2 to 60000, or max`,
    };
  },
  format: String,
};

/** What `minichat bench` takes. */
export const benchParser = object({
  host: argument(string({ metavar: "HOST" }), {
    errors: {
      endOfInput: message`Missing HOST: minichat bench localhost 8080 tries a server here.`,
    },
    description: message`Host name or IP address of the server, such as localhost; HOST:PORT in \
one word; or unix:PATH.`,
  }),
  port: optional(argument(integer({ metavar: "PORT", min: 1, max: 65_535 }), {
    description: message`TCP port, 1 to 65535, 8080 unless told otherwise; with unix:PATH there is \
none.`,
  })),
  dialect: option("--dialect", choice(DIALECT_NAMES, { metavar: "DIALECT" }), {
    description: message`What the server speaks: native is minichat's own, framed is sheet 000, \
plain is sheet 001 and any server for telnet, etx is sheet 003, usermsg is sheet 004.`,
  }),
  header: optional(option("--header", choice(HEADER_BYTES, { metavar: "BYTES" }), {
    description: message`For framed: the bytes in front of each message, as of minichat connect, \
16 unless told otherwise.`,
  })),
  clients: withDefault(
    option("--clients", clientsParser, {
      description: message`How many clients join; max goes on until the server refuses or stalls, \
or this program may open no more connections.`,
    }),
    DEFAULT_CLIENTS,
  ),
  senders: optional(option("--senders", integer({ metavar: "S", min: 1, max: MAX_SENDERS }), {
    description: message`How many of them speak in the fan-out, 10 unless told otherwise.`,
  })),
  window: optional(option("--window", integer({ metavar: "W", min: 1, max: MAX_WINDOW }), {
    description: message`How many messages each sender may have under way: sent, and not yet got \
by everybody. 16 unless told otherwise, fewer if they are long.`,
  })),
  seconds: optional(option("--seconds", durationValue(FANOUT), {
    description: message`How long the fan-out sends: 90s, 2m or up to 1h, 5s by default; a number \
alone is seconds.`,
  })),
  messages: optional(option("--messages", integer({ metavar: "N", min: 1, max: 10_000_000 }), {
    description: message`How many messages the fan-out sends, instead of a time.`,
  })),
  size: withDefault(
    option("--size", integer({ metavar: "BYTES", min: MIN_STAMP_BYTES, max: MAX_MESSAGE_BYTES }), {
      description: message`Length of a message's text, 20 to 8192 bytes.`,
    }),
    DEFAULT_BYTES,
  ),
  remote: optional(flag("--remote", {
    description: message`Needed for a server on another machine: put load only on what is yours, \
or with its owner's agreement.`,
  })),
  json: optional(flag("--json", { description: message`Print the report as one JSON object.` })),
  noColor: optional(flag("--no-color", {
    description: message`No colours; NO_COLOR in the environment does the same.`,
  })),
});

/** Below the options in `--help`. */
export const BENCH_FOOTER: Message =
  message`Every message is numbered and checked by everyone who gets it: what is \
lost, duplicated, reordered or torn is told. Exit codes: 0 all well; 1 something was wrong with the server or what came \
from it; 2 wrong usage; 130 interrupted, with a report of what there was.`;

/** Parsed flags. */
export type BenchOptions = InferValue<typeof benchParser>;

/** Runs the load test; answers the exit code. */
export async function runBench(options: BenchOptions): Promise<number> {
  const dialect = dialectNamed(options.dialect);
  if (dialect === undefined) throw new TypeError(`No such dialect: "${options.dialect}"`);
  const address = headerProblem(dialect, options.header)?.error ?? contradiction(options) ??
    targetOf(options);
  if (typeof address === "string") {
    print(Deno.stderr, `${USAGE}\nError: ${address}`);
    return 2;
  }
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, onSignal);
  const line = new ProgressLine(Deno.stderr, Deno.env.get("TERM"));
  try {
    const report = await runLoad({
      ...loadOf(options),
      address,
      dialect,
      dial: () => dial(address),
      headerBytes: options.header ?? DEFAULT_HEADER_BYTES,
      mayOpen: (openFilesLimit() ?? Infinity) - RESERVED_DESCRIPTORS,
      run: newRun(),
      now: () => performance.now(),
      cpuMs,
      stop: stop.signal,
      onProgress: (progress: Progress) => line.show(progress),
    });
    line.clear();
    tell(report, options);
    if (report.interrupted) return 130;
    return report.ok ? 0 : 1;
  } finally {
    line.clear();
    for (const signal of signals) Deno.removeSignalListener(signal, onSignal);
  }
}

/** Prints the report; where nothing could be measured, only why. */
function tell(report: LoadReport, options: BenchOptions): void {
  const hasFigures = report.join.held > 1 || report.interrupted;
  if (options.json) print(Deno.stdout, JSON.stringify(report));
  else if (hasFigures) print(Deno.stdout, reportText(report, looksOf(options)).join("\n"));
  if (hasFigures && !options.json) return; // the problems stand in it
  for (const problem of report.problems) print(Deno.stderr, `minichat bench: ${problem}`);
}

/** Why the amounts make no sense together, if they do not. */
function contradiction({ clients, senders, seconds, messages }: BenchOptions): string | undefined {
  if (seconds !== undefined && messages !== undefined) {
    return "--seconds and --messages exclude each other: leave one of the two out";
  }
  if (senders === undefined || clients === "max" || senders <= clients) return undefined;
  return `Too many senders: ${senders} of ${clients} clients, raise --clients or lower --senders`;
}

/** Where to put load, or why the arguments make no sense. */
export function targetOf(
  { host, port, remote }: Pick<BenchOptions, "host" | "port" | "remote">,
): Address | string {
  const joined = splitPort(host);
  if (joined !== undefined && port !== undefined) {
    return `Two ports: ${quoted(host)} and ${port}, leave one out`;
  }
  if (joined !== undefined && (joined.port < 1 || joined.port > 65_535)) {
    return `Not a port: ${quoted(String(joined.port))}, expected 1 to 65535`;
  }
  const address = parseAddress(joined?.host ?? host, joined?.port ?? port ?? DEFAULT_PORT);
  if (address.kind === "unix") {
    if (port !== undefined) return `Too many arguments: ${quoted(host)} takes no port`;
    return address.path === "" ? `Empty address: ${quoted(host)}` : address;
  }
  if (address.host === "") return `Empty address: ${quoted(host)}`;
  if (remote || isLoopback(address.host)) return address;
  return `Not this machine: ${quoted(address.host)}: add --remote if its owner agrees to the load`;
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|::1)$/i.test(host);
}

/** How much load, from the flags. */
function loadOf(
  { clients, senders = DEFAULT_SENDERS, window, seconds, messages, size }: BenchOptions,
) {
  const fitting = Math.floor(BYTES_UNDER_WAY / (senders * size));
  return {
    clients,
    senders,
    window: window ?? Math.max(1, Math.min(DEFAULT_WINDOW, fitting)),
    seconds: (seconds ?? (messages === undefined ? DEFAULT_FANOUT_MS : MOST_FANOUT_MS)) / 1000,
    messages: messages ?? Infinity,
    messageBytes: size,
  };
}

function newRun(): string {
  const random = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  return random.toString(36).padStart(RUN_CHARS, "0").slice(-RUN_CHARS);
}

/** Processor time of this process, in milliseconds. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function looksOf({ noColor }: BenchOptions) {
  const isTerminal = Deno.stdout.isTerminal();
  const enabled = !noColor && wantsColour(Deno.env, isTerminal);
  return { columns: columnsOf(isTerminal), looks: terminalStyle({ enabled }) };
}

function columnsOf(isTerminal: boolean): number {
  if (!isTerminal) return DEFAULT_COLUMNS;
  try {
    return Math.min(MAX_COLUMNS, Deno.consoleSize().columns);
  } catch {
    return DEFAULT_COLUMNS;
  }
}
