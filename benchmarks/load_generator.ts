// Starting the load generator of fanout/load.c on its core, and what it answers.

import type { Processes } from "./child_processes.ts";

/** The core of a server under test, and that of everything that puts load on it. */
export const SERVER_CORE = 0;
export const LOAD_CORE = 1;

/** What the load generator is to do, by the names of its flags. */
export interface LoadPlan {
  readonly port: number;
  /** The server's process, whose processor time and memory are looked at. */
  readonly server: number;
  /** A protocol of fanout/wire.c. */
  readonly wire: string;
  /** What every second reader speaks instead. */
  readonly half?: string;
  readonly readers: number;
  readonly senders: number;
  /** Messages in flight, of all senders together. */
  readonly window: number;
  /** Bytes of one text. */
  readonly bytes: number;
  /** How long it loads the server before it counts, and while it counts, in milliseconds. */
  readonly warmup?: number;
  readonly measure?: number;
  /** Says nothing for so many milliseconds and answers {@linkcode Idle}. */
  readonly idle?: number;
  /** Longest time until everybody has joined, in milliseconds. */
  readonly deadline?: number;
}

/** What the load generator counted in one run; latencies in microseconds, processors in cores. */
export interface LoadResult {
  readonly seconds: number;
  readonly messages: number;
  readonly deliveries: number;
  readonly deliveriesPerSecond: number;
  /** Deliveries for each second of the server's processor time: steadier on a busy machine. */
  readonly perServerCpuSecond: number;
  /** From saying a message to one reader having it. */
  readonly eachUs: { readonly p50: number; readonly p99: number };
  /** From saying a message to the last reader having it. */
  readonly allUs: { readonly p50: number; readonly p99: number };
  readonly loadCpu: number;
  readonly serverCpu: number;
  /** Share of the whole machine that others used, 0 to 1. */
  readonly othersCpu: number;
  readonly serverKib: number;
}

/** What it answers when it was only to be there. */
export interface Idle {
  readonly clients: number;
  readonly serverKib: number;
}

/** Why there is no figure, in one sentence. */
export interface Failed {
  readonly failed: string;
}

/** Runs the load generator at `program`; it fails unless every reader gets every message in order. */
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

/** Runs a program of ours that prints one JSON object, or one sentence on stderr when it fails. */
export async function runCounter(
  processes: Processes,
  command: string,
  args: readonly string[],
): Promise<unknown> {
  const { code, stdout, stderr } = await processes.run({ command, args, core: LOAD_CORE });
  if (code === 0) return JSON.parse(stdout);
  return { failed: stderr.trim() || `The load ended with exit code ${code}` };
}
