// Whether the server at the other end is still there: a connection whose other end has vanished looks
// as quiet as one where nobody speaks (F26). It knows no connection.

import { Alarm, type Clock } from "../shared/clock.ts";

/** Silence after which the server is asked for a sign of life, in milliseconds. */
export const KEEPALIVE_MS = 30_000;

/** How long it may take to give one, in milliseconds. */
export const KEEPALIVE_ANSWER_MS = 15_000;

/** Silence after which a connection counts as lost, in milliseconds. */
export const LOST_MS = KEEPALIVE_MS + KEEPALIVE_ANSWER_MS;

/** What to do about silence. */
export interface LivenessListener {
  /** Ask for a sign of life. */
  ping(): void;
  /** There was none. */
  onSilence(): void;
}

/** Listens to one connection at a time. */
export class Liveness {
  readonly #alarm: Alarm;
  readonly #listener: LivenessListener;

  constructor(clock: Clock, listener: LivenessListener) {
    this.#alarm = new Alarm(clock);
    this.#listener = listener;
  }

  /** Something came: the silence begins anew. */
  received(): void {
    this.#alarm.setForSilence(KEEPALIVE_MS, () => {
      this.#alarm.setForSilence(KEEPALIVE_ANSWER_MS, () => this.#listener.onSilence());
      this.#listener.ping();
    });
  }

  /** Nobody listens any more, until something is {@linkcode clientMessage} again. */
  stop(): void {
    this.#alarm.cancel();
  }
}
