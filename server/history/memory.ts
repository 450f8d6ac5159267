// History in memory: the newest messages, for as long as the server runs.

import type { MessageEvent } from "../../protocol/events.ts";
import type { Draft, History, PageRequest } from "./history.ts";

interface Entry {
  readonly message: MessageEvent;
  readonly audience: Draft["audience"];
}

/** Keeps the newest `capacity` messages. */
export class MemoryHistory implements History {
  readonly #capacity: number;
  readonly #now: () => number;
  /** A ring: the entry of number `seq` is at `(seq - 1) % capacity`. */
  readonly #ring: Entry[] = [];
  #lastSeq = 0;

  /** `now` tells the time in milliseconds since the epoch. */
  constructor(options: { readonly capacity: number; readonly now: () => number }) {
    this.#capacity = options.capacity;
    this.#now = options.now;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  append({ audience, ...said }: Draft): MessageEvent {
    const seq = ++this.#lastSeq;
    const at = new Date(this.#now()).toISOString();
    const message: MessageEvent = { type: "message", seq, at, ...said };
    this.#ring[(seq - 1) % this.#capacity] = { message, audience };
    return message;
  }

  /** Memory has nothing to wait for: a message is stored as soon as it is appended. */
  whenStored(_seq: number, stored: () => void): void {
    stored();
  }

  page({ since, limit, visible }: PageRequest): MessageEvent[] {
    const found: MessageEvent[] = [];
    const oldest = Math.max(since + 1, this.#lastSeq - this.#capacity + 1, 1);
    for (let seq = this.#lastSeq; seq >= oldest && found.length < limit; seq--) {
      const entry = this.#ring[(seq - 1) % this.#capacity];
      if (entry && visible(entry.audience, seq)) found.push({ ...entry.message, replay: true });
    }
    return found.reverse();
  }
}
