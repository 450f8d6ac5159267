// Keepalive: detects a server that vanished without closing (F26). After a silence it asks for a
// ping, and after more silence it reports the connection as dead.

import { Alarm, type Clock } from "../shared/clock.ts";

/** Silence after which a ping is sent, in milliseconds. */
export const KEEPALIVE_MS = 30_000;

/** How long the answer to the ping may take, in milliseconds. */
export const KEEPALIVE_ANSWER_MS = 15_000;

/** Silence after which a connection counts as lost, in milliseconds. */
export const LOST_MS = KEEPALIVE_MS + KEEPALIVE_ANSWER_MS;

/** What a connection does about silence. */
export interface LivenessListener {
  /** Sends a ping. */
  ping(): void;
  /** Ends the connection: the ping was not answered. */
  onSilence(): void;
}

/** Watches one connection at a time. */
export class Liveness {
  readonly #alarm: Alarm;
  readonly #listener: LivenessListener;

  constructor(clock: Clock, listener: LivenessListener) {
    this.#alarm = new Alarm(clock);
    this.#listener = listener;
  }

  /** Restarts the timer: the server sent something. */
  received(): void {
    this.#alarm.setForSilence(KEEPALIVE_MS, () => {
      this.#alarm.setForSilence(KEEPALIVE_ANSWER_MS, () => this.#listener.onSilence());
      this.#listener.ping();
    });
  }

  /** Stops watching until {@linkcode received} is called again. */
  stop(): void {
    this.#alarm.cancel();
  }
}
