// Accepts the connections of a client under check and queues them until a check takes the next.

import type { Clock } from "../../shared/clock.ts";
import type { ClientConn } from "./accepted_client.ts";
import { pause, within } from "../timing.ts";

/** The part of `Deno.Listener` that is used. */
export interface Listener {
  accept(): Promise<ClientConn>;
  close(): void;
}

/** Pause after a failed accept, in milliseconds. */
const RETRY_MS = 100;

/** Accepted connections that no check has taken yet. */
export class AcceptQueue {
  readonly #listener: Listener;
  readonly #clock: Clock;
  readonly #pump: Promise<void>;
  #waiting: ClientConn[] = [];
  #changed = Promise.withResolvers<void>();
  #isOpen = true;

  constructor(listener: Listener, clock: Clock) {
    this.#listener = listener;
    this.#clock = clock;
    this.#pump = this.#run();
  }

  /** The next connection; undefined if none comes within `ms`. */
  async next(ms: number): Promise<ClientConn | undefined> {
    if (this.#waiting.length === 0) await within(this.#clock, this.#changed.promise, ms);
    return this.#waiting.shift();
  }

  /** Whether a connection is queued. */
  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Closes the queued connections, such as those of a client that was ended and reconnects. */
  clear(): void {
    for (const conn of this.#waiting.splice(0)) conn.close();
  }

  /** Whether connections are still accepted. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Closes the listener and the queued connections. */
  async close(): Promise<void> {
    if (this.#isOpen) this.#listener.close();
    this.#isOpen = false;
    this.#changed.resolve();
    await this.#pump;
    this.clear();
  }

  async #run(): Promise<void> {
    while (this.#isOpen) {
      try {
        this.#waiting.push(await this.#listener.accept());
        this.#changed.resolve();
        this.#changed = Promise.withResolvers<void>();
      } catch {
        // Closed, or the client had disconnected before it was accepted, or no descriptors for a while.
        if (this.#isOpen) await pause(this.#clock, RETRY_MS);
      }
    }
  }
}
