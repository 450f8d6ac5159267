// The measurements of the scale benchmark: each starts a server of its own and puts one kind of
// load on it.

import { errorText } from "../../shared/errors.ts";
import {
  type Failed,
  type LoadPlan,
  runCounter,
  runLoadGenerator,
  SERVER_CORE,
} from "../load_generator.ts";
import { minichatServer } from "../start_minichat.ts";
import {
  freePort,
  type Processes,
  type RunningProcess,
  type SpawnCommand,
} from "../child_processes.ts";
import {
  countersBetween,
  CURVE,
  type CurvePoint,
  type IdleFigure,
  MOST_CLIENTS,
  parseNetstat,
  type StormFigure,
} from "./scale_figures.ts";

/** Shared by all measurements. */
export interface Bench {
  readonly processes: Processes;
  /** Paths of the compiled C programs. */
  readonly programs: Readonly<Record<"reference" | "load" | "storm", string>>;
  /** Path of a minichat executable; undefined for its source. */
  readonly compiled: string | undefined;
}

/**
 * Milliseconds from the last join to the measurement of memory. V8 frees what joining used only
 * after half a minute with little work.
 */
const IDLE_MS = 40_000;

/** Longest time until all clients have joined, in milliseconds. */
const JOIN_MS = 60_000;

const CURVE_TIMES = { warmup: 700, measure: 1_000 };

/**
 * Starts a server and stops it: the first start after a change compiles, which would count as
 * memory.
 */
export async function warmUp(bench: Bench): Promise<void> {
  await withServer(bench, "minichat", () => Promise.resolve(undefined));
}

/** Measures the resident memory of a new server, and with that many idle clients. */
export async function measureIdle(
  bench: Bench,
  wire: string,
  clients: number,
): Promise<IdleFigure | Failed> {
  return await withServer(bench, "minichat", async (port, { pid }) => {
    const emptyKib = residentKib(pid);
    const quiet = { port, server: pid, wire, readers: clients - 1, senders: 1, window: 1 };
    const result = await runLoadGenerator(bench.processes, bench.programs.load, {
      ...quiet,
      bytes: CURVE.bytes,
      idle: IDLE_MS,
      deadline: JOIN_MS,
    });
    return "failed" in result ? result : { wire, clients, emptyKib, fullKib: result.serverKib };
  });
}

/** Measures many clients that join a new server at the same time. */
export async function measureStorm(bench: Bench, clients: number): Promise<StormFigure | Failed> {
  return await withServer(bench, "minichat", async (port) => {
    const before = parseNetstat(Deno.readTextFileSync("/proc/net/netstat"));
    const result = await runCounter(bench.processes, bench.programs.storm, [
      ...[`${port}`, `${clients}`, `${JOIN_MS}`],
    ]) as Omit<StormFigure, "clients" | "network"> | Failed;
    const after = parseNetstat(Deno.readTextFileSync("/proc/net/netstat"));
    return "failed" in result
      ? result
      : { ...result, clients, network: countersBetween(before, after) };
  });
}

/** Measures one point of a curve. */
export async function measurePoint(
  bench: Bench,
  server: CurvePoint["server"],
  { readers, bytes }: { readers: number; bytes: number },
): Promise<CurvePoint | Failed> {
  return await withServer(bench, server, async (port, { pid }) => {
    const plan: LoadPlan = { port, server: pid, wire: "usermsg", ...CURVE, readers, bytes };
    const result = await runLoadGenerator(bench.processes, bench.programs.load, {
      ...plan,
      ...CURVE_TIMES,
      deadline: JOIN_MS,
    });
    if ("failed" in result) return result;
    const { deliveriesPerSecond, eachUs, loadCpu, serverCpu } = result;
    const load = { deliveriesPerSecond, p99Us: eachUs.p99, loadCpu, serverCpu };
    return { server, readers, bytes, ...load };
  });
}

async function withServer<T>(
  { processes, programs, compiled }: Bench,
  server: CurvePoint["server"],
  measure: (port: number, server: RunningProcess) => Promise<T | Failed>,
): Promise<T | Failed> {
  const port = freePort();
  const args = ["--max-clients", `${MOST_CLIENTS}`];
  const starts: Record<typeof server, () => Omit<SpawnCommand, "core">> = {
    minichat: () => minichatServer(compiled, { port, folder: processes.folder, args }),
    c: () => ({ command: programs.reference, args: [`${port}`] }),
  };
  try {
    await using running = await processes.serve({ ...starts[server](), core: SERVER_CORE }, port);
    return await measure(port, running);
  } catch (error) {
    return { failed: errorText(error) };
  }
}

function residentKib(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0);
}
