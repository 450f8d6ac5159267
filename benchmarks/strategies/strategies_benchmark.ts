// `deno task bench:strategies`: runs the servers of sheet 004 and minichat one after the other under
// the same load, prints what it found and draws docs/strategies.svg. It owns flags and the deadline.

import { errorText } from "../../shared/errors.ts";
import { writeAllSync } from "../../shared/write_all.ts";
import { parseFlags } from "../../tools/flags.ts";
import { measure, type MeasurementPlan, type StrategyResult } from "./measure_strategy.ts";
import { availableBytes, descriptorLimit, machine } from "./proc_files.ts";
import {
  aligned,
  comparison,
  growth,
  growthTable,
  mainTable,
  markdown,
  type StrategiesReport,
} from "./strategies_report.ts";
import { STRATEGIES } from "./strategy_servers.ts";

const USAGE = `Usage: deno task bench:strategies [--quick] [--json | --markdown]

Runs sheet 004's four servers and minichat under the same load, one after the other, on 127.0.0.1.
Progress goes to stderr, the tables to stdout, the charts to docs/strategies*.svg. Linux only.

  --quick     a few clients for a moment each: that it works, not how fast; draws nothing
  --json      every figure as JSON
  --markdown  the tables as Markdown
  --help      this
`;

/** All is ended after this long, whatever happens. */
const DEADLINE_MS = 285_000;

const GIB = 2 ** 30;
const PICTURES = new URL("../../docs/", import.meta.url);

/** Clients at which all five can be compared: as many as the pool has threads. */
const REFERENCE = { full: 100, quick: 20 };

function fullPlan(): MeasurementPlan {
  const ceiling = Math.min(10_000, descriptorLimit() - 500);
  return {
    sizes: [10, REFERENCE.full, 1_000, 10_000].filter((size) => size < ceiling).concat(ceiling),
    ceiling,
    threads: REFERENCE.full,
    idleMs: 1_000,
    pingMs: 1_500,
    loadMs: 2_500,
    visits: 15,
    patienceMs: 10_000,
    riseMs: 45_000,
    memoryBytes: Math.min(6 * GIB, availableBytes() / 2),
  };
}

/** One client more than the pool has threads, so that this is seen as well. */
function quickPlan(): MeasurementPlan {
  return {
    sizes: [5, REFERENCE.quick],
    ceiling: REFERENCE.quick + 1,
    threads: REFERENCE.quick,
    idleMs: 100,
    pingMs: 100,
    loadMs: 200,
    visits: 3,
    patienceMs: 2_500,
    riseMs: 20_000,
    memoryBytes: 2 * GIB,
  };
}

async function main(args: string[]): Promise<number> {
  let flags;
  try {
    flags = parseFlags(args, { text: [], switches: ["quick", "json", "markdown"] });
  } catch (error) {
    return say(Deno.stderr, `${errorText(error)}\n\n${USAGE}`, 2);
  }
  if (flags.help) return say(Deno.stdout, USAGE, 0);
  if (Deno.build.os !== "linux") {
    return say(Deno.stderr, `Cannot run here: needs Linux, this is "${Deno.build.os}"\n`, 1);
  }
  const interrupt = new AbortController();
  Deno.addSignalListener("SIGINT", () => interrupt.abort());
  const late = AbortSignal.timeout(DEADLINE_MS);
  try {
    const report = await compare(flags.quick, AbortSignal.any([interrupt.signal, late]));
    await print(report, flags);
    return 0;
  } catch (error) {
    if (interrupt.signal.aborted) return 130;
    if (!late.aborted) throw error;
    return say(Deno.stderr, `Stopped: not done after ${DEADLINE_MS / 1000} s\n`, 1);
  }
}

async function compare(quick: boolean, signal: AbortSignal): Promise<StrategiesReport> {
  const plan = quick ? quickPlan() : fullPlan();
  const servers: StrategyResult[] = [];
  for (const strategy of STRATEGIES) {
    const tell = (progress: string) => say(Deno.stderr, `${strategy.label}: ${progress}\n`, 0);
    servers.push(await measure(strategy, { plan, tell, signal }));
  }
  const reference = quick ? REFERENCE.quick : REFERENCE.full;
  return { machine: machine(), date: new Date().toISOString().slice(0, 10), reference, servers };
}

async function print(
  report: StrategiesReport,
  { quick, json, markdown: asMarkdown }: { quick: boolean; json: boolean; markdown: boolean },
): Promise<void> {
  if (!quick) {
    await Deno.writeTextFile(new URL("strategies.svg", PICTURES), comparison(report));
    await Deno.writeTextFile(new URL("strategies-growth.svg", PICTURES), growth(report));
  }
  if (json) {
    say(Deno.stdout, `${JSON.stringify(report, null, 2)}\n`, 0);
    return;
  }
  const table = asMarkdown ? markdown : aligned;
  const title = `${report.machine}; ${report.date}; ${report.reference} clients`;
  say(Deno.stdout, [title, table(mainTable(report)), table(growthTable(report))].join("\n\n"), 0);
}

/** Writes all of `words` and returns `code`. */
function say(to: typeof Deno.stdout, words: string, code: number): number {
  const bytes = new TextEncoder().encode(words);
  writeAllSync(to, bytes);
  return code;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
