// How fast one peer's requests are carried out: so much in a turn of the event loop, so much a second,
// and in order. What has to wait is kept here, nothing is dropped: whoever reads from the peer stops
// until it is done. Pure; knows nothing of what the requests are.

import type { Limits } from "../limits/limits.ts";
import { RateLimit, type RateSettings } from "../net/rate_limit.ts";

/** The limits a pace goes by; looked at each time, for they may change. */
export type RequestQueueLimits = Pick<Limits, "messageBurst" | "messageRate" | "requestsPerTurn">;

/** Whose requests are paced. */
export interface RequestHandler<Request> {
  /** Whether it has so much to read that its requests must wait. */
  readonly isCongested: boolean;
  /** Whether all peers together have had their part of this turn. */
  readonly isTurnOver: boolean;
  /** Carries one out; answers what it cost, a message being 1. */
  perform(request: Request): number;
}

/** The pace of one peer. */
export class RequestQueue<Request> {
  readonly #limits: RequestQueueLimits;
  readonly #peer: RequestHandler<Request>;
  #rate: RateLimit | undefined;
  /** Those put off, and how many of them have had their turn. */
  #waiting: Request[] = [];
  #taken = 0;
  /** What time it is, which turn, and what was spent in it. */
  #now = 0;
  #turn = -1;
  #spent = 0;

  constructor(limits: RequestQueueLimits, peer: RequestHandler<Request>) {
    this.#limits = limits;
    this.#peer = peer;
  }

  /**
   * It is `now`, in milliseconds since some moment, and turn `turn` of the event loop. Whoever is fast
   * to write or to read gets here several times in one turn; what is allowed for a turn does not begin
   * anew then.
   */
  begin(now: number, turn: number): void {
    this.#now = now;
    if (turn === this.#turn) return;
    this.#turn = turn;
    this.#spent = 0;
  }

  /** Carries a request out, or puts it off behind those that wait. */
  take(request: Request): void {
    if (this.hasQueued || !this.#mayGoOn) this.#waiting.push(request);
    else this.#perform(request);
  }

  /** Carries out what was put off, as far as this turn allows. */
  runQueued(): void {
    while (this.hasQueued && this.#mayGoOn) {
      const request = this.#waiting[this.#taken] as Request;
      if (++this.#taken >= this.#waiting.length) this.#forget();
      this.#perform(request);
    }
  }

  /** Whether any wait for their turn. */
  get hasQueued(): boolean {
    return this.#taken < this.#waiting.length;
  }

  /** Whether it is as good as a new one at the time `now`. */
  isIdle(now: number): boolean {
    return !this.hasQueued && (this.#rate === undefined || this.#rate.isFull(now));
  }

  /** Milliseconds from the time `now` until the next one may be carried out, 0 for the next turn. */
  waitMs(now: number): number {
    return this.#rate?.waitMs(now, rateOf(this.#limits)) ?? 0;
  }

  get #mayGoOn(): boolean {
    return this.#spent < this.#limits.requestsPerTurn && !this.#peer.isCongested &&
      this.waitMs(this.#now) === 0 && (this.#isQuiet || !this.#peer.isTurnOver);
  }

  /** Whoever says something now and then does not wait for those who say much. */
  get #isQuiet(): boolean {
    return this.#spent === 0 && (this.#rate === undefined || this.#rate.isFull(this.#now));
  }

  #perform(request: Request): void {
    const cost = this.#peer.perform(request);
    this.#spent += cost;
    this.#rate ??= new RateLimit();
    this.#rate.spend(cost, this.#now, rateOf(this.#limits));
  }

  #forget(): void {
    this.#waiting = [];
    this.#taken = 0;
  }
}

function rateOf({ messageBurst, messageRate }: RequestQueueLimits): RateSettings {
  return { burst: messageBurst, perSecond: messageRate };
}
