// A phase with messages: senders keep their windows full until time or messages run out, and every
// receipt is recorded. Latency and fan-out differ in numbers only.

import type { LoadClients, TrafficListener } from "./load_clients.ts";
import { readable } from "./load_client.ts";
import { InFlight } from "./in_flight.ts";
import type { DeliveryLedger } from "./delivery_ledger.ts";
import { barsOf, latencyReport, type TrafficReport } from "./load_report.ts";
import { delayedAckShare } from "./nagle.ts";
import { Sender } from "./sender.ts";
import { MAX_NUMBER, type Stamp } from "./stamp.ts";
import type { Waiter } from "./waiter.ts";

/** Options of {@linkcode runTraffic}. */
export interface TrafficOptions {
  readonly loadClients: LoadClients;
  readonly ledger: DeliveryLedger;
  readonly stamp: Stamp;
  readonly waiter: Waiter;
  /** Number of clients that send, the first ones. */
  readonly senders: number;
  /** Most messages of one sender in flight. */
  readonly window: number;
  /** Messages in all; Infinity if time alone ends the phase. */
  readonly messages: number;
  /** Longest time in which messages are sent, in seconds. */
  readonly seconds: number;
  /**
   * After this many milliseconds with nothing sent or received, messages in flight are given up.
   */
  readonly silentMs: number;
  /** Milliseconds to wait at the end for messages in flight, while they arrive. */
  readonly drainMs: number;
  /** Processor time this program has used, in milliseconds. */
  readonly cpuMs: () => number;
  /** Called regularly with the share that is done (0 to 1). */
  readonly onProgress: (done: number, inFlight: InFlight) => void;
}

/** Result of a phase. */
export interface TrafficEnd {
  readonly report: TrafficReport;
  /**
   * Whether several messages were missing for {@linkcode TrafficOptions.silentMs}, and nothing was
   * received since.
   */
  readonly isSilent: boolean;
  /** Whether the last wait ended without a message, though it may have been for a single one. */
  readonly endsInVain: boolean;
  /** Receipts that were still arriving when time was up. */
  readonly late: number;
}

const PERCENT = 100;

/** Runs one phase. */
export async function runTraffic(options: TrafficOptions): Promise<TrafficEnd> {
  return await new Phase(options).run();
}

class Phase implements TrafficListener {
  readonly #options: TrafficOptions;
  readonly #inFlight: InFlight;
  readonly #senders: Sender[];
  readonly #start: number;
  readonly #sendUntil: number;
  #messages = 0;
  #deliveries = 0;
  #isSilent = false;
  #endsInVain = false;
  #wastedMs = 0;
  #lastAt: number;

  constructor(options: TrafficOptions) {
    this.#options = options;
    const { ledger, window, waiter, loadClients, stamp, seconds } = options;
    this.#inFlight = new InFlight({
      ledger,
      window,
      onDone: (sender) => {
        this.#senders[sender]?.sendDue();
        if (this.#isSpent && this.#inFlight.unanswered === 0) waiter.wake();
      },
    });
    this.#start = this.#lastAt = this.#inFlight.progressAt = waiter.now();
    this.#sendUntil = this.#start + seconds * 1000;
    this.#senders = loadClients.clients.slice(0, options.senders).map((client) =>
      new Sender({
        client,
        envelope: loadClients.envelope,
        stamp,
        freeSlots: () => this.#freeSlots(client.index),
        nextNumber: () => this.#nextNumber(client.index),
      })
    );
  }

  async run(): Promise<TrafficEnd> {
    const { loadClients, waiter, cpuMs, drainMs } = this.#options;
    const cpuBefore = cpuMs();
    const bytesBefore = loadClients.bytesRead;
    loadClients.startTraffic(this);
    for (const sender of this.#senders) sender.sendDue();
    const waited = await waiter.until(() => this.#isOver(), {
      endsAt: () => this.#sendUntil + drainMs,
      onTick: () => this.#onTick(),
    });
    const ms = Math.max(1, (waited === "stopped" ? waiter.now() : this.#lastAt) - this.#start);
    const cpu = (cpuMs() - cpuBefore) / Math.max(1, waiter.now() - this.#start);
    return {
      report: this.#report(ms, { bytes: loadClients.bytesRead - bytesBefore, cpu }),
      isSilent: this.#isSilent,
      endsInVain: this.#endsInVain,
      late: waited === "late" ? this.#inFlight.outstanding : 0,
    };
  }

  arrived(receiver: number, sender: number, number: number, at: number): void {
    const settled = this.#options.ledger.receive(receiver, sender, number);
    this.#deliveries++;
    this.#lastAt = at;
    this.#isSilent = this.#endsInVain = false;
    this.#inFlight.received(sender, number, { settled, now: at });
  }

  torn(receiver: number, sender: number, number: number, bytes: Uint8Array): void {
    const { ledger, waiter } = this.#options;
    const settled = ledger.tear(receiver, sender, number, readable(bytes));
    if (settled > 0) this.#inFlight.received(sender, number, { settled, now: waiter.now() });
  }

  left(client: number): void {
    const { ledger, waiter } = this.#options;
    if (!ledger.isConnected(client)) return;
    for (let sender = 0; sender < ledger.senders; sender++) {
      if (!ledger.expects(client, sender)) continue;
      this.#inFlight.dropReceiver(sender, ledger.due(client, sender), waiter.now());
    }
    ledger.drop(client);
    if (client < ledger.senders) this.#inFlight.dropSender(client);
  }

  #freeSlots(sender: number): number {
    const { messages, waiter, ledger } = this.#options;
    if (waiter.isStopped || waiter.now() >= this.#sendUntil) return 0;
    const numbers = MAX_NUMBER - (ledger.sent[sender] ?? 0);
    return Math.min(this.#inFlight.freeSlots(sender), messages - this.#messages, numbers);
  }

  #nextNumber(sender: number): number {
    const { ledger, waiter } = this.#options;
    this.#messages++;
    return this.#inFlight.send(sender, ledger.audience(sender), waiter.now());
  }

  /** Whether nothing more will be sent. */
  get #isSpent(): boolean {
    const { messages, waiter } = this.#options;
    return this.#messages >= messages || waiter.now() >= this.#sendUntil;
  }

  #isOver(): boolean {
    return this.#options.ledger.connected === 0 ||
      (this.#isSpent && this.#inFlight.unanswered === 0);
  }

  #onTick(): void {
    const { waiter, silentMs, seconds, messages, onProgress, ledger } = this.#options;
    const now = waiter.now();
    const time = (now - this.#start) / (seconds * 1000);
    onProgress(Math.min(1, Math.max(time, this.#messages / messages)), this.#inFlight);
    if (this.#inFlight.unanswered === 0 || now - this.#inFlight.progressAt < silentMs) return;
    this.#isSilent = this.#inFlight.unanswered > 1; // a single message may simply be lost
    this.#endsInVain = true;
    this.#wastedMs += silentMs;
    this.#inFlight.progressAt = now;
    for (let sender = 0; sender < ledger.senders; sender++) this.#inFlight.dropSender(sender);
    for (const sender of this.#senders) sender.sendDue();
  }

  #report(ms: number, { bytes, cpu }: { bytes: number; cpu: number }): TrafficReport {
    const seconds = ms / 1000;
    const { toEach, toLast, completed } = this.#inFlight;
    return {
      senders: this.#senders.length,
      window: this.#options.window,
      seconds,
      messages: this.#messages,
      completed,
      waitedInVain: this.#wastedMs / 1000,
      deliveries: this.#deliveries,
      messagesPerSecond: this.#messages / seconds,
      deliveriesPerSecond: this.#deliveries / seconds,
      megabytes: bytes / 1e6,
      megabytesPerSecond: bytes / 1e6 / seconds,
      toEach: latencyReport(toEach),
      delayedAckShare: delayedAckShare(toEach),
      toLast: latencyReport(toLast),
      histogram: barsOf(toEach),
      ownCpuPercent: Math.round(cpu * PERCENT),
    };
  }
}
