// `deno task bench`: starts the servers in turn, measures each with the load generator, and prints
// the medians beside the targets.

import { errorText } from "../../shared/errors.ts";
import { buildC } from "../build_c.ts";
import { barChart } from "../chart.ts";
import { interruptible } from "../interrupt.ts";
import { runLoadGenerator, SERVER_CORE } from "../load_generator.ts";
import { describeMachine, thisMachine } from "../machine_info.ts";
import { freePort, Processes } from "../child_processes.ts";
import { printTo, writeFile } from "../result_files.ts";
import { runBenchmark } from "../benchmark_cli.ts";
import { type BenchmarkRun, figuresOf, verdictsOf, warningsOf } from "./fanout_figures.ts";
import { type Options, parseOptions, USAGE } from "./options.ts";
import { fanoutChart, type FanoutReport, formatFanoutReport } from "./fanout_report.ts";
import { type ComparedServer, findServers } from "./compared_servers.ts";
import { quick, type WorkloadName, WORKLOADS } from "./workloads.ts";

/** Longest time for each round of the benchmark, in milliseconds. */
const ROUND_MS = 150_000;

/** Length of a run in milliseconds; the warm-up is not counted. */
const FULL = { warmup: 1_000, measure: 2_000 };
const QUICK = { warmup: 200, measure: 300 };

/** Shared by all runs of a benchmark. */
interface Bench {
  readonly options: Options;
  readonly processes: Processes;
  /** Path of the compiled load generator. */
  readonly load: string;
}

async function bench(options: Options): Promise<number> {
  await using processes = new Processes();
  using _early = interruptible(processes, options.rounds * ROUND_MS);
  const load = await buildC(processes, "load");
  const { found, missing } = await findServers(options.servers, {
    reference: await buildC(processes, "reference"),
    compiled: options.compiled,
  });
  for (const name of missing) printTo(Deno.stderr, `Not installed, left out: ${name}`);
  const runs = await allRuns({ options, processes, load }, found);
  const figures = figuresOf(runs);
  const report: FanoutReport = {
    figures,
    verdicts: verdictsOf(figures, options.workloads),
    warnings: [
      ...missing.map((name) => `Not installed, left out: ${name}`),
      ...processes.pinned ? [] : ["Without taskset nothing is pinned to a core"],
      ...options.quick ? ["A quick look with a tenth of the clients: no figure to keep"] : [],
      ...warningsOf(runs),
    ],
    titles: Object.fromEntries(found.map(({ name, title }) => [name, title])),
    machine: describeMachine(thisMachine()),
    rounds: options.rounds,
  };
  if (figures.length > 0) await writeFile(options.chart, barChart(fanoutChart(report)));
  printTo(
    Deno.stdout,
    options.format === "json"
      ? JSON.stringify({ ...report, runs })
      : formatFanoutReport(report, options.format),
  );
  return figures.length > 0 && runs.every(({ result }) => !("failed" in result)) ? 0 : 1;
}

/** Runs round by round, so that other load on the machine affects all servers alike. */
async function allRuns(
  bench: Bench,
  opponents: readonly ComparedServer[],
): Promise<BenchmarkRun[]> {
  const { rounds, workloads } = bench.options;
  const runs: BenchmarkRun[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const workload of workloads) {
      for (const opponent of turned(opponents, round - 1)) {
        if (WORKLOADS[workload].halfNative && opponent.name !== "minichat") continue;
        const result = await measure(bench, opponent, workload);
        runs.push({ round, workload, server: opponent.name, result });
        const came = "failed" in result
          ? `failed: ${result.failed}`
          : `${Math.round(result.deliveriesPerSecond)} deliveries/s`;
        printTo(
          Deno.stderr,
          `Round ${round} of ${rounds}, ${workload}, ${opponent.title}: ${came}`,
        );
      }
    }
  }
  return runs;
}

/** `items` rotated by `by`. */
function turned<T>(items: readonly T[], by: number): T[] {
  const at = by % Math.max(1, items.length);
  return [...items.slice(at), ...items.slice(0, at)];
}

async function measure(
  { options, processes, load }: Bench,
  opponent: ComparedServer,
  name: WorkloadName,
): Promise<BenchmarkRun["result"]> {
  const workload = options.quick ? quick(WORKLOADS[name]) : WORKLOADS[name];
  const times = options.quick ? QUICK : FULL;
  const port = freePort();
  try {
    const start = opponent.start({ port, folder: processes.folder });
    await using server = await processes.serve({ ...start, core: SERVER_CORE }, port);
    const { halfNative, ...plan } = workload;
    return await runLoadGenerator(processes, load, {
      ...{ port, server: server.pid, wire: opponent.wire, ...plan, ...times },
      ...halfNative ? { half: "native" } : {},
    });
  } catch (error) {
    return { failed: errorText(error) };
  }
}

if (import.meta.main) {
  Deno.exit(await runBenchmark({ usage: USAGE, parse: parseOptions, run: bench }, Deno.args));
}
