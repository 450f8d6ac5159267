// One client that says numbered messages, as many at a time as its window lets it, several in one write
// when they are due together: that is how load comes over a network, and what a server must cut apart.

import type { LoadClient } from "./load_client.ts";
import type { Envelope } from "./load_clients.ts";
import type { Stamp } from "./stamp.ts";

/** What a speaker needs to know. */
export interface SenderOptions {
  readonly client: LoadClient;
  readonly envelope: Envelope;
  readonly stamp: Stamp;
  /** How many messages it may send now. */
  readonly freeSlots: () => number;
  /** One leaves: answers its number. */
  readonly nextNumber: () => number;
}

/** Most bytes of one write. */
const WRITE_BYTES = 32 * 1024;

/** Sends whenever it is poked and may. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #batch: Uint8Array;
  readonly #perWrite: number;
  #busy = false;

  constructor(options: SenderOptions) {
    this.#options = options;
    const { bytes } = options.envelope;
    this.#perWrite = Math.max(1, Math.floor(WRITE_BYTES / bytes.length));
    this.#batch = new Uint8Array(this.#perWrite * bytes.length);
    for (let at = 0; at < this.#batch.length; at += bytes.length) this.#batch.set(bytes, at);
  }

  /** Something may have made room: sends what there is room for, at the end of this turn. */
  sendDue(): void {
    if (this.#busy) return;
    this.#busy = true;
    queueMicrotask(() => void this.#send());
  }

  async #send(): Promise<void> {
    const { client, envelope, stamp, freeSlots, nextNumber } = this.#options;
    for (let count; client.isOpen && (count = Math.min(freeSlots(), this.#perWrite)) > 0;) {
      const length = envelope.bytes.length;
      for (let i = 0; i < count; i++) {
        stamp.write(this.#batch, i * length + envelope.stampAt, client.index, nextNumber());
      }
      await client.write(this.#batch.subarray(0, count * length));
    }
    this.#busy = false;
  }
}
