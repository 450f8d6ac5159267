// Which messages were shown already, so that none is shown twice, whatever was sent again. Pure.

import type { MessageEvent } from "../protocol/events.ts";

/** The newest message seen of one server, by its number. */
export class ShownMessages {
  #seq = 0;
  #at = "";
  /** What had been seen when the session began: what comes from history may be older. */
  #before = { seq: 0, at: "" };

  /** The number after which messages are missing: what a resume asks for. */
  get since(): number {
    return this.#seq;
  }

  /** A new session begins, after which `seq` is the server's newest message. */
  begin(seq: number): void {
    this.#before = { seq: this.#seq, at: this.#at };
    // Lower than before where a server began to count anew.
    this.#seq = seq;
  }

  /** Whether `message` is news; it counts as seen from then on. */
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
