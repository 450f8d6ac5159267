// Tracks which messages were shown, so that none is shown twice after a resume or a replay. Pure.

import type { MessageEvent } from "../protocol/events.ts";

/** The newest message seen of one server, by its `seq`. */
export class ShownMessages {
  #seq = 0;
  #at = "";
  /** The newest message seen before this session: replayed history may be older. */
  #before = { seq: 0, at: "" };

  /** The `seq` after which messages are missing, for a resume. */
  get since(): number {
    return this.#seq;
  }

  /** A new session begins, after which `seq` is the server's newest message. */
  begin(seq: number): void {
    this.#before = { seq: this.#seq, at: this.#at };
    // Lower than before if the server restarted and numbers from 1 again.
    this.#seq = seq;
  }

  /** Whether `message` is new; it counts as seen from then on. */
  take(message: MessageEvent): boolean {
    const { seq, at, replay } = message;
    const isNews = replay
      // By time as well: after a restart without history the same number is another message.
      ? seq > this.#before.seq || at > this.#before.at
      : seq > this.#seq;
    if (!isNews) return false;
    if (!replay) this.#seq = seq;
    if (at > this.#at) this.#at = at;
    return true;
  }
}
