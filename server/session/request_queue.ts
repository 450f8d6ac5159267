// Limits one peer's requests per turn of the event loop and per second, in order. Excess requests
// are queued, not dropped; meanwhile nothing is read from the peer.

import type { Limits } from "../limits/limits.ts";
import { RateLimit, type RateSettings } from "../net/rate_limit.ts";

/** The limits used; read each time, since they may change. */
export type RequestQueueLimits = Pick<Limits, "messageBurst" | "messageRate" | "requestsPerTurn">;

/** Performs the requests of one queue. */
export interface RequestHandler<Request> {
  /** Whether the peer has so much to read that its requests must wait. */
  readonly isCongested: boolean;
  /** Whether all peers together have used up this turn. */
  readonly isTurnOver: boolean;
  /** Performs a request; returns its cost, 1 for a message. */
  perform(request: Request): number;
}

/** The request queue of one peer. */
export class RequestQueue<Request> {
  readonly #limits: RequestQueueLimits;
  readonly #handler: RequestHandler<Request>;
  #rate: RateLimit | undefined;
  /** Queued requests, and how many of them were already performed. */
  #queued: Request[] = [];
  #performed = 0;
  /** Time and turn as of {@linkcode begin}, and the cost spent in that turn. */
  #now = 0;
  #turn = -1;
  #spent = 0;
  /** Whether input has used up what this turn, or the rate, allows. */
  #owes = false;

  constructor(limits: RequestQueueLimits, handler: RequestHandler<Request>) {
    this.#limits = limits;
    this.#handler = handler;
  }

  /**
   * Sets the time `now`, in milliseconds of a monotonic clock, and the turn of the event loop. A
   * fast peer causes several calls in one turn; its allowance starts again only with a new turn.
   */
  begin(now: number, turn: number): void {
    this.#now = now;
    if (turn === this.#turn) return;
    this.#turn = turn;
    this.#spent = 0;
  }

  /** Performs a request, or appends it to the queue. */
  take(request: Request): void {
    if (this.hasQueued || !this.#mayPerform) this.#queued.push(request);
    else this.#perform(request);
  }

  /** Performs queued requests, as far as this turn allows. */
  runQueued(): void {
    this.#owes &&= !this.#mayPerform;
    while (this.hasQueued && this.#mayPerform) {
      const request = this.#queued[this.#performed] as Request;
      if (++this.#performed >= this.#queued.length) this.#clear();
      this.#perform(request);
    }
  }

  /** Whether no more input should be taken: requests are queued, or input has used up the rate. */
  get isBehind(): boolean {
    return this.hasQueued || this.#owes;
  }

  /** Whether requests are queued. */
  get hasQueued(): boolean {
    return this.#performed < this.#queued.length;
  }

  /** Whether a new queue would behave the same at time `now`. */
  isIdle(now: number): boolean {
    return !this.isBehind && (this.#rate === undefined || this.#rate.isFull(now));
  }

  /** Milliseconds from `now` until the next request may be performed, 0 for the next turn. */
  waitMs(now: number): number {
    return this.#rate?.waitMs(now, rateOf(this.#limits)) ?? 0;
  }

  get #mayPerform(): boolean {
    return this.#spent < this.#limits.requestsPerTurn && !this.#handler.isCongested &&
      this.waitMs(this.#now) === 0 && (this.#isQuiet || !this.#handler.isTurnOver);
  }

  /** Whether this peer sends rarely: then it does not wait for peers that send much. */
  get #isQuiet(): boolean {
    return this.#spent === 0 && (this.#rate === undefined || this.#rate.isFull(this.#now));
  }

  #perform(request: Request): void {
    this.charge(this.#handler.perform(request));
  }

  /** Spends what input has cost that is no request; further input may have to wait. */
  chargeInput(cost: number): void {
    this.charge(cost);
    this.#owes = !this.#mayPerform;
  }

  /** Spends of the turn and of the rate what something has cost, 1 for a message. */
  charge(cost: number): void {
    this.#spent += cost;
    this.#rate ??= new RateLimit();
    this.#rate.spend(cost, this.#now, rateOf(this.#limits));
  }

  #clear(): void {
    this.#queued = [];
    this.#performed = 0;
  }
}

function rateOf({ messageBurst, messageRate }: RequestQueueLimits): RateSettings {
  return { burst: messageBurst, perSecond: messageRate };
}
