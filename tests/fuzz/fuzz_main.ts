// `deno task fuzz`: options, progress, and findings as files that can be replayed.

import { DIALECT_NAMES } from "../../protocol/dialects.ts";
import { parseFlags } from "../../tools/flags.ts";
import {
  fuzz,
  type FuzzOptions,
  type FuzzProgress,
  type FuzzTarget,
  tryOnTarget,
} from "./fuzzer.ts";
import { fromJson, toJson } from "./scenario.ts";

const USAGE = `Usage: deno task fuzz [OPTIONS]
Plays sessions that chance makes and changes on a server in memory, and checks what all get.

  --seconds N     stop after so many seconds (60, unless --sessions is given)
  --sessions N    stop after so many sessions
  --seed N        the same numbers again; without it from the clock, printed either way
  --dialect NAME  only senders of that dialect: ${DIALECT_NAMES.join(", ")}
  --side SIDE     what is tried: server, or client against a hostile server (server)
  --out FOLDER    where inputs that fail are written (.)
  --replay FILE   play one such input, and say whether it still fails
`;

const SIDES = ["server", "client"] as const;

const REPORT_MS = 500;

const ENCODER = new TextEncoder();

function print(text: string): void {
  Deno.stdout.writeSync(ENCODER.encode(text));
}

/** Runs with those arguments; returns the exit code. */
async function main(args: string[]): Promise<number> {
  let values;
  try {
    values = parseFlags(args, {
      text: ["seconds", "sessions", "seed", "dialect", "out", "side", "replay"],
      switches: [],
    });
  } catch (problem) {
    print(`${problem instanceof Error ? problem.message : problem}\n${USAGE}`);
    return 2;
  }
  const numbers = [values.seconds, values.sessions, values.seed].map((text) => Number(text ?? 0));
  const dialects = DIALECT_NAMES.filter((name) => name === (values.dialect ?? name));
  const isWrong = dialects.length === 0 ||
    !numbers.every((one) => Number.isInteger(one) && one >= 0);
  const side = SIDES.find((name) => name === (values.side ?? "server"));
  if (values.help || isWrong || side === undefined) {
    print(USAGE);
    return values.help ? 0 : 2;
  }
  if (values.replay !== undefined) return await replay(side, values.replay);
  const [seconds = 0, sessions = 0, seed = 0] = numbers;
  return await run({
    seconds: seconds || (sessions ? Infinity : 60),
    sessions: sessions || Infinity,
    seed: values.seed === undefined ? Date.now() % 2 ** 32 : seed,
    dialects,
    side,
    out: values.out ?? ".",
  });
}

async function replay(side: FuzzTarget, path: string): Promise<number> {
  const { broken } = await tryOnTarget(side, fromJson(Deno.readTextFileSync(path)));
  print(broken === undefined ? "Holds now\n" : `${broken.message}\n`);
  return broken === undefined ? 0 : 1;
}

async function run({ seconds, sessions, out, ...more }: Omit<FuzzOptions, "goesOn"> & {
  seconds: number;
  sessions: number;
  out: string;
}): Promise<number> {
  const { seed, side } = more;
  print(`seed ${seed}\n`);
  const began = performance.now();
  let reported = began;
  const isTerminal = Deno.stdout.isTerminal();
  const { findings, progress } = await fuzz({
    ...more,
    goesOn: (progress) => {
      const now = performance.now();
      if (isTerminal && now - reported > REPORT_MS) {
        reported = now;
        print(`\r\x1b[K${inWords(progress, now - began)}`);
      }
      return progress.sessions < sessions && now - began < seconds * 1_000;
    },
  });
  print(`${isTerminal ? "\r\x1b[K" : ""}${inWords(progress, performance.now() - began)}\n`);
  for (const [at, { broken, scenario }] of findings.entries()) {
    const path = `${out}/fuzz-${side}-${seed}-${at + 1}.json`;
    Deno.writeTextFileSync(path, toJson(scenario));
    print(`${path}: ${broken.message}\n`);
  }
  return findings.length === 0 ? 0 : 1;
}

function inWords({ sessions, inputs, features, kept, findings }: FuzzProgress, ms: number): string {
  const rate = Math.round(sessions / ms * 1_000);
  return `${
    (ms / 1_000).toFixed(0)
  } s: ${sessions} sessions in ${inputs} inputs, ${rate} a second, ` +
    `${features} behaviours, ${kept} inputs kept, ${findings} findings`;
}

if (import.meta.main) Deno.exitCode = await main(Deno.args);
