// Tracks the messages in flight: how many more each sender may send, when each was sent, and how
// many receivers still wait for it. Pure.

import { Histogram } from "./histogram.ts";
import type { DeliveryLedger } from "./delivery_ledger.ts";

/** Options of an {@linkcode InFlight}. */
export interface InFlightOptions {
  readonly ledger: DeliveryLedger;
  /** Most messages of one sender in flight. */
  readonly window: number;
  /** Called when a message of `sender` has reached all receivers, so that it may send another. */
  readonly onDone: (sender: number) => void;
}

/** Times of sending are stored for this many windows, for late messages. */
const REMEMBERED_WINDOWS = 4;

/** The messages in flight of every sender. */
export class InFlight {
  /** From sending to each receipt, in microseconds. */
  readonly toEach = new Histogram();
  /** From sending to the last receipt, in microseconds. */
  readonly toLast = new Histogram();
  /** Messages that have reached all their receivers. */
  completed = 0;
  /** When a message was last sent or received, in milliseconds. */
  progressAt = 0;
  readonly #ledger: DeliveryLedger;
  readonly #window: number;
  readonly #onDone: (sender: number) => void;
  readonly #slots: number;
  readonly #sentAt: Float64Array;
  readonly #remaining: Int32Array;
  /** Number of the oldest message in flight, for each sender. */
  readonly #oldest: Uint32Array;

  constructor({ ledger, window, onDone }: InFlightOptions) {
    this.#ledger = ledger;
    this.#window = window;
    this.#onDone = onDone;
    this.#slots = window * REMEMBERED_WINDOWS;
    this.#sentAt = new Float64Array(ledger.senders * this.#slots);
    this.#remaining = new Int32Array(ledger.senders * this.#slots);
    this.#oldest = ledger.sent.slice();
  }

  /** How many more messages `sender` may send now. */
  freeSlots(sender: number): number {
    return this.#window - this.#underWay(sender);
  }

  /** Number of messages in flight. */
  get unanswered(): number {
    let sum = 0;
    for (let sender = 0; sender < this.#ledger.senders; sender++) sum += this.#underWay(sender);
    return sum;
  }

  /** Number of receipts still due. */
  get outstanding(): number {
    let sum = 0;
    for (let sender = 0; sender < this.#ledger.senders; sender++) {
      for (let number = this.#oldest[sender] ?? 0; number < this.#sent(sender); number++) {
        sum += this.#remaining[this.#slot(sender, number)] ?? 0;
      }
    }
    return sum;
  }

  /** Records a message of `sender` to `audience` receivers, sent at `now`; returns its number. */
  send(sender: number, audience: number, now: number): number {
    const number = this.#sent(sender);
    this.#ledger.sent[sender] = number + 1;
    const slot = this.#slot(sender, number);
    this.#sentAt[slot] = now;
    this.#remaining[slot] = audience;
    this.progressAt = now;
    return number;
  }

  /**
   * Records a whole message received at `now`, which settles `settled` messages for its receiver.
   */
  received(
    sender: number,
    number: number,
    { settled, now }: { settled: number; now: number },
  ): void {
    this.progressAt = now;
    if (settled === 0) return;
    if (this.#sent(sender) - number <= this.#slots) {
      this.toEach.record((now - (this.#sentAt[this.#slot(sender, number)] ?? now)) * 1000);
    }
    for (let one = number - settled + 1; one <= number; one++) this.#settle(sender, one, now);
  }

  /** A receiver disconnected that waited for the messages of `sender` from number `due` on. */
  dropReceiver(sender: number, due: number, now: number): void {
    for (let number = due; number < this.#sent(sender); number++) this.#settle(sender, number, now);
  }

  /** Gives up what `sender` has in flight. */
  dropSender(sender: number): void {
    this.#oldest[sender] = this.#sent(sender);
  }

  #settle(sender: number, number: number, now: number): void {
    const oldest = this.#oldest[sender] ?? 0;
    if (number < oldest || number >= this.#sent(sender)) return;
    const slot = this.#slot(sender, number);
    const left = (this.#remaining[slot] ?? 0) - 1;
    this.#remaining[slot] = left;
    if (left !== 0) return;
    this.completed++;
    this.toLast.record((now - (this.#sentAt[slot] ?? now)) * 1000);
    let next = oldest;
    while (next < this.#sent(sender) && (this.#remaining[this.#slot(sender, next)] ?? 0) <= 0) {
      next++;
    }
    this.#oldest[sender] = next;
    if (next !== oldest) this.#onDone(sender);
  }

  #sent(sender: number): number {
    return this.#ledger.sent[sender] ?? 0;
  }

  #underWay(sender: number): number {
    return this.#sent(sender) - (this.#oldest[sender] ?? 0);
  }

  #slot(sender: number, number: number): number {
    return sender * this.#slots + number % this.#slots;
  }
}
