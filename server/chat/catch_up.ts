// Sends a member the messages it missed while disconnected, page by page and no faster than it
// reads; then it gets new messages like everyone else.

import type { ServerEvent } from "../../protocol/events.ts";
import type { Audience, History } from "../history/history.ts";
import { areAmong, type Delivery, type Member, type Readers } from "./member.ts";

/** What {@linkcode CatchUp} needs of the chat. */
export interface CatchUpOptions {
  readonly delivery: Delivery;
  readonly history: Pick<History, "firstSeq" | "lastSeq" | "next" | "rowsRead">;
  /** Calls `fire` once, after `ms` milliseconds. */
  readonly after: (ms: number, fire: () => void) => unknown;
  readonly entitled: (member: Member, audience: Audience, seq: number) => boolean;
}

/** Messages of one page: they fit a send queue that is low. */
const PAGE = 50;

/**
 * A page that reads more rows is expensive: only one of them is read in a turn of the event loop.
 */
const CHEAP_ROWS = 200;

/** Members that are sent what they missed. Messages stored meanwhile reach them as part of that. */
export class CatchUp {
  readonly #options: CatchUpOptions;
  readonly #members = new Set<Member>();
  /** Expensive pages that wait for their turn. */
  #waiting: (() => void)[] = [];

  constructor(options: CatchUpOptions) {
    this.#options = options;
  }

  /** Members that are still catching up: new messages are not sent to them directly. */
  get catchingUp(): ReadonlySet<Member> {
    return this.#members;
  }

  /**
   * Sends `member` every message after number `since`, and a gap for those that are no longer
   * stored.
   */
  start(member: Member, since: number): void {
    const { delivery, history } = this.#options;
    this.#members.add(member);
    const { lastSeq } = history;
    // A number greater than the newest: the server was restored without its last messages.
    if (since > lastSeq) delivery.toOne(member.peer, { type: "gap", from: lastSeq + 1, to: since });
    this.#step(member, Math.min(since, lastSeq));
  }

  /** Its connection was lost again. */
  stop(member: Member): void {
    this.#members.delete(member);
  }

  /** Sends an event that is not a message to the members that are catching up. */
  sendTo(event: ServerEvent, except?: Member, readers?: Readers): void {
    for (const member of this.#members) {
      if (member === except || !areAmong(readers, member.peer.encoder)) continue;
      this.#options.delivery.toOne(member.peer, event);
    }
  }

  #step(member: Member, since: number): void {
    const { delivery, history, entitled } = this.#options;
    const { peer } = member;
    // Read for each page: old messages may be deleted faster than the member reads.
    const { firstSeq } = history;
    if (since + 1 < firstSeq) {
      delivery.toOne(peer, { type: "gap", from: since + 1, to: firstSeq - 1 });
    }
    const visible = (audience: Audience, seq: number) => entitled(member, audience, seq);
    const read = history.rowsRead;
    const { messages, next } = history.next({ since, limit: PAGE, visible });
    const isCheap = history.rowsRead - read <= CHEAP_ROWS;
    for (const message of messages) delivery.toOne(peer, message);
    if (next === undefined) {
      this.#members.delete(member);
      return delivery.admit(member);
    }
    const proceed = () => {
      if (member.peer === peer && this.#members.has(member)) this.#step(member, next);
    };
    // Checked again when its turn comes: the queue may have filled meanwhile.
    const queued = () => this.#queueStep(() => delivery.whenLow(peer, proceed));
    delivery.whenLow(peer, isCheap ? proceed : queued);
  }

  #queueStep(step: () => void): void {
    if (this.#waiting.push(step) === 1) this.#nextTurn();
  }

  #nextTurn(): void {
    this.#options.after(0, () => {
      const step = this.#waiting.shift();
      if (this.#waiting.length > 0) this.#nextTurn();
      step?.();
    });
  }
}
