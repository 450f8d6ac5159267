// Computes figures from runs: medians over the rounds, ratios, and whether a target is met. Pure.

import type { Failed, LoadResult } from "../load_generator.ts";
import { median } from "../median.ts";
import type { PerformanceTarget, RatioSide, ServerName, WorkloadName } from "./workloads.ts";
import { SERVER_NAMES, TARGETS, WORKLOAD_NAMES } from "./workloads.ts";

/** One run: its measurement, or an error message. */
export interface BenchmarkRun extends RatioSide {
  readonly round: number;
  readonly result: LoadResult | Failed;
}

/** The medians of one server in one workload. */
export interface Figure extends RatioSide {
  readonly rounds: number;
  readonly rate: number;
  readonly lowest: number;
  readonly highest: number;
  readonly perCpu: number;
  readonly p50: number;
  readonly p99: number;
  readonly loadCpu: number;
  readonly serverCpu: number;
  readonly othersCpu: number;
  readonly memoryMib: number;
}

/** A target and its result. */
export interface TargetVerdict {
  readonly target: PerformanceTarget;
  /** Undefined if one side was not measured. */
  readonly ratio: number | undefined;
  /** Undefined also if other programs used the machine: the result would be chance. */
  readonly met: boolean | undefined;
}

/**
 * Share of a core above which the load generator may be the bottleneck, unless the server is as
 * busy.
 */
const FULL = 0.95;

/** Share of the machine used by other programs above which figures are unreliable. */
const BUSY = 0.05;

/** The medians of every server in every measured workload, in the order of the tables. */
export function figuresOf(runs: readonly BenchmarkRun[]): Figure[] {
  return WORKLOAD_NAMES.flatMap((workload) =>
    SERVER_NAMES.flatMap((server) => figureOf({ workload, server }, runs) ?? [])
  );
}

function figureOf(side: RatioSide, runs: readonly BenchmarkRun[]): Figure | undefined {
  const measured = measuredOf(runs.filter((run) => isSame(run, side)));
  if (measured.length === 0) return undefined;
  const middle = (pick: (one: LoadResult) => number) => median(measured.map(pick));
  const rates = measured.map((one) => one.deliveriesPerSecond);
  return {
    ...side,
    rounds: measured.length,
    rate: median(rates),
    lowest: Math.min(...rates),
    highest: Math.max(...rates),
    perCpu: middle((one) => one.perServerCpuSecond),
    p50: middle((one) => one.eachUs.p50),
    p99: middle((one) => one.eachUs.p99),
    loadCpu: middle((one) => one.loadCpu),
    serverCpu: middle((one) => one.serverCpu),
    othersCpu: middle((one) => one.othersCpu),
    memoryMib: middle((one) => one.serverKib / 1024),
  };
}

/** The figure of one side, if measured. */
export function figureAt(figures: readonly Figure[], side: RatioSide): Figure | undefined {
  return figures.find((one) => isSame(one, side));
}

/** The verdicts on all targets of these workloads, from the medians. */
export function verdictsOf(
  figures: readonly Figure[],
  workloads: readonly WorkloadName[],
): TargetVerdict[] {
  return TARGETS.filter(({ of }) => workloads.includes(of.workload)).map((target) => {
    const ours = figureAt(figures, target.of);
    const theirs = figureAt(figures, target.against);
    if (ours === undefined || theirs === undefined) {
      return { target, ratio: undefined, met: undefined };
    }
    const ratio = ours[target.figure] / theirs[target.figure];
    const { bound } = target;
    const met = "atLeast" in bound ? ratio >= bound.atLeast : ratio <= bound.atMost;
    const disturbed = Math.max(ours.othersCpu, theirs.othersCpu) > BUSY;
    return { target, ratio, met: disturbed ? undefined : met };
  });
}

/** Warnings about the reliability of the figures, one line each. */
export function warningsOf(runs: readonly BenchmarkRun[]): string[] {
  const limited = runs.filter(({ result }) =>
    !("failed" in result) && result.loadCpu >= FULL && result.serverCpu < FULL
  );
  const failed = runs.flatMap((run) =>
    "failed" in run.result ? [`${nameOf(run)} lost round ${run.round}: ${run.result.failed}`] : []
  );
  const others = Math.max(0, ...measuredOf(runs).map((one) => one.othersCpu));
  return [
    ...failed,
    ...new Set(limited.map((run) => `${nameOf(run)}: the load generator limits, not the server`)),
    ...others <= BUSY ? [] : [
      `Others used up to ${Math.round(others * 100)} % of this machine: repeat it when it is quiet`,
    ],
  ];
}

function measuredOf(runs: readonly BenchmarkRun[]): LoadResult[] {
  return runs.flatMap(({ result }) => "failed" in result ? [] : [result]);
}

function nameOf(run: { workload: WorkloadName; server: ServerName }): string {
  return `${run.server} in ${run.workload}`;
}

function isSame(a: RatioSide, b: RatioSide): boolean {
  return a.workload === b.workload && a.server === b.server;
}
