// Runs one load test from the first connection to the report: the phases in order, and a line about
// each problem.

import { type Address, addressText, type DialResult } from "../client/dial.ts";
import type { Dialect } from "../protocol/dialect.ts";
import type { EventTexts } from "../texts/texts.ts";
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
import { survivalProblem } from "./survival.ts";
import { runTraffic, type TrafficOptions } from "./traffic_phase.ts";
import { Waiter } from "./waiter.ts";

/** Progress of a load test. */
export interface LoadProgress {
  readonly phase: "join" | "latency" | "fan-out" | "leaving";
  /** Share of the phase that is done, 0 to 1. */
  readonly done: number;
  /** A short text about the phase so far. */
  readonly text: string;
}

/** Options of {@linkcode runLoad}. */
export interface LoadOptions {
  readonly address: Address;
  readonly dial: () => Promise<DialResult>;
  readonly dialect: Dialect;
  /** For what a server sent last before it disconnected a client. */
  readonly texts: EventTexts;
  /** Length of a header in `framed` (D2). */
  readonly headerBytes: 16 | 12 | 8;
  /** Clients to join, two or more; "max" for as many as possible. */
  readonly clients: number | "max";
  /** Connections this program may open; Infinity if the system sets no limit. */
  readonly mayOpen: number;
  /** Clients that send in the fan-out. */
  readonly senders: number;
  /** Most messages of each of them in flight. */
  readonly window: number;
  /** Length of a message's text, in bytes. */
  readonly messageBytes: number;
  /** Longest fan-out, in seconds. */
  readonly seconds: number;
  /** Messages of the fan-out; Infinity if time alone ends it. */
  readonly messages: number;
  /** Marks this run's messages: four letters and digits. */
  readonly run: string;
  readonly clock: Clock;
  /** Processor time this program has used, in milliseconds. */
  readonly cpuMs: () => number;
  readonly stop: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
  /** (default {@linkcode LOAD_TIMING}) */
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
  readonly #waiter: Waiter;
  readonly #stamp: Stamp;
  readonly #clients: LoadClients;
  readonly #problems: string[] = [];
  #survived: boolean | null = null;
  #dropped = 0;
  /** Whether the server fell silent or ended all connections. */
  #hasFailed = false;
  #latency: TrafficReport | null = null;
  #fanout: TrafficReport | null = null;
  #ledger: DeliveryLedger | undefined;
  #endedWhileJoining = 0;
  /** The phase in which the last message was received, if all waits since ended without one. */
  #silentSince: "latency" | "fan-out" | undefined;
  /** Whether messages were in flight when time was up: they are not lost. */
  #isLate = false;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#timing = options.timing ?? LOAD_TIMING;
    this.#waiter = new Waiter(options.clock, options.stop);
    this.#stamp = new Stamp(options.run, options.messageBytes);
    this.#clients = this.#newClients("n");
  }

  /** `series`: letters and digits that distinguish the names of these clients. */
  #newClients(series: string): LoadClients {
    const { dial, dialect, texts, headerBytes, run } = this.#options;
    return new LoadClients({
      dial,
      dialect,
      texts,
      headerBytes,
      stamp: this.#stamp,
      namePrefix: `b${run}${series}`, // a name must start with a letter
      waiter: this.#waiter,
      retryMs: this.#timing.retryMs,
    });
  }

  async run(): Promise<LoadReport> {
    try {
      const joined = await this.#join();
      if (joined.held > 1 && !this.#waiter.isStopped) await this.#measure(joined);
      this.#finish(joined);
      await this.#clients.close();
      if (this.#leavesWell(joined)) await this.#trySurvival();
      return this.#report(joined);
    } finally {
      await this.#clients.close();
    }
  }

  /** Whether that all clients leave is the next thing to try. */
  #leavesWell({ held, end }: JoinReport): boolean {
    return held > 1 && end !== "stalled" && !this.#hasFailed && !this.#waiter.isStopped;
  }

  async #trySurvival(): Promise<void> {
    const problem = await survivalProblem({
      newClients: (attempt) => this.#newClients(`s${attempt}n`),
      waiter: this.#waiter,
      timing: this.#timing,
      onProgress: (joined, wanted) =>
        this.#options.onProgress({
          phase: "leaving",
          done: joined / wanted,
          text: "all clients have left, do new ones still join?",
        }),
    });
    if (this.#waiter.isStopped) return;
    this.#survived = problem === undefined;
    if (problem !== undefined) this.#problems.push(problem);
  }

  /** Adds what the clients have seen to the problems, before they disconnect. */
  #finish({ held }: JoinReport): void {
    if (!this.#waiter.isStopped && !this.#isLate) this.#ledger?.finish();
    this.#dropped = this.#clients.ended - this.#endedWhileJoining;
    if (this.#dropped < held) this.#judgeDropped(this.#dropped);
    this.#judgeFaults(this.#faults());
  }

  async #join(): Promise<JoinReport> {
    const { clients, mayOpen, onProgress } = this.#options;
    const report = await joinClients({
      loadClients: this.#clients,
      waiter: this.#waiter,
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
    this.#endedWhileJoining = this.#clients.ended;
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
    if (await this.#isOver("while one message at a time was sent")) return;
    this.#fanout = await this.#traffic("fan-out", {
      senders,
      window,
      messages,
      seconds,
      silentMs: fanoutMs,
    });
    await this.#isOver("during the fan-out");
  }

  async #traffic(
    phase: "latency" | "fan-out",
    what: Pick<TrafficOptions, "senders" | "window" | "messages" | "seconds" | "silentMs">,
  ): Promise<TrafficReport | null> {
    const ledger = this.#ledger;
    if (ledger === undefined || this.#waiter.isStopped) return null;
    const end = await runTraffic({
      ...what,
      drainMs: this.#timing.drainMs,
      loadClients: this.#clients,
      ledger,
      stamp: this.#stamp,
      waiter: this.#waiter,
      cpuMs: this.#options.cpuMs,
      onProgress: (done, inFlight) =>
        this.#options.onProgress({ phase, done, text: progressText(inFlight) }),
    });
    if (end.report.deliveries > 0 || !end.endsInVain) this.#silentSince = undefined;
    if (end.endsInVain) this.#silentSince ??= phase;
    this.#isLate = end.late > 0;
    if (end.late > 0) {
      const these = counted(end.late, "delivery was", "deliveries were");
      this.#problems.push(
        `${these} still due from the server at the end of its time: lower --senders or --window`,
      );
    }
    if (end.isSilent && !this.#isAlone) {
      this.#hasFailed = true;
      this.#problems.push(
        `The server fell silent in the ${this.#silentSince} phase: nothing came for ${
          what.silentMs / 1000
        } s`,
      );
    }
    return end.report;
  }

  /**
   * Whether nothing more can be measured; records a problem if the server ended all connections.
   */
  async #isOver(when: string): Promise<boolean> {
    if (!this.#isAlone || this.#waiter.isStopped) return this.#waiter.isStopped;
    this.#hasFailed = true;
    const these = counted(this.#clients.clients.length, "connection", "connections");
    this.#problems.push(
      `The server ended all ${these} ${when}${quotation(this.#clients.lastText)}${
        await this.#accepts() ? "" : ", and accepts no new one: it has probably ended"
      }`,
    );
    return true;
  }

  async #accepts(): Promise<boolean> {
    const dialled = await this.#options.dial();
    if (dialled.ok) dialled.wire.close();
    return dialled.ok;
  }

  get #isAlone(): boolean {
    return this.#clients.clients.every((client) => !client.isOpen);
  }

  #judgeJoin({ end, held, wanted, detail }: JoinReport): void {
    if (end === "interrupted" || end === "all_joined") return;
    if (held < 2) {
      this.#problems.push(this.#joinProblem(end, detail));
    } else if (wanted !== null) {
      const why = end === "stalled" ? `, then it stalled: ${detail}` : quotation(detail ?? "");
      const remedy = end === "descriptors" ? "raise it with ulimit -n" : `try --clients ${held}`;
      this.#problems.push(`Only ${held} of ${wanted} clients could join${why}: ${remedy}`);
    }
  }

  #joinProblem(end: JoinReport["end"], detail: string | null): string {
    const where = addressText(this.#options.address);
    const { name } = this.#options.dialect;
    if (this.#clients.dialError !== undefined) return this.#clients.dialError;
    const { damaged, latestText } = this.#clients;
    if (damaged !== undefined) {
      return `What one client says reaches the others damaged, this came: ${damaged}`;
    }
    if (end === "stalled") {
      const came = latestText === "" ? "nothing came" : `this came: ${latestText}`;
      return `No message of one client reached another, ${came}: does ${where} speak ${name}, ` +
        "or another --dialect";
    }
    return `The server at ${where} ended the connections of the clients that joined${
      quotation(detail ?? "")
    }: ` +
      `does it speak ${name}`;
  }

  #judgeDropped(dropped: number): void {
    if (dropped === 0) return;
    const these = counted(dropped, "client", "clients");
    this.#problems.push(`The server disconnected ${these}${quotation(this.#clients.lastText)}`);
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
    const interrupted = this.#waiter.isStopped;
    return {
      target: addressText(this.#options.address),
      dialect: this.#options.dialect.name,
      messageBytes: this.#options.messageBytes,
      ok: this.#problems.length === 0 && !interrupted,
      problems: this.#problems,
      notes: notesOn(joined, [this.#latency, this.#fanout], this.#options.address),
      interrupted,
      join: joined,
      latency: this.#latency,
      fanout: this.#fanout,
      faults: this.#faults(),
      dropped: this.#dropped,
      survived: this.#survived,
    };
  }
}

/** What slows the server down or differs from its dialect, and is no failure. */
function notesOn(
  { messageEnd }: JoinReport,
  phases: readonly (TrafficReport | null)[],
  { kind }: Address,
): string[] {
  const notes: string[] = [];
  if (messageEnd === "nul") {
    notes.push("Its messages end with a NUL: send strlen(text) bytes, not strlen(text) + 1");
  } else if (messageEnd === "none") {
    notes.push("Its messages come without an end, so they were read by their length");
  }
  const share = Math.max(...phases.map((phase) => phase?.delayedAckShare ?? 0));
  if (share > 0 && kind === "tcp") {
    notes.push(
      `${Math.round(share * 100)} % of the deliveries took about 40 ms: probably Nagle's ` +
        "algorithm, which holds a message's second part back until the first is acknowledged, and " +
        "the delayed acknowledgement. Write each message with one send(), or set TCP_NODELAY",
    );
  }
  return notes;
}

function quotation(words: string): string {
  return words === "" ? "" : ` ("${words}")`;
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

function progressText(inFlight: InFlight): string {
  const { toEach } = inFlight;
  const count = toEach.count.toLocaleString("en");
  return `${count} deliveries, median ${(toEach.quantile(0.5) / 1000).toFixed(2)} ms`;
}
