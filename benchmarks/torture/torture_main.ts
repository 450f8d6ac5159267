// `deno task torture`: kills the server under load again and again, and reports whether an
// acknowledged message was lost, or a message shown twice.

import { native } from "../../protocol/native.ts";
import { errorText } from "../../shared/errors.ts";
import { parseFlags } from "../../tools/flags.ts";
import { describeViolation } from "./torture_ledger.ts";
import { runTorture, type TortureProgress, type TortureResult } from "./run_torture.ts";
import type { ProgramCommand } from "./killed_server.ts";

const USAGE =
  `Usage: deno task torture [--kills N] [--people N] [--programs N] [--rate N] [--seed N] [--json]

Starts minichat serve with clients that send through a network that fails, kills the server N times
without warning, and checks at the end that every acknowledged message is in the history once, and
that every client showed every message once and in order.

  --kills N      kills of the server (default 20)
  --people N     clients in this process, each third of which sends (default 24)
  --programs N   processes of minichat connect, killed too (default 3)
  --rate N       messages a second of all together (default 400)
  --seed N       repeats the faults of an earlier run
  --json         the result as JSON
  --program CMD  the executable to test (default: minichat from source)

Exit codes: 0 nothing was lost or duplicated, 1 something was, 2 wrong usage.`;

/** Runs the program from source. */
const FROM_SOURCE: ProgramCommand = [
  Deno.execPath(),
  "run",
  "--quiet",
  "--allow-all",
  new URL("../../main.ts", import.meta.url).pathname,
];

const FLAGS = {
  text: ["kills", "people", "programs", "rate", "seed", "program"],
  switches: ["json"],
} as const;

/** Runs it with those arguments; returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const flags = parsed(args);
  if (flags === undefined) return 2;
  if (flags.help) {
    print(Deno.stdout, USAGE);
    return 0;
  }
  const seed = Number(flags.seed ?? Math.floor(Math.random() * 1e9));
  const numbers = [
    flags.kills ?? "20",
    flags.people ?? "24",
    flags.programs ?? "3",
    flags.rate ?? "400",
  ].map(Number);
  if (![...numbers, seed].every((number) => Number.isInteger(number) && number >= 0)) {
    print(Deno.stderr, `${USAGE}\nError: Expected whole numbers`);
    return 2;
  }
  const [kills = 0, people = 0, programs = 0, rate = 0] = numbers;
  print(Deno.stderr, `Seed ${seed}`);
  const result = await runTorture({
    ...{ kills, people, programs, rate, seed },
    program: flags.program === undefined ? FROM_SOURCE : [flags.program],
    dialect: native,
    onProgress: (progress) => print(Deno.stderr, progressText(progress)),
  });
  print(Deno.stdout, flags.json ? JSON.stringify(result) : report(result));
  return result.findings.length === 0 && result.problems.length === 0 ? 0 : 1;
}

function parsed(args: readonly string[]) {
  try {
    return parseFlags(args, FLAGS);
  } catch (error) {
    print(Deno.stderr, `${USAGE}\nError: ${errorText(error)}`);
    return undefined;
  }
}

function progressText({ fault, done, of, ledger }: TortureProgress): string {
  const count = `${done}`.padStart(`${of}`.length);
  const figures = `${number(ledger.acknowledged)} of ${number(ledger.said)} acknowledged`;
  return `${count} of ${of}  ${fault.replaceAll("_", " ").padEnd(13)}  ${figures}, ${
    number(ledger.shown)
  } shown`;
}

function report(result: TortureResult): string {
  const faults = Object.entries(result.faults)
    .map(([kind, times]) => `${kind.replaceAll("_", " ")} ${times}`).join(", ");
  const verdict = result.findings.length === 0 && result.problems.length === 0
    ? "Nothing acknowledged was lost, nothing was stored or shown twice, out of order or torn."
    : [...result.findings.map(describeViolation), ...result.problems].join("\n  ");
  return [
    `Torture of ${result.seconds.toFixed(1)} s, seed ${result.seed}`,
    `  Faults        ${faults}`,
    `  Sent          ${number(result.said)}, acknowledged ${number(result.acknowledged)}, ` +
    `refused ${number(result.refused)}`,
    `  Stored        ${number(result.stored)}`,
    `  Shown         ${number(result.shown)} to ${result.readers} readers, ` +
    `reconnected ${number(result.returns)} times`,
    `  ${verdict}`,
  ].join("\n");
}

function number(value: number): string {
  return value.toLocaleString("en");
}

function print(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  stream.writeSync(new TextEncoder().encode(`${text}\n`));
}

if (import.meta.main) Deno.exit(await main(Deno.args));
