// What a member missed while it was away, page by page, as fast as it reads and no faster; then it
// gets what is said from now on like everyone else. Pure.

import type { ServerEvent } from "../../protocol/events.ts";
import type { Audience, History } from "../history/history.ts";
import { areAmong, type Delivery, type Member, type Readers } from "./member.ts";

/** What catching up needs. */
export interface CatchUpOptions {
  readonly delivery: Delivery;
  readonly history: Pick<History, "firstSeq" | "lastSeq" | "next" | "rowsRead">;
  /** Calls `fire` once, after `ms` milliseconds. */
  readonly after: (ms: number, fire: () => void) => unknown;
  readonly entitled: (member: Member, audience: Audience, seq: number) => boolean;
}

/** Messages of one page: few enough that a queue which is low takes them. */
const PAGE = 50;

/** Whoever needs more rows for a page waits for its turn: one such page in a turn of the event loop. */
const CHEAP_ROWS = 200;

/** Members who are told what they missed. What is said meanwhile reaches them as part of that. */
export class CatchUp {
  readonly #options: CatchUpOptions;
  readonly #behind = new Set<Member>();
  /** Expensive pages that wait for their turns. */
  #waiting: (() => void)[] = [];

  constructor(options: CatchUpOptions) {
    this.#options = options;
  }

  /** Those who are not there yet: they get no message twice. */
  get catchingUp(): ReadonlySet<Member> {
    return this.#behind;
  }

  /** Tells `member` every message behind number `since`, and of those that are no longer stored. */
  start(member: Member, since: number): void {
    const { delivery, history } = this.#options;
    this.#behind.add(member);
    const { lastSeq } = history;
    // A number from the future: a server that lost its last messages was restored.
    if (since > lastSeq) delivery.toOne(member.peer, { type: "gap", from: lastSeq + 1, to: since });
    this.#step(member, Math.min(since, lastSeq));
  }

  /** Its connection has gone again. */
  stop(member: Member): void {
    this.#behind.delete(member);
  }

  /** Tells those who are not there yet something that is not a message. */
  sendTo(event: ServerEvent, except?: Member, readers?: Readers): void {
    for (const member of this.#behind) {
      if (member === except || !areAmong(readers, member.peer.encoder)) continue;
      this.#options.delivery.toOne(member.peer, event);
    }
  }

  #step(member: Member, since: number): void {
    const { delivery, history, entitled } = this.#options;
    const { peer } = member;
    // Each time: what is old may be forgotten faster than somebody reads.
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
      this.#behind.delete(member);
      return delivery.admit(member);
    }
    const goOn = () => {
      if (member.peer === peer && this.#behind.has(member)) this.#step(member, next);
    };
    // Once more behind its turn: it may have got much to read meanwhile.
    const inTurn = () => this.#inTurn(() => delivery.whenLow(peer, goOn));
    delivery.whenLow(peer, isCheap ? goOn : inTurn);
  }

  #inTurn(step: () => void): void {
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
