// Runs the load generator of fanout/load.c on its core, and parses its result.

import type { Processes } from "./child_processes.ts";

/** The core of the server under test, and that of the load generator. */
export const SERVER_CORE = 0;
const LOAD_CORE = 1;

/** Settings of the load generator, by the names of its flags. */
export interface LoadPlan {
  readonly port: number;
  /** Pid of the server, whose processor time and memory are measured. */
  readonly server: number;
  /** A protocol of fanout/wire.c. */
  readonly wire: string;
  /** Protocol of every second reader, if it differs. */
  readonly half?: string;
  readonly readers: number;
  readonly senders: number;
  /** Messages in flight, of all senders together. */
  readonly window: number;
  /** Bytes of one message's text. */
  readonly bytes: number;
  /** Milliseconds of load before counting, and while counting. */
  readonly warmup?: number;
  readonly measure?: number;
  /** Sends no messages for this many milliseconds; the result is an {@linkcode Idle}. */
  readonly idle?: number;
  /** Longest time until all clients have joined, in milliseconds. */
  readonly deadline?: number;
}

/** Result of one run; latencies in microseconds, processor use in cores. */
export interface LoadResult {
  readonly seconds: number;
  readonly messages: number;
  readonly deliveries: number;
  readonly deliveriesPerSecond: number;
  /**
   * Deliveries for each second of the server's processor time, which varies less on a busy machine.
   */
  readonly perServerCpuSecond: number;
  /** Latency from sending a message to each reader receiving it. */
  readonly eachUs: { readonly p50: number; readonly p99: number };
  /** Latency from sending a message to the last reader receiving it. */
  readonly allUs: { readonly p50: number; readonly p99: number };
  readonly loadCpu: number;
  readonly serverCpu: number;
  /** Share of the whole machine that other programs used, 0 to 1. */
  readonly othersCpu: number;
  readonly serverKib: number;
}

/** Result of a run without messages. */
export interface Idle {
  readonly clients: number;
  readonly serverKib: number;
}

/** Why there is no figure, as an error message. */
export interface Failed {
  readonly failed: string;
}

/**
 * Runs the load generator at `program`; fails unless every reader receives every message in order.
 */
export function runLoadGenerator(
  processes: Processes,
  program: string,
  plan: LoadPlan & { readonly idle: number },
): Promise<Idle | Failed>;
export function runLoadGenerator(
  processes: Processes,
  program: string,
  plan: LoadPlan,
): Promise<LoadResult | Failed>;
export async function runLoadGenerator(
  processes: Processes,
  program: string,
  plan: LoadPlan,
): Promise<unknown> {
  const args = Object.entries(plan).flatMap(([flag, value]) => [`--${flag}`, `${value}`]);
  return await runCounter(processes, program, args);
}

/**
 * Runs one of the benchmark's programs, which prints one JSON object, or an error message on
 * stderr.
 */
export async function runCounter(
  processes: Processes,
  command: string,
  args: readonly string[],
): Promise<unknown> {
  const { code, stdout, stderr } = await processes.run({ command, args, core: LOAD_CORE });
  if (code === 0) return JSON.parse(stdout);
  return { failed: stderr.trim() || `The load ended with exit code ${code}` };
}
