// `deno task bench:strategies`: runs the servers of sheet 004 and minichat one after the other
// under the same load, prints the results and draws docs/strategies.svg.

import { parseFlags } from "../../tools/flags.ts";
import { interruptible } from "../interrupt.ts";
import { describeMachine, thisMachine } from "../machine_info.ts";
import { printTo } from "../result_files.ts";
import { Processes } from "../child_processes.ts";
import { type ParsedFlags, runBenchmark } from "../benchmark_cli.ts";
import { measure, type MeasurementPlan, type StrategyResult } from "./measure_strategy.ts";
import { availableBytes, descriptorLimit } from "./proc_files.ts";
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

/** Time limit of the whole benchmark, in milliseconds. */
const DEADLINE_MS = 285_000;

const GIB = 2 ** 30;
const PICTURES = new URL("../../docs/", import.meta.url);

/** Number of clients at which all five can be compared: as many as the pool has threads. */
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
    serveTimeoutMs: 10_000,
    riseMs: 45_000,
    memoryBytes: Math.min(6 * GIB, availableBytes() / 2),
  };
}

/**
 * A short plan, with one client more than the pool has threads, so that the report shows that case.
 */
function quickPlan(): MeasurementPlan {
  return {
    sizes: [5, REFERENCE.quick],
    ceiling: REFERENCE.quick + 1,
    threads: REFERENCE.quick,
    idleMs: 100,
    pingMs: 100,
    loadMs: 200,
    visits: 3,
    serveTimeoutMs: 2_500,
    riseMs: 20_000,
    memoryBytes: 2 * GIB,
  };
}

interface Options {
  readonly quick: boolean;
  readonly format: "text" | "markdown" | "json";
}

function parseOptions(args: readonly string[]): ParsedFlags<Options> {
  const values = parseFlags(args, { text: [], switches: ["quick", "json", "markdown"] });
  if (values.help) return "help";
  const format = values.json ? "json" : values.markdown ? "markdown" : "text";
  return { quick: values.quick, format };
}

async function compareAll(options: Options): Promise<number> {
  if (Deno.build.os !== "linux") {
    throw new Error(`Cannot run here: needs Linux, this is "${Deno.build.os}"`);
  }
  await using processes = new Processes();
  using _early = interruptible(processes, DEADLINE_MS);
  const report = await compare(options.quick, processes);
  if (!options.quick) {
    await Deno.writeTextFile(new URL("strategies.svg", PICTURES), comparison(report));
    await Deno.writeTextFile(new URL("strategies-growth.svg", PICTURES), growth(report));
  }
  printTo(Deno.stdout, textOf(report, options.format));
  return 0;
}

async function compare(quick: boolean, processes: Processes): Promise<StrategiesReport> {
  const plan = quick ? quickPlan() : fullPlan();
  const servers: StrategyResult[] = [];
  for (const strategy of STRATEGIES) {
    const onProgress = (progress: string) => printTo(Deno.stderr, `${strategy.label}: ${progress}`);
    servers.push(await measure(strategy, { plan, onProgress, processes }));
  }
  return {
    machine: describeMachine(thisMachine()),
    date: new Date().toISOString().slice(0, 10),
    reference: quick ? REFERENCE.quick : REFERENCE.full,
    servers,
  };
}

function textOf(report: StrategiesReport, format: Options["format"]): string {
  if (format === "json") return JSON.stringify(report, null, 2);
  const table = format === "markdown" ? markdown : aligned;
  const title = `${report.machine}; ${report.date}; ${report.reference} clients`;
  const tables = [table(mainTable(report)), table(growthTable(report))];
  return [title, ...tables].join("\n\n").trimEnd();
}

if (import.meta.main) {
  Deno.exit(await runBenchmark({ usage: USAGE, parse: parseOptions, run: compareAll }, Deno.args));
}
