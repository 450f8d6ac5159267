// `deno task bench:scale`: measures memory per client, how many clients fit, many that join at the
// same time, and how cost grows with readers and message size.

import { parseFlags } from "../../tools/flags.ts";
import { buildC } from "../build_c.ts";
import { lineChart } from "../chart.ts";
import { interruptible } from "../interrupt.ts";
import type { Failed } from "../load_generator.ts";
import { describeMachine, thisMachine } from "../machine_info.ts";
import { printTo, writeFile } from "../result_files.ts";
import { Processes } from "../child_processes.ts";
import { chosenOf, type ParsedFlags, runBenchmark } from "../benchmark_cli.ts";
import {
  CURVE,
  CURVE_BYTES,
  CURVE_READERS,
  type CurvePoint,
  IDLE_CLIENTS,
  idleChecks,
  type IdleFigure,
  MOST_CLIENTS,
  stormChecks,
  type StormFigure,
  STORMS,
} from "./scale_figures.ts";
import { type Bench, measureIdle, measurePoint, measureStorm, warmUp } from "./measure_scale.ts";
import { curveChart, formatScaleReport, type ScaleReport } from "./scale_report.ts";

/** Longest run, in milliseconds. */
const DEADLINE_MS = 900_000;

const PARTS = ["idle", "storm", "readers", "size"] as const;
type Part = typeof PARTS[number];

const USAGE = `Usage: deno task bench:scale [--only PARTS] [--compiled FILE] [--charts FOLDER]
       [--json | --markdown]

Measures memory per client, and how cost grows. Takes some six minutes.

  --only PARTS      Some of ${PARTS.join(",")}.
  --compiled FILE   Measure this executable of minichat instead of the source.
  --charts FOLDER   Folder of the curves (default dist/bench).
  --json            Print one JSON object with every figure.
  --markdown        Print Markdown, for benchmarks/README.md.
`;

interface Options {
  readonly parts: readonly Part[];
  readonly compiled: string | undefined;
  readonly charts: string;
  readonly format: "text" | "markdown" | "json";
}

function parseOptions(args: readonly string[]): ParsedFlags<Options> {
  const values = parseFlags(args, {
    text: ["only", "compiled", "charts"],
    switches: ["json", "markdown"],
  });
  if (values.help) return "help";
  const parts = chosenOf(values.only, PARTS);
  if ("error" in parts) return parts;
  return {
    parts: parts.names,
    compiled: values.compiled,
    charts: values.charts ?? "dist/bench",
    format: values.json ? "json" : values.markdown ? "markdown" : "text",
  };
}

/** Runs measurements one by one, and separates figures from failures. */
class Progress {
  readonly failures: string[] = [];

  /** An array with the figure; empty if the measurement failed. */
  async take<T extends object>(what: string, measure: Promise<T | Failed>): Promise<T[]> {
    const result = await measure;
    if ("failed" in result) {
      this.failures.push(`${what}: ${result.failed}`);
      printTo(Deno.stderr, `${what}: failed: ${result.failed}`);
      return [];
    }
    printTo(Deno.stderr, `${what}: ${JSON.stringify(result)}`);
    return [result];
  }
}

async function measureAll(bench: Bench, parts: readonly Part[], progress: Progress) {
  const idle: IdleFigure[] = [];
  const storms: StormFigure[] = [];
  const byReaders: CurvePoint[] = [];
  const bySize: CurvePoint[] = [];
  if (parts.includes("idle")) {
    await warmUp(bench);
    const crowds = [["usermsg", IDLE_CLIENTS], ["native", IDLE_CLIENTS], ["usermsg", MOST_CLIENTS]];
    for (const [wire, clients] of crowds as [string, number][]) {
      const what = `${clients} idle clients (${wire})`;
      idle.push(...await progress.take(what, measureIdle(bench, wire, clients)));
    }
  }
  for (const clients of parts.includes("storm") ? STORMS : []) {
    const what = `${clients} join together`;
    storms.push(...await progress.take(what, measureStorm(bench, clients)));
  }
  const point = async (readers: number, bytes: number, into: CurvePoint[]) => {
    for (const server of ["minichat", "c"] as const) {
      const what = `${server}, ${readers} readers, ${bytes} bytes`;
      into.push(...await progress.take(what, measurePoint(bench, server, { readers, bytes })));
    }
  };
  for (const readers of parts.includes("readers") ? CURVE_READERS : []) {
    await point(readers, CURVE.bytes, byReaders);
  }
  for (const bytes of parts.includes("size") ? CURVE_BYTES : []) {
    await point(CURVE.readers, bytes, bySize);
  }
  return { idle, storms, byReaders, bySize };
}

async function bench(options: Options): Promise<number> {
  await using processes = new Processes();
  using _early = interruptible(processes, DEADLINE_MS);
  const programs = {
    reference: await buildC(processes, "reference"),
    load: await buildC(processes, "load"),
    storm: await buildC(processes, "storm"),
  };
  const progress = new Progress();
  const { compiled, parts, charts, format } = options;
  const figures = await measureAll({ processes, programs, compiled }, parts, progress);
  const { idle, storms, byReaders, bySize } = figures;
  const machine = describeMachine(thisMachine());
  const report: ScaleReport = {
    ...{ machine, storms, byReaders, bySize },
    checks: [...idleChecks(idle), ...stormChecks(storms)],
    warnings: progress.failures,
  };
  const curves = [["readers", byReaders], ["bytes", bySize]] as const;
  for (const [along, points] of curves) {
    if (points.length === 0) continue;
    await writeFile(
      `${charts}/scale_${along}.svg`,
      lineChart(curveChart(points, along, machine)),
    );
  }
  printTo(
    Deno.stdout,
    format === "json" ? JSON.stringify({ ...report, idle }) : formatScaleReport(report, format),
  );
  return progress.failures.length === 0 ? 0 : 1;
}

if (import.meta.main) {
  Deno.exit(await runBenchmark({ usage: USAGE, parse: parseOptions, run: bench }, Deno.args));
}
