// One load test from the first connection to the report: the phases in their order, and in sentences
// what went wrong in them. It prints nothing and knows no flags.

import { type Address, addressText, type DialResult } from "../client/dial.ts";
import type { Dialect } from "../protocol/dialect.ts";
import type { Clock } from "../shared/clock.ts";
import { LoadClients } from "./load_clients.ts";
import type { InFlight } from "./in_flight.ts";
import { joinClients } from "./join_phase.ts";
import { DeliveryLedger, FAULT_KINDS } from "./delivery_ledger.ts";
import {
  faultExample,
  type FaultReport,
  type JoinReport,
  type LoadReport,
  type TrafficReport,
} from "./load_report.ts";
import { RUN_CHARS, Stamp } from "./stamp.ts";
import { LOAD_TIMING, type LoadTiming } from "./timing.ts";
import { runTraffic, type TrafficOptions } from "./traffic_phase.ts";
import { Waiter } from "./waiter.ts";

/** Where a load test is, for whoever watches. */
export interface LoadProgress {
  readonly phase: "join" | "latency" | "fan-out";
  /** 0 to 1. */
  readonly done: number;
  /** What there is to say, in a few words. */
  readonly text: string;
}

/** What a load test is. */
export interface LoadOptions {
  readonly address: Address;
  readonly dial: () => Promise<DialResult>;
  readonly dialect: Dialect;
  /** Of `framed` (D2). */
  readonly headerBytes: 16 | 12 | 8;
  /** How many are to join, two or more; "max" for as many as there can be. */
  readonly clients: number | "max";
  /** How many connections this program may open; Infinity where the system does not tell. */
  readonly mayOpen: number;
  /** Clients that speak in the fan-out. */
  readonly senders: number;
  /** Messages each of them may have under way. */
  readonly window: number;
  /** Length of a message's text, in bytes. */
  readonly messageBytes: number;
  /** Longest fan-out, in seconds. */
  readonly seconds: number;
  /** Messages of the fan-out; Infinity when time alone ends it. */
  readonly messages: number;
  /** Tells this run's messages from all others: four letters and digits. */
  readonly run: string;
  readonly clock: Clock;
  /** Processor time this program has used, in milliseconds. */
  readonly cpuMs: () => number;
  readonly stop: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
  /** {@linkcode LOAD_TIMING}, by default. */
  readonly timing?: LoadTiming;
}

/** Runs the whole test; never throws for anything a server can cause. */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  if (options.run.length !== RUN_CHARS) throw new RangeError(`Not a run: "${options.run}"`);
  return await new Run(options).run();
}

class Run {
  readonly #options: LoadOptions;
  readonly #timing: LoadTiming;
  readonly #watch: Waiter;
  readonly #stamp: Stamp;
  readonly #crowd: LoadClients;
  readonly #problems: string[] = [];
  #latency: TrafficReport | null = null;
  #fanout: TrafficReport | null = null;
  #ledger: DeliveryLedger | undefined;
  #endedWhileJoining = 0;
  /** The phase in which the last thing came, if all waits since were in vain. */
  #silentSince: "latency" | "fan-out" | undefined;
  /** What was on its way when time was up is no loss. */
  #isLate = false;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#timing = options.timing ?? LOAD_TIMING;
    const { dial, dialect, headerBytes, run, messageBytes } = options;
    this.#watch = new Waiter(options.clock, options.stop);
    this.#stamp = new Stamp(run, messageBytes);
    this.#crowd = new LoadClients({
      dial,
      dialect,
      headerBytes,
      stamp: this.#stamp,
      namePrefix: `b${run}n`, // a letter first, for a name
      watch: this.#watch,
      retryMs: this.#timing.retryMs,
    });
  }

  async run(): Promise<LoadReport> {
    try {
      const joined = await this.#join();
      if (joined.held > 1 && !this.#watch.isStopped) await this.#measure(joined);
      return this.#report(joined);
    } finally {
      await this.#crowd.close();
    }
  }

  async #join(): Promise<JoinReport> {
    const { clients, mayOpen, onProgress } = this.#options;
    const report = await joinClients({
      crowd: this.#crowd,
      watch: this.#watch,
      clients,
      mayOpen,
      timing: this.#timing,
      onProgress: (joined, wanted) =>
        onProgress({
          phase: "join",
          done: joined / wanted,
          text: `${joined} of ${wanted} clients`,
        }),
    });
    this.#endedWhileJoining = this.#crowd.ended;
    this.#judgeJoin(report);
    return report;
  }

  async #measure({ held, hearsItself }: JoinReport): Promise<void> {
    const { senders: wanted, window, messages, seconds } = this.#options;
    const { warmUp, latency, latencyMs, fanoutMs } = this.#timing;
    const senders = Math.min(wanted, held);
    this.#ledger = new DeliveryLedger({ receivers: held, senders, hearsItself });
    const oneAtATime = { senders: 1, window: 1, silentMs: latencyMs };
    await this.#traffic("latency", { ...oneAtATime, ...warmUp });
    this.#latency = await this.#traffic("latency", { ...oneAtATime, ...latency });
    if (this.#isOver("while one message at a time was sent")) return;
    this.#fanout = await this.#traffic("fan-out", {
      senders,
      window,
      messages,
      seconds,
      silentMs: fanoutMs,
    });
    this.#isOver("during the fan-out");
  }

  async #traffic(
    phase: "latency" | "fan-out",
    what: Pick<TrafficOptions, "senders" | "window" | "messages" | "seconds" | "silentMs">,
  ): Promise<TrafficReport | null> {
    const ledger = this.#ledger;
    if (ledger === undefined || this.#watch.isStopped) return null;
    const end = await runTraffic({
      ...what,
      drainMs: this.#timing.drainMs,
      crowd: this.#crowd,
      ledger,
      stamp: this.#stamp,
      watch: this.#watch,
      cpuMs: this.#options.cpuMs,
      onProgress: (done, flight) =>
        this.#options.onProgress({ phase, done, text: progressText(flight) }),
    });
    if (end.report.deliveries > 0 || !end.endsInVain) this.#silentSince = undefined;
    if (end.endsInVain) this.#silentSince ??= phase;
    this.#isLate = end.late > 0;
    if (end.late > 0) {
      this.#problems.push(
        `The server was still ${
          counted(end.late, "delivery", "deliveries")
        } behind when the time ` +
          `for them was up: lower --senders or --window`,
      );
    }
    if (end.isSilent && !this.#isAlone) {
      this.#problems.push(
        `The server fell silent in the ${this.#silentSince} phase: nothing came for ${
          what.silentMs / 1000
        } s`,
      );
    }
    return end.report;
  }

  /** Whether nothing more can be measured; a server that ended everything is told of. */
  #isOver(when: string): boolean {
    if (!this.#isAlone || this.#watch.isStopped) return this.#watch.isStopped;
    const these = counted(this.#crowd.clients.length, "connection", "connections");
    this.#problems.push(`The server ended all ${these} ${when}${said(this.#crowd.lastWords)}`);
    return true;
  }

  get #isAlone(): boolean {
    return this.#crowd.clients.every((client) => !client.isOpen);
  }

  #judgeJoin({ end, held, wanted, detail }: JoinReport): void {
    if (end === "interrupted" || end === "all_joined") return;
    if (held < 2) {
      this.#problems.push(this.#nobody(end, detail));
    } else if (wanted !== null) {
      const why = end === "stalled" ? `, then it stalled: ${detail}` : said(detail ?? "");
      const remedy = end === "descriptors" ? "raise it with ulimit -n" : `try --clients ${held}`;
      this.#problems.push(`Only ${held} of ${wanted} clients could join${why}: ${remedy}`);
    }
  }

  #nobody(end: JoinReport["end"], detail: string | null): string {
    const where = addressText(this.#options.address);
    const { name } = this.#options.dialect;
    if (this.#crowd.dialError !== undefined) return this.#crowd.dialError;
    if (end === "stalled") {
      return `Nothing that one client said reached another: does ${where} speak ${name}, ` +
        "or another --dialect";
    }
    return `The server at ${where} ended the connections of those who joined${
      said(detail ?? "")
    }: ` +
      `does it speak ${name}`;
  }

  #judgeDropped(dropped: number): void {
    if (dropped === 0) return;
    const these = counted(dropped, "client", "clients");
    this.#problems.push(`The server hung up on ${these}${said(this.#crowd.lastWords)}`);
  }

  #judgeFaults(faults: FaultReport): void {
    const own = this.#ledger?.ownReceived ?? 0;
    if (own > 0) {
      const these = counted(own, "own message", "own messages");
      this.#problems.push(
        `Senders got ${these}, though not at first: either all should come or none`,
      );
    }
    for (const kind of FAULT_KINDS.filter((kind) => faults[kind] > 0)) {
      const were = faults[kind] === 1 ? "was" : "were";
      this.#problems.push(`${counted(faults[kind], "delivery", "deliveries")} ${were} ${kind}`);
    }
  }

  #faults(): FaultReport {
    const ledger = this.#ledger;
    const { lost, duplicated, reordered, torn } = ledger?.counts ??
      { lost: 0, duplicated: 0, reordered: 0, torn: 0 };
    const first = ledger?.firstFaults.map(faultExample) ?? [];
    return { lost, duplicated, reordered, torn, first };
  }

  #report(joined: JoinReport): LoadReport {
    const interrupted = this.#watch.isStopped;
    if (!interrupted && !this.#isLate) this.#ledger?.finish();
    const faults = this.#faults();
    const dropped = this.#crowd.ended - this.#endedWhileJoining;
    if (dropped < joined.held) this.#judgeDropped(dropped);
    this.#judgeFaults(faults);
    return {
      target: addressText(this.#options.address),
      dialect: this.#options.dialect.name,
      messageBytes: this.#options.messageBytes,
      ok: this.#problems.length === 0 && !interrupted,
      problems: this.#problems,
      interrupted,
      join: joined,
      latency: this.#latency,
      fanout: this.#fanout,
      faults,
      dropped,
    };
  }
}

function said(words: string): string {
  return words === "" ? "" : ` ("${words}")`;
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

function progressText(flight: InFlight): string {
  const { toEach } = flight;
  const count = toEach.count.toLocaleString("en");
  return `${count} deliveries, median ${(toEach.quantile(0.5) / 1000).toFixed(2)} ms`;
}
