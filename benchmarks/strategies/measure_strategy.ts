// Measures one server while its clients grow from few to as many as it serves: at some sizes idle,
// with one line at a time, and under load.

import type { Processes } from "../child_processes.ts";
import { ChildProcess } from "./child_process.ts";
import type { Faults, Growth, TrafficResult } from "./talking_clients.ts";
import type { LoadAnswer, LoadCommand } from "./load_process.ts";
import { cpuSeconds, residentBytes } from "./proc_files.ts";
import type { Strategy } from "./strategy_servers.ts";

/** Sizes and durations of a measurement. */
export interface MeasurementPlan {
  /** Numbers of clients at which to measure, ascending. */
  readonly sizes: readonly number[];
  /** Most clients. */
  readonly ceiling: number;
  /** Threads of the thread pool. */
  readonly threads: number;
  /** Milliseconds of each of the three measurements at one size. */
  readonly idleMs: number;
  readonly pingMs: number;
  readonly loadMs: number;
  /** Clients whose time to join is measured. */
  readonly visits: number;
  /** Milliseconds new clients may wait until they are served. */
  readonly serveTimeoutMs: number;
  /** Longest time of growing, in milliseconds. */
  readonly riseMs: number;
  /** Most memory a server may use. */
  readonly memoryBytes: number;
}

/** Results at one number of clients. */
export interface Level {
  readonly clients: number;
  readonly residentBytes: number;
  /** Cores in use while all clients are idle. */
  readonly idleCores: number;
  /** One client sends, one line at a time. */
  readonly ping: TrafficResult;
  /** Ten clients send, each with four lines in flight. */
  readonly load: TrafficResult;
  readonly loadCores: number;
  /** Cores the load generator used meanwhile: near 1 it is the bottleneck. */
  readonly generatorCores: number;
}

/** Why growing ended. */
export type Stop = "ceiling" | "refused" | "unserved" | "memory" | "time" | "ended";

/** Results of one server. */
export interface StrategyResult {
  readonly key: string;
  readonly label: string;
  readonly startMs: number;
  readonly emptyBytes: number;
  /** Clients served at the same time at the end of growing. */
  readonly held: number;
  readonly stop: Stop;
  readonly riseMs: number;
  /** Median time from connect() until a new client's first line has reached another client. */
  readonly joinMs: number;
  readonly levels: readonly Level[];
  readonly faults: Faults;
}

/** Clients that send under load, and lines of each in flight. */
const LOAD_TALKERS = 10;
const LOAD_WINDOW = 4;

/** Intended duration of one step of growing, in milliseconds. */
const STEP_MS = 1_500;

const LOAD = new URL("load_process.ts", import.meta.url).pathname;

/** Settings and helpers of a measurement. */
export interface Setting {
  readonly plan: MeasurementPlan;
  /** Called with a line about the progress. */
  readonly onProgress: (progress: string) => void;
  /** Starts the processes. */
  readonly processes: Processes;
}

/** Starts a server and a load generator, measures, and ends both. */
export async function measure(strategy: Strategy, setting: Setting): Promise<StrategyResult> {
  const { plan, processes } = setting;
  const needs = { clients: plan.ceiling + 100, threads: plan.threads, directory: processes.folder };
  const started = performance.now();
  await using server = new ChildProcess(processes, strategy.launch(needs));
  const port = await portOf(server);
  const startMs = performance.now() - started;
  const args = ["run", "--quiet", "--allow-all", LOAD, String(port)];
  await using load = new ChildProcess(processes, { command: Deno.execPath(), args });
  const { key, label } = strategy;
  const emptyBytes = residentBytes(server.pid);
  const rise = await new GrowingServer({ server, load, ...setting }).run();
  return { key, label, startMs, emptyBytes, ...rise };
}

async function portOf(server: ChildProcess): Promise<number> {
  for (;;) {
    const port = /^Listening on .*:(\d+)\b/.exec(await server.line())?.[1];
    if (port !== undefined) return Number(port);
  }
}

interface Parts extends Setting {
  readonly server: ChildProcess;
  readonly load: ChildProcess;
}

/** A server with a growing number of clients. */
class GrowingServer {
  readonly #parts: Parts;
  readonly #levels: Level[] = [];
  #faults: Faults = { lost: 0, wrong: 0, dropped: 0 };
  #held = 0;
  #joinMs = NaN;
  #riseMs = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async run() {
    const stop = await this.#climb().catch((error): Stop => {
      // The figures of a server in /proc vanish when it dies.
      if (this.#parts.server.isRunning) throw error;
      return "ended";
    });
    const [held, joinMs, riseMs] = [this.#held, this.#joinMs, this.#riseMs];
    return { held, stop, joinMs, riseMs, levels: this.#levels, faults: this.#faults };
  }

  async #climb(): Promise<Stop> {
    const { sizes } = this.#parts.plan;
    let stop = await this.#step(sizes[0] ?? 1);
    while (stop === undefined) {
      if (sizes.includes(this.#held)) await this.#measureLevel();
      stop = this.#endReason() ?? await this.#step(this.#nextTarget());
    }
    return stop;
  }

  /** As many more clients as joined in a step's time so far, up to the next size. */
  #nextTarget(): number {
    const { sizes, ceiling } = this.#parts.plan;
    const inOneStep = Math.max(10, Math.floor(this.#held / this.#riseMs * STEP_MS));
    const stops = [...sizes.filter((size) => size > this.#held), ceiling];
    return Math.min(...stops, this.#held + Math.min(inOneStep, this.#held));
  }

  /** Why growing must end, if so. */
  #endReason(): Stop | undefined {
    const { server, plan } = this.#parts;
    if (this.#held >= plan.ceiling) return "ceiling";
    if (residentBytes(server.pid) > plan.memoryBytes) return "memory";
    return this.#riseMs > plan.riseMs ? "time" : undefined;
  }

  async #step(target: number): Promise<Stop | undefined> {
    const { server, plan, onProgress } = this.#parts;
    const started = performance.now();
    const { growth } = await this.#ask({ do: "grow", target, ms: plan.serveTimeoutMs });
    this.#riseMs += performance.now() - started;
    const { served, refused }: Growth = growth ?? { served: 0 };
    this.#held = served;
    onProgress(`${served} of ${target} clients served`);
    if (!server.isRunning) return "ended";
    if (refused !== undefined) return "refused";
    return served < target ? "unserved" : undefined;
  }

  async #measureLevel(): Promise<void> {
    const { server, load, plan, onProgress } = this.#parts;
    const clients = this.#held;
    if (this.#levels.length === 0) await this.#measureJoin();
    const idleFrom = usage(server);
    await new Promise((resolve) => setTimeout(resolve, plan.idleMs));
    const idleCores = cores(idleFrom, usage(server));
    const ping = await this.#talk(1, 1, plan.pingMs);
    const [serverFrom, loadFrom] = [usage(server), usage(load)];
    const traffic = await this.#talk(Math.min(LOAD_TALKERS, clients), LOAD_WINDOW, plan.loadMs);
    const level: Level = {
      clients,
      residentBytes: residentBytes(server.pid),
      idleCores,
      ping,
      load: traffic,
      loadCores: cores(serverFrom, usage(server)),
      generatorCores: cores(loadFrom, usage(load)),
    };
    this.#levels.push(level);
    const perSecond = Math.round(traffic.deliveries / traffic.seconds);
    onProgress(`${clients} clients: ${perSecond} deliveries/s, ${ping.p50.toFixed(2)} ms`);
  }

  async #measureJoin(): Promise<void> {
    const { visits = [] } = await this.#ask({ do: "visit", times: this.#parts.plan.visits });
    const sorted = visits.toSorted((a, b) => a - b);
    this.#joinMs = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  }

  async #talk(talkers: number, window: number, ms: number): Promise<TrafficResult> {
    const { traffic } = await this.#ask({ do: "talk", talkers, window, ms });
    if (traffic === undefined) throw new Error("The load generator did not report its load");
    return traffic;
  }

  async #ask(command: LoadCommand): Promise<LoadAnswer> {
    const { load } = this.#parts;
    await load.send(JSON.stringify(command));
    const answer: LoadAnswer = JSON.parse(await load.line());
    this.#faults = answer.faults;
    return answer;
  }
}

interface Usage {
  readonly at: number;
  readonly cpu: number;
}

function usage(child: ChildProcess): Usage {
  return { at: performance.now(), cpu: cpuSeconds(child.pid) };
}

function cores(from: Usage, to: Usage): number {
  return (to.cpu - from.cpu) / ((to.at - from.at) / 1000);
}
