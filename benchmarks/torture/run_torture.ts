// One torture run: a server, a network that fails, clients that send all the time, and the verdict
// of the ledger at the end.

import { openToRead } from "../../server/store/store.ts";
import type { Dialect } from "../../protocol/dialect.ts";
import { PipeClient } from "./pipe_client.ts";
import { faultPlan, type InjectedFault, type ScheduledFault } from "./fault_plan.ts";
import { seededRandom } from "./seeded_random.ts";
import { type LedgerViolation, type ObservedMessage, TortureLedger } from "./torture_ledger.ts";
import { ConversationClient } from "./conversation_client.ts";
import { Proxy } from "./proxy.ts";
import { KilledServer, type ProgramCommand } from "./killed_server.ts";

/** Options of {@linkcode runTorture}. */
export interface RunOptions {
  readonly program: ProgramCommand;
  readonly dialect: Dialect;
  readonly seed: number;
  /** Kills of the server. */
  readonly kills: number;
  /** Clients in this process, all of which read; each third of them sends. */
  readonly people: number;
  /** Processes of `minichat connect`. */
  readonly programs: number;
  /** Messages a second of all clients together. */
  readonly rate: number;
  /** Called after every fault. */
  readonly onProgress: (progress: TortureProgress) => void;
}

/** Progress of a run. */
export interface TortureProgress {
  readonly fault: InjectedFault["kind"];
  readonly done: number;
  readonly of: number;
  readonly ledger: TortureLedger;
}

/** Result of a run. */
export interface TortureResult {
  readonly seed: number;
  readonly seconds: number;
  /** Number of faults of each kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly said: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly stored: number;
  readonly shown: number;
  readonly readers: number;
  readonly returns: number;
  /** Violations found by the ledger. */
  readonly findings: readonly LedgerViolation[];
  /** Other problems: a client that gave up, a damaged database. */
  readonly problems: readonly string[];
}

/** Milliseconds between two times of sending. */
const TICK_MS = 20;

/** Longest wait at the end until all clients have all messages, in milliseconds. */
const SETTLE_MS = 60_000;

/** Runs it. Throws if the server does not start again. */
export async function runTorture(options: RunOptions): Promise<TortureResult> {
  const folder = Deno.makeTempDirSync({ prefix: "minichat-torture-" });
  try {
    return await new Torture(options, folder).run();
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

class Torture {
  readonly #options: RunOptions;
  readonly #random: () => number;
  readonly #server: KilledServer;
  readonly #data: string;
  readonly #ledger = new TortureLedger();
  readonly #faults: Record<string, number> = {};
  readonly #problems: string[] = [];
  readonly #people: ConversationClient[] = [];
  #programs: PipeClient[] = [];
  #programsStarted = 0;
  #isOver = false;

  constructor(options: RunOptions, folder: string) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
    this.#data = `${folder}/data`;
    const { program } = options;
    this.#server = new KilledServer({
      program,
      port: freePort(),
      data: this.#data,
      runtime: folder,
    });
  }

  async run(): Promise<TortureResult> {
    const { kills, seed } = this.#options;
    const started = performance.now();
    await this.#server.start();
    await using proxy = new Proxy(this.#server.port);
    try {
      await this.#gather(proxy);
      const ticking = setInterval(() => this.#tick(), TICK_MS);
      try {
        await this.#suffer(faultPlan(kills, this.#random), proxy);
      } finally {
        clearInterval(ticking);
      }
      await this.#settle();
    } finally {
      this.#isOver = true;
      for (const person of this.#people) person.close();
      await Promise.all(this.#programs.map((program) => program.kill()));
      await this.#server.stop();
    }
    const history = this.#readHistory();
    const { said, acknowledged, refused, shown, readers } = this.#ledger;
    return {
      seed,
      seconds: (performance.now() - started) / 1000,
      faults: this.#faults,
      ...{ said, acknowledged, refused, shown },
      stored: history.length,
      readers: readers.length,
      returns: this.#people.reduce((sum, { returns }) => sum + returns, 0),
      findings: this.#ledger.findings(history),
      problems: this.#problems,
    };
  }

  async #gather(proxy: Proxy): Promise<void> {
    const { dialect, people, programs } = this.#options;
    for (let at = 0; at < people; at++) {
      const person = new ConversationClient({
        name: `person${at + 1}`,
        dialect,
        ledger: this.#ledger,
        port: () => proxy.port,
        random: this.#random,
      });
      this.#people.push(person);
      void person.over.then((why) => {
        if (!this.#isOver) this.#problems.push(`person${at + 1} gave up: ${why}`);
      });
    }
    await Promise.all(this.#people.map(({ welcomed }) => welcomed));
    for (let at = 0; at < programs; at++) await this.#startProgram(proxy);
  }

  async #startProgram(proxy: Proxy): Promise<void> {
    const { program } = this.#options;
    const name = `program${++this.#programsStarted}`;
    const client = new PipeClient({ program, port: proxy.port, name, ledger: this.#ledger });
    this.#programs.push(client);
    await client.welcomed;
  }

  /** Each sending client sends its part of the rate. */
  #tick(): void {
    const { rate } = this.#options;
    const senders = [...this.#people.filter((_, at) => at % 3 === 0), ...this.#programs];
    const each = (rate * TICK_MS) / 1000 / senders.length;
    for (const sender of senders) {
      const count = Math.floor(each) + (this.#random() < each % 1 ? 1 : 0);
      for (let said = 0; said < count; said++) sender.say();
    }
  }

  async #suffer(plan: readonly ScheduledFault[], proxy: Proxy): Promise<void> {
    for (const [at, { afterMs, fault }] of plan.entries()) {
      await pause(afterMs);
      await this.#commit(fault, proxy);
      this.#faults[fault.kind] = (this.#faults[fault.kind] ?? 0) + 1;
      const { onProgress } = this.#options;
      onProgress({ fault: fault.kind, done: at + 1, of: plan.length, ledger: this.#ledger });
    }
  }

  async #commit(fault: InjectedFault, proxy: Proxy): Promise<void> {
    const server = this.#server;
    switch (fault.kind) {
      case "kill":
        await server.kill();
        return await server.start();
      case "stop":
        await server.stop();
        await server.start();
        return await this.#replaceEnded(proxy);
      case "kill_at_start": {
        await server.kill();
        const starting = server.start().catch(() => {}); // killed while it starts
        await pause(fault.afterMs);
        await server.kill();
        await starting;
        return await server.start();
      }
      case "cut":
        return proxy.cut();
      case "stall":
        return await this.#during(proxy, "stalled", fault.forMs);
      case "deafness":
        await this.#during(proxy, "deaf", fault.forMs);
        return proxy.cut();
      case "partition":
        proxy.cut();
        return await this.#during(proxy, "closed", fault.forMs);
      case "kill_client":
        await this.#programs[0]?.kill();
        return await this.#replaceEnded(proxy);
    }
  }

  async #during(proxy: Proxy, mode: Proxy["mode"], ms: number): Promise<void> {
    proxy.mode = mode;
    await pause(ms);
    proxy.mode = "fair";
  }

  async #replaceEnded(proxy: Proxy): Promise<void> {
    const ended = this.#programs.filter(({ hasEnded }) => hasEnded);
    this.#programs = this.#programs.filter(({ hasEnded }) => !hasEnded);
    for (const program of ended) {
      await program.kill();
      await this.#startProgram(proxy);
    }
  }

  /** Waits until all messages are acknowledged, and all clients have shown the newest one. */
  async #settle(): Promise<void> {
    const everyone = [...this.#people, ...this.#programs];
    const deadline = performance.now() + SETTLE_MS;
    const isSettled = () =>
      everyone.every(({ unanswered }) => unanswered === 0) &&
      new Set(everyone.map(({ lastSeen }) => lastSeen)).size === 1;
    while (!isSettled()) {
      if (performance.now() > deadline) {
        const waiting = everyone.reduce((sum, { unanswered }) => sum + unanswered, 0);
        const ends = everyone.map(({ lastSeen }) => lastSeen).join(" ");
        this.#problems.push(`After ${SETTLE_MS} ms ${waiting} messages wait; last shown: ${ends}`);
        return;
      }
      await pause(20);
    }
  }

  #readHistory(): ObservedMessage[] {
    const db = openToRead(this.#data);
    if ("error" in db) throw new Error(db.error);
    const whole = db.prepare("PRAGMA integrity_check").get()?.["integrity_check"];
    if (whole !== "ok") this.#problems.push(`The database is not whole: ${whole}`);
    const rows = db.prepare("SELECT seq, sender, text FROM message ORDER BY seq").all();
    db.close();
    return rows.map(({ seq, sender, text }) => ({
      seq: Number(seq),
      from: String(sender),
      text: String(text),
    }));
  }
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
