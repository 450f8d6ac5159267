// A phase with messages: speakers keep their windows full until time or messages run out, and every
// receipt is booked. Latency and fan-out are the same thing with other numbers.

import type { LoadClients, TrafficListener as CrowdTraffic } from "./load_clients.ts";
import { readable } from "./load_client.ts";
import { InFlight } from "./in_flight.ts";
import type { DeliveryLedger } from "./delivery_ledger.ts";
import { barsOf, latencyReport, type TrafficReport } from "./load_report.ts";
import { Sender } from "./sender.ts";
import { MAX_NUMBER, type Stamp } from "./stamp.ts";
import type { Waiter } from "./waiter.ts";

/** What one phase does. */
export interface TrafficOptions {
  readonly crowd: LoadClients;
  readonly ledger: DeliveryLedger;
  readonly stamp: Stamp;
  readonly watch: Waiter;
  /** Clients that speak, the first ones. */
  readonly senders: number;
  /** Messages one sender may have under way. */
  readonly window: number;
  /** Messages in all; Infinity when time alone ends it. */
  readonly messages: number;
  /** Longest time in which messages are sent, in seconds. */
  readonly seconds: number;
  /** Nothing sent or received for so long, in milliseconds, and what is under way is given up. */
  readonly silentMs: number;
  /** For what is under way at the end, while it keeps coming, in milliseconds. */
  readonly drainMs: number;
  /** Processor time this program has used, in milliseconds. */
  readonly cpuMs: () => number;
  /** Called now and then with how much is done (0 to 1). */
  readonly onProgress: (done: number, flight: InFlight) => void;
}

/** How a phase ended. */
export interface TrafficEnd {
  readonly report: TrafficReport;
  /** Nothing came for {@linkcode TrafficOptions.silentMs} although it should have, and nothing after. */
  readonly isSilent: boolean;
  /** The last wait was in vain, though it may have been for a single message. */
  readonly endsInVain: boolean;
  /** Receipts that were still coming in when time was up. */
  readonly late: number;
}

const PERCENT = 100;

/** Runs one phase. */
export async function runTraffic(options: TrafficOptions): Promise<TrafficEnd> {
  return await new Phase(options).run();
}

class Phase implements CrowdTraffic {
  readonly #options: TrafficOptions;
  readonly #flight: InFlight;
  readonly #speakers: Sender[];
  readonly #start: number;
  readonly #sendUntil: number;
  #messages = 0;
  #deliveries = 0;
  #isSilent = false;
  #endsInVain = false;
  #vainMs = 0;
  #lastAt: number;

  constructor(options: TrafficOptions) {
    this.#options = options;
    const { ledger, window, watch, crowd, stamp, seconds } = options;
    this.#flight = new InFlight({
      ledger,
      window,
      onDone: (sender) => {
        this.#speakers[sender]?.sendDue();
        if (this.#isSpent && this.#flight.unanswered === 0) watch.wake();
      },
    });
    this.#start = this.#lastAt = this.#flight.progressAt = watch.now();
    this.#sendUntil = this.#start + seconds * 1000;
    this.#speakers = crowd.clients.slice(0, options.senders).map((client) =>
      new Sender({
        client,
        envelope: crowd.envelope,
        stamp,
        freeSlots: () => this.#room(client.index),
        nextNumber: () => this.#launch(client.index),
      })
    );
  }

  async run(): Promise<TrafficEnd> {
    const { crowd, watch, cpuMs, drainMs } = this.#options;
    const cpuBefore = cpuMs();
    const bytesBefore = crowd.bytesRead;
    crowd.startTraffic(this);
    for (const speaker of this.#speakers) speaker.sendDue();
    const waited = await watch.until(() => this.#isOver(), {
      endsAt: () => this.#sendUntil + drainMs,
      onTick: () => this.#onTick(),
    });
    const ms = Math.max(1, (waited === "stopped" ? watch.now() : this.#lastAt) - this.#start);
    const cpu = (cpuMs() - cpuBefore) / Math.max(1, watch.now() - this.#start);
    return {
      report: this.#report(ms, { bytes: crowd.bytesRead - bytesBefore, cpu }),
      isSilent: this.#isSilent,
      endsInVain: this.#endsInVain,
      late: waited === "late" ? this.#flight.outstanding : 0,
    };
  }

  arrived(receiver: number, sender: number, number: number, at: number): void {
    const settled = this.#options.ledger.receive(receiver, sender, number);
    this.#deliveries++;
    this.#lastAt = at;
    this.#isSilent = this.#endsInVain = false;
    this.#flight.received(sender, number, { settled, now: at });
  }

  torn(receiver: number, sender: number, number: number, bytes: Uint8Array): void {
    const { ledger, watch } = this.#options;
    const settled = ledger.tear(receiver, sender, number, readable(bytes));
    if (settled > 0) this.#flight.received(sender, number, { settled, now: watch.now() });
  }

  left(client: number): void {
    const { ledger, watch } = this.#options;
    if (!ledger.isHere(client)) return;
    for (let sender = 0; sender < ledger.senders; sender++) {
      if (!ledger.expects(client, sender)) continue;
      this.#flight.dropReceiver(sender, ledger.due(client, sender), watch.now());
    }
    ledger.drop(client);
    if (client < ledger.senders) this.#flight.dropSender(client);
  }

  #room(sender: number): number {
    const { messages, watch, ledger } = this.#options;
    if (watch.isStopped || watch.now() >= this.#sendUntil) return 0;
    const numbers = MAX_NUMBER - (ledger.sent[sender] ?? 0);
    return Math.min(this.#flight.freeSlots(sender), messages - this.#messages, numbers);
  }

  #launch(sender: number): number {
    const { ledger, watch } = this.#options;
    this.#messages++;
    return this.#flight.send(sender, ledger.audience(sender), watch.now());
  }

  /** Whether nothing more will be sent. */
  get #isSpent(): boolean {
    const { messages, watch } = this.#options;
    return this.#messages >= messages || watch.now() >= this.#sendUntil;
  }

  #isOver(): boolean {
    return this.#options.ledger.here === 0 || (this.#isSpent && this.#flight.unanswered === 0);
  }

  #onTick(): void {
    const { watch, silentMs, seconds, messages, onProgress, ledger } = this.#options;
    const now = watch.now();
    const time = (now - this.#start) / (seconds * 1000);
    onProgress(Math.min(1, Math.max(time, this.#messages / messages)), this.#flight);
    if (this.#flight.unanswered === 0 || now - this.#flight.progressAt < silentMs) return;
    this.#isSilent = this.#flight.unanswered > 1; // one alone may as well be lost
    this.#endsInVain = true;
    this.#vainMs += silentMs;
    this.#flight.progressAt = now;
    for (let sender = 0; sender < ledger.senders; sender++) this.#flight.dropSender(sender);
    for (const speaker of this.#speakers) speaker.sendDue();
  }

  #report(ms: number, { bytes, cpu }: { bytes: number; cpu: number }): TrafficReport {
    const seconds = ms / 1000;
    const { toEach, toLast, completed } = this.#flight;
    return {
      senders: this.#speakers.length,
      window: this.#options.window,
      seconds,
      messages: this.#messages,
      completed,
      waitedInVain: this.#vainMs / 1000,
      deliveries: this.#deliveries,
      messagesPerSecond: this.#messages / seconds,
      deliveriesPerSecond: this.#deliveries / seconds,
      megabytes: bytes / 1e6,
      megabytesPerSecond: bytes / 1e6 / seconds,
      toEach: latencyReport(toEach),
      toLast: latencyReport(toLast),
      histogram: barsOf(toEach),
      ownCpuPercent: Math.round(cpu * PERCENT),
    };
  }
}
