// One client that sends numbered messages as its window allows. Messages due together go out in one
// write, as over a network, so that the server must split them.

import type { LoadClient } from "./load_client.ts";
import type { Envelope } from "./load_clients.ts";
import type { Stamp } from "./stamp.ts";

/** Options of a {@linkcode Sender}. */
export interface SenderOptions {
  readonly client: LoadClient;
  readonly envelope: Envelope;
  readonly stamp: Stamp;
  /** How many messages it may send now. */
  readonly freeSlots: () => number;
  /** Records one message and returns its number. */
  readonly nextNumber: () => number;
}

/** Most bytes of one write. */
const WRITE_BYTES = 32 * 1024;

/** Sends as many messages as may be in flight. */
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

  /** Sends at the end of this turn what the window then allows. */
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
