// `minichat bench`: runs a load test with a progress line, prints its report and returns the exit
// code.

import process from "node:process";
import { headerProblem } from "../../client/capabilities.ts";
import { type Address, dial } from "../../client/dial.ts";
import type { LoadReport } from "../../load/load_report.ts";
import { type LoadProgress, runLoad } from "../../load/run_load.ts";
import { RUN_CHARS } from "../../load/stamp.ts";
import { reportText } from "../../load/load_report_text.ts";
import { dialectNamed } from "../../protocol/dialects.ts";
import { quoted } from "../../protocol/failures.ts";
import type { Problem } from "../../protocol/problem.ts";
import { systemClock } from "../../shared/clock.ts";
import { terminalStyle, wantsColour } from "../../terminal/style.ts";
import type { BenchOptions } from "./options.ts";
import { DEFAULT_HEADER_BYTES } from "../dialect_options.ts";
import { chosenTexts } from "../language.ts";
import { print } from "../print.ts";
import { openFilesLimit } from "../open_files_limit.ts";
import { ProgressLine } from "../progress_line.ts";
import { serverAddress } from "../server_address.ts";

const USAGE = "Usage: minichat bench [OPTION]... HOST [PORT], or HOST:PORT, or unix:PATH";
const DEFAULT_SENDERS = 10;
const DEFAULT_WINDOW = 16;
const DEFAULT_FANOUT_MS = 5_000;
/** The limit with --messages, for servers that never deliver all of them. */
const MOST_FANOUT_MS = 60_000;
/** The default window keeps the bytes in flight from all senders to each client below this. */
const BYTES_IN_FLIGHT = 256 * 1024;
/** Open files of this program that are not connections. */
const RESERVED_DESCRIPTORS = 32;
const DEFAULT_COLUMNS = 80;
const MAX_COLUMNS = 120;

/** Runs the load test; returns the exit code. */
export async function runBench(options: BenchOptions): Promise<number> {
  const dialect = dialectNamed(options.dialect);
  if (dialect === undefined) throw new TypeError(`No such dialect: "${options.dialect}"`);
  const { client: texts, events } = chosenTexts();
  const address = headerProblem(dialect, options.header, texts) ?? contradiction(options) ??
    targetOf(options);
  if ("error" in address) {
    print(Deno.stderr, `${USAGE}\nError: ${address.error}`);
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
      texts: events,
      dial: () => dial(address, texts),
      headerBytes: options.header ?? DEFAULT_HEADER_BYTES,
      mayOpen: (openFilesLimit() ?? Infinity) - RESERVED_DESCRIPTORS,
      run: newRun(),
      clock: systemClock,
      cpuMs,
      stop: stop.signal,
      onProgress: (progress: LoadProgress) => line.show(progress),
    });
    line.clear();
    printReport(report, options);
    if (report.interrupted) return 130;
    return report.ok ? 0 : 1;
  } finally {
    line.clear();
    for (const signal of signals) Deno.removeSignalListener(signal, onSignal);
  }
}

/** Prints the report; if nothing was measured, only the problems. */
function printReport(report: LoadReport, options: BenchOptions): void {
  const hasFigures = report.join.held > 1 || report.interrupted;
  if (options.json) print(Deno.stdout, JSON.stringify(report));
  else if (hasFigures) print(Deno.stdout, reportText(report, layoutOf(options)).join("\n"));
  if (hasFigures && !options.json) return; // it contains the problems
  for (const problem of report.problems) print(Deno.stderr, `minichat bench: ${problem}`);
}

/** Returns a problem if the amounts contradict each other. */
function contradiction(
  { clients, senders, seconds, messages }: BenchOptions,
): Problem | undefined {
  if (seconds !== undefined && messages !== undefined) {
    return { error: "--seconds and --messages exclude each other: leave one of the two out" };
  }
  if (senders === undefined || clients === "max" || senders <= clients) return undefined;
  const error = `Too many senders: ${senders} of ${clients} clients`;
  return { error: `${error}, raise --clients or lower --senders` };
}

/** The server to test; another machine only with `--remote`. */
export function targetOf(
  { host, port, remote }: Pick<BenchOptions, "host" | "port" | "remote">,
): Address | Problem {
  const address = serverAddress({ host, port });
  if ("error" in address || address.kind === "unix") return address;
  if (remote || isLoopback(address.host)) return address;
  const error = `Not this machine: ${quoted(address.host)}`;
  return { error: `${error}: add --remote if its owner agrees to the load` };
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|::1)$/i.test(host);
}

/** The amount of load, from the flags. */
function loadOf(
  { clients, senders = DEFAULT_SENDERS, window, seconds, messages, size }: BenchOptions,
) {
  const fitting = Math.floor(BYTES_IN_FLIGHT / (senders * size));
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

function layoutOf({ noColor }: BenchOptions) {
  const isTerminal = Deno.stdout.isTerminal();
  const enabled = !noColor && wantsColour(Deno.env, isTerminal);
  return { columns: columnsOf(isTerminal), style: terminalStyle({ enabled }) };
}

function columnsOf(isTerminal: boolean): number {
  if (!isTerminal) return DEFAULT_COLUMNS;
  try {
    return Math.min(MAX_COLUMNS, Deno.consoleSize().columns);
  } catch {
    return DEFAULT_COLUMNS;
  }
}
