// What is measured of one server, and in which order: it rises from few clients to as many as it
// holds, and at some sizes on the way it is watched idle, with one line at a time, and under load.

import type { Processes } from "../child_processes.ts";
import { ChildProcess } from "./child_process.ts";
import type { Faults, Growth, TrafficResult } from "./talking_clients.ts";
import type { LoadAnswer, LoadCommand } from "./load_process.ts";
import { cpuSeconds, residentBytes } from "./proc_files.ts";
import type { Strategy } from "./strategy_servers.ts";

/** How far and how long to measure. */
export interface MeasurementPlan {
  /** Clients at which it stops to measure, rising. */
  readonly sizes: readonly number[];
  /** No more clients than this. */
  readonly ceiling: number;
  /** Threads of the pool. */
  readonly threads: number;
  /** How long each of the three measurements at one size takes. */
  readonly idleMs: number;
  readonly pingMs: number;
  readonly loadMs: number;
  /** Newcomers whose way into the chat is timed. */
  readonly visits: number;
  /** How long new clients may wait until they are served. */
  readonly patienceMs: number;
  /** How long the rise may take in all. */
  readonly riseMs: number;
  /** Most memory that a server may take. */
  readonly memoryBytes: number;
}

/** What one size has shown. */
export interface Level {
  readonly clients: number;
  readonly residentBytes: number;
  /** Cores in use while nobody says anything. */
  readonly idleCores: number;
  /** One client talks, one line at a time. */
  readonly ping: TrafficResult;
  /** Ten talk, each with four lines on their way. */
  readonly load: TrafficResult;
  readonly loadCores: number;
  /** Cores the load generator used meanwhile: near 1 it is what limits. */
  readonly generatorCores: number;
}

/** Why no more clients came. */
export type Stop = "ceiling" | "refused" | "unserved" | "memory" | "time" | "ended";

/** One server's figures. */
export interface StrategyResult {
  readonly key: string;
  readonly label: string;
  readonly startMs: number;
  readonly emptyBytes: number;
  /** Clients served at once at the end of the rise. */
  readonly held: number;
  readonly stop: Stop;
  readonly riseMs: number;
  /** Median of the time from connect() until a newcomer's first line has reached somebody. */
  readonly joinMs: number;
  readonly levels: readonly Level[];
  readonly faults: Faults;
}

/** Lines each of the talkers has on their way under load. */
const LOAD_TALKERS = 10;
const LOAD_WINDOW = 4;

/** One step of the rise takes about this long. */
const STEP_MS = 1_500;

const LOAD = new URL("load_process.ts", import.meta.url).pathname;

/** What a measurement needs. */
export interface Setting {
  readonly plan: MeasurementPlan;
  /** Hears what goes on. */
  readonly tell: (progress: string) => void;
  /** Starts the programs. */
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
  const rise = await new Rise({ server, load, ...setting }).run();
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

/** A server that gets more and more clients. */
class Rise {
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
      // A server that has died takes its figures in /proc along.
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
      stop = this.#spent() ?? await this.#step(this.#nextTarget());
    }
    return stop;
  }

  /** As many more as came in a step's time so far, but no further than the next size. */
  #nextTarget(): number {
    const { sizes, ceiling } = this.#parts.plan;
    const inOneStep = Math.max(10, Math.floor(this.#held / this.#riseMs * STEP_MS));
    const stops = [...sizes.filter((size) => size > this.#held), ceiling];
    return Math.min(...stops, this.#held + Math.min(inOneStep, this.#held));
  }

  /** Why not to go on, if so. */
  #spent(): Stop | undefined {
    const { server, plan } = this.#parts;
    if (this.#held >= plan.ceiling) return "ceiling";
    if (residentBytes(server.pid) > plan.memoryBytes) return "memory";
    return this.#riseMs > plan.riseMs ? "time" : undefined;
  }

  async #step(target: number): Promise<Stop | undefined> {
    const { server, plan, tell } = this.#parts;
    const started = performance.now();
    const { growth } = await this.#ask({ do: "grow", target, ms: plan.patienceMs });
    this.#riseMs += performance.now() - started;
    const { served, refused }: Growth = growth ?? { served: 0 };
    this.#held = served;
    tell(`${served} of ${target} clients served`);
    if (!server.isRunning) return "ended";
    if (refused !== undefined) return "refused";
    return served < target ? "unserved" : undefined;
  }

  async #measureLevel(): Promise<void> {
    const { server, load, plan, tell } = this.#parts;
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
    tell(`${clients} clients: ${perSecond} deliveries/s, ${ping.p50.toFixed(2)} ms`);
  }

  async #measureJoin(): Promise<void> {
    const { visits = [] } = await this.#ask({ do: "visit", times: this.#parts.plan.visits });
    const sorted = visits.toSorted((a, b) => a - b);
    this.#joinMs = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  }

  async #talk(talkers: number, window: number, ms: number): Promise<TrafficResult> {
    const { traffic } = await this.#ask({ do: "talk", talkers, window, ms });
    if (traffic === undefined) throw new Error("The load generator did not tell of its load");
    return traffic;
  }

  async #ask(command: LoadCommand): Promise<LoadAnswer> {
    const { load } = this.#parts;
    await load.tell(JSON.stringify(command));
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
