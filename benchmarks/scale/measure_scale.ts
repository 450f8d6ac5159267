// The measurements of the scale benchmark: each starts a server of its own and puts one kind of load
// on it. What is promised about the figures is in figures.ts.

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

/** What every measurement needs. */
export interface Bench {
  readonly processes: Processes;
  /** The compiled C programs. */
  readonly programs: Readonly<Record<"reference" | "load" | "storm", string>>;
  /** An executable of minichat, or undefined for its source. */
  readonly compiled: string | undefined;
}

/**
 * After everybody has joined, until memory is looked at. V8 gives back what joining took and nobody
 * needs any more once it has had little to do for half a minute.
 */
const IDLE_MS = 40_000;

/** Longest time a crowd may take to join, in milliseconds. */
const JOIN_MS = 60_000;

const CURVE_TIMES = { warmup: 700, measure: 1_000 };

/** Starts a server and stops it: the first start after a change compiles, and would count as memory. */
export async function warmUp(bench: Bench): Promise<void> {
  await withServer(bench, "minichat", () => Promise.resolve(undefined));
}

/** Resident memory of a new server, and with that many clients who say nothing. */
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

/** A crowd that joins a new server all at once. */
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

/** One point of a curve. */
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
