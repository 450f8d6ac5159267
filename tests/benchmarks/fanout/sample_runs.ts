// Invented runs of the fan-out benchmark.

import type { BenchmarkRun } from "../../../benchmarks/fanout/fanout_figures.ts";
import type { ServerName, WorkloadName } from "../../../benchmarks/fanout/workloads.ts";
import type { LoadResult } from "../../../benchmarks/load_generator.ts";

/** One run with that many deliveries a second. */
export function sampleRun(
  workload: WorkloadName,
  server: ServerName,
  deliveriesPerSecond: number,
  changes: Partial<LoadResult> = {},
): BenchmarkRun {
  const result: LoadResult = {
    seconds: 2,
    messages: 10,
    deliveries: deliveriesPerSecond * 2,
    deliveriesPerSecond,
    perServerCpuSecond: deliveriesPerSecond,
    eachUs: { p50: 100, p99: 200 },
    allUs: { p50: 300, p99: 400 },
    loadCpu: 0.5,
    serverCpu: 1,
    othersCpu: 0,
    serverKib: 2048,
    ...changes,
  };
  return { workload, server, round: 1, result };
}
