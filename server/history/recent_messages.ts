// A ring buffer of the newest messages, which answers nearly all requests for history.

import type { MessageEvent } from "../../protocol/events.ts";
import type { Draft } from "./history.ts";
import type { PageBuilder } from "./page_builder.ts";

/** A message and who may read it. */
export interface RecentMessage {
  readonly message: MessageEvent;
  readonly audience: Draft["audience"];
  readonly origin?: Draft["origin"];
}

/** The newest messages, with consecutive numbers. */
export class RecentMessages {
  readonly #capacity: number;
  /** The message of number `seq` is at `seq % capacity`. */
  readonly #ring: RecentMessage[] = [];
  #first = 1;
  #last = 0;

  /** `capacity`: most messages stored; `last`: the number before the first one to be added. */
  constructor(capacity: number, last = 0) {
    this.#capacity = capacity;
    this.#last = last;
    this.#first = last + 1;
  }

  /** The oldest stored number; one more than the newest if none is stored. */
  get first(): number {
    return this.#first;
  }

  /** Adds the next message; returns the one it displaces. */
  push(entry: RecentMessage): RecentMessage | undefined {
    const { seq } = entry.message;
    if (seq !== this.#last + 1) throw new RangeError(`Expected ${this.#last + 1}: got ${seq}`);
    this.#last = seq;
    const at = seq % this.#capacity;
    const old = seq - this.#first >= this.#capacity ? this.#ring[at] : undefined;
    this.#ring[at] = entry;
    if (old !== undefined) this.#first = old.message.seq + 1;
    return old;
  }

  /** Deletes messages with a number below `first`. */
  purge(first: number): void {
    for (; this.#first < first && this.#first <= this.#last; this.#first++) {
      delete this.#ring[this.#first % this.#capacity];
    }
  }

  /** Dates messages from the future at `ms`, milliseconds since the epoch. */
  redate(ms: number): void {
    const at = new Date(ms).toISOString();
    for (let seq = this.#last; seq >= this.#first; seq--) {
      const entry = this.get(seq);
      if (entry === undefined || Date.parse(entry.message.at) <= ms) return;
      this.#ring[seq % this.#capacity] = { ...entry, message: { ...entry.message, at } };
    }
  }

  /** The message of that number, if it is stored. */
  get(seq: number): RecentMessage | undefined {
    return seq >= this.#first && seq <= this.#last ? this.#ring[seq % this.#capacity] : undefined;
  }

  /** Offers the messages of the page's range, newest first, until the page is cut. */
  newest(page: PageBuilder): void {
    const last = Math.max(page.since + 1, this.#first);
    for (let seq = Math.min(page.before - 1, this.#last); seq >= last; seq--) {
      if (!this.#offer(page, seq)) return;
    }
  }

  /** Offers the messages of the page's range, oldest first, until the page is cut. */
  next(page: PageBuilder): void {
    const last = Math.min(page.before - 1, this.#last);
    for (let seq = Math.max(page.since + 1, this.#first); seq <= last; seq++) {
      if (!this.#offer(page, seq)) return;
    }
  }

  #offer(page: PageBuilder, seq: number): boolean {
    const entry = this.get(seq);
    return entry === undefined || page.offer(seq, entry.audience, () => entry.message);
  }
}
