// Where a checked client knocks: accepts connections and keeps them until a check asks for the next.
// It opens no socket; the listener is handed in.

import type { Clock } from "../../shared/clock.ts";
import type { ClientConn } from "./accepted_client.ts";
import { pause, within } from "../timing.ts";

/** What it needs of a listener; `Deno.Listener` has it. */
export interface Listener {
  accept(): Promise<ClientConn>;
  close(): void;
}

/** Between two tries when the system refuses to accept, in milliseconds. */
const RETRY_MS = 100;

/** The connections that came and that nobody has asked for yet. */
export class AcceptQueue {
  readonly #door: Listener;
  readonly #clock: Clock;
  readonly #pump: Promise<void>;
  #waiting: ClientConn[] = [];
  #changed = Promise.withResolvers<void>();
  #isOpen = true;

  constructor(door: Listener, clock: Clock) {
    this.#door = door;
    this.#clock = clock;
    this.#pump = this.#run();
  }

  /** The next connection, or nothing when none comes within `ms`. */
  async next(ms: number): Promise<ClientConn | undefined> {
    if (this.#waiting.length === 0) await within(this.#clock, this.#changed.promise, ms);
    return this.#waiting.shift();
  }

  /** Whether somebody has come who was not yet asked for. */
  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Turns away whoever came unasked: a client that was ended and connects again, say. */
  clear(): void {
    for (const conn of this.#waiting.splice(0)) conn.close();
  }

  /** Whether somebody may still come. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Accepts no more. */
  async close(): Promise<void> {
    if (this.#isOpen) this.#door.close();
    this.#isOpen = false;
    this.#changed.resolve();
    await this.#pump;
    this.clear();
  }

  async #run(): Promise<void> {
    while (this.#isOpen) {
      try {
        this.#waiting.push(await this.#door.accept());
        this.#changed.resolve();
        this.#changed = Promise.withResolvers<void>();
      } catch {
        // Closed, or a client that was gone before it was accepted, or no descriptors for a while.
        if (this.#isOpen) await pause(this.#clock, RETRY_MS);
      }
    }
  }
}
