// Performs the requests of one connection in order and at its rate, and holds them back while an
// answer is awaited. Created on demand: an idle connection has none.

import type { Request } from "../../protocol/requests.ts";
import type { Chat } from "../chat/chat.ts";
import type { Delivery, Member } from "../chat/member.ts";
import { performRequest } from "../chat/perform.ts";
import type { Clock } from "../../shared/clock.ts";
import {
  ANSWER_BYTES_PER_MESSAGE,
  OVERHEAD_BYTES,
  TEXT_PER_MESSAGE,
  TURN_BYTES_PER_COST,
} from "../limits/tuning.ts";
import type { Connection } from "../net/connection.ts";
import { type RequestHandler, RequestQueue, type RequestQueueLimits } from "./request_queue.ts";
import type { RoundLimit } from "../round_limit.ts";
import type { TurnBudget } from "./turn_budget.ts";

/** How often it is tried whether waiting messages are stored, in milliseconds. */
const STORING_MS = 10;

/** What an executor needs of the server; the same for all connections. */
export interface ExecutorOptions {
  readonly chat: Chat;
  readonly delivery: Pick<Delivery, "readmit">;
  readonly clock: Pick<Clock, "monotonic">;
  readonly limits: RequestQueueLimits;
  /** Every request counts as a round; after the last round none is performed (D7). */
  readonly rounds: Pick<RoundLimit, "isReached" | "count">;
  /** The same for all sessions of a server. */
  readonly turn: TurnBudget;
}

/** The client whose requests are performed. */
export interface Requester {
  /** Undefined before the dialect is known, and for a connection that is not admitted. */
  readonly member: Member | undefined;
  /** Takes a request that may not be performed before the server's password is given. */
  withholds(request: Request): boolean;
  /** Called after each request that was performed. */
  onPerformed(request: Request): void;
}

/** What an executor needs of the connection. */
export type RequestSource = Pick<
  Connection,
  "continueReading" | "isCongested" | "isOpen" | "queuedBytes"
>;

/** The requests of one connection. */
export class RequestExecutor implements RequestHandler<Request> {
  readonly #requester: Requester;
  readonly #connection: RequestSource;
  readonly #options: ExecutorOptions;
  readonly #queue: RequestQueue<Request>;
  /** Number of answers that later requests wait for. */
  #waits = 0;

  constructor(requester: Requester, connection: RequestSource, options: ExecutorOptions) {
    this.#requester = requester;
    this.#connection = connection;
    this.#options = options;
    this.#queue = new RequestQueue(options.limits, this);
    this.begin();
  }

  /**
   * Called before each chunk: in a new turn of the event loop the allowance of a turn starts again.
   */
  begin(): void {
    const { clock, turn } = this.#options;
    this.#queue.begin(clock.monotonic(), turn.number);
  }

  /** Performs a request, or queues it. */
  take(request: Request): void {
    this.#queue.take(request);
  }

  /** Charges for input beside its requests, in messages. */
  charge(cost: number): void {
    this.#options.turn.spend(cost * TURN_BYTES_PER_COST); // a turn in which nothing is spent never ends
    this.#queue.chargeInput(cost);
  }

  /** Performs queued requests, as far as this turn allows. */
  resume(): void {
    this.begin();
    this.#queue.runQueued();
  }

  /** Whether requests are queued, or would be. */
  get isBehind(): boolean {
    return this.#isWaiting || this.#queue.isBehind;
  }

  /** Milliseconds until it can resume, 0 for the next turn; Infinity while an answer is awaited. */
  get waitMs(): number {
    if (this.#isWaiting) return Infinity;
    const ms = this.#queue.waitMs(this.#options.clock.monotonic());
    return this.#options.chat.history.isWaiting ? Math.max(ms, STORING_MS) : ms;
  }

  /** Whether a new executor would behave the same at time `now`. */
  isFresh(now: number): boolean {
    return !this.#isWaiting && this.#queue.isIdle(now);
  }

  /** Holds later requests back until the returned function is called. */
  wait(): () => void {
    this.#waits++;
    return () => {
      if (--this.#waits === 0) this.#connection.continueReading();
    };
  }

  get #isWaiting(): boolean {
    return this.#waits > 0;
  }

  get isCongested(): boolean {
    // While messages wait to be stored, later events would overtake them.
    return this.#isWaiting || this.#connection.isCongested || this.#options.chat.history.isWaiting;
  }

  get isTurnOver(): boolean {
    return this.#options.turn.isOver;
  }

  perform(request: Request): number {
    const { chat, delivery, rounds, turn } = this.#options;
    const { member } = this.#requester;
    // A request that follows a /quit in the same chunk is dropped.
    if (!member || !this.#connection.isOpen || rounds.isReached) return 0;
    rounds.count();
    if (this.#requester.withholds(request)) {
      turn.spend(OVERHEAD_BYTES);
      return 1;
    }
    const textLength = "text" in request ? request.text.length : 0;
    // Pending messages of others are delivered first, so that they do not count as an answer to
    // this request.
    if (textLength === 0) chat.history.flush();
    const queued = this.#connection.queuedBytes;
    const cost = performRequest(chat, member, request);
    // A message never changes its sender's encoder; any other request may.
    if (textLength === 0 && this.#requester.member) delivery.readmit(this.#requester.member);
    this.#requester.onPerformed(request);
    // The answer to a message is its echo, which is already paid for.
    const answer = textLength > 0 ? 0 : Math.max(0, this.#connection.queuedBytes - queued);
    const price = cost + Math.floor(textLength / TEXT_PER_MESSAGE) +
      Math.floor(answer / ANSWER_BYTES_PER_MESSAGE);
    const work = textLength > 0 ? textLength : price * TURN_BYTES_PER_COST;
    turn.spend(OVERHEAD_BYTES + work);
    return price;
  }
}
