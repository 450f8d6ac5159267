// Carries out the requests of one connection in order, at its pace, and holds them back while an answer
// is awaited. It exists while there is anything to pace or to wait for: an idle connection has none.

import type { Request } from "../../protocol/requests.ts";
import type { Chat } from "../chat/chat.ts";
import type { Delivery, Member } from "../chat/member.ts";
import { performRequest } from "../chat/perform.ts";
import type { Clock } from "../../shared/clock.ts";
import { ANSWER_BYTES_PER_MESSAGE, OVERHEAD_BYTES, TEXT_PER_MESSAGE } from "../limits/tuning.ts";
import type { Connection } from "../net/connection.ts";
import { type RequestHandler, RequestQueue, type RequestQueueLimits } from "./request_queue.ts";
import type { RoundLimit } from "../round_limit.ts";
import type { TurnBudget } from "./turn_budget.ts";

/** What carrying out requests needs of the server; the same for all connections. */
export interface ExecutorOptions {
  readonly chat: Chat;
  readonly delivery: Pick<Delivery, "readmit">;
  readonly clock: Pick<Clock, "monotonic">;
  readonly limits: RequestQueueLimits;
  /** Every request counts; once the rounds are over, none is carried out (D7). */
  readonly rounds: Pick<RoundLimit, "isReached" | "count">;
  /** The same for all sessions of a server. */
  readonly turn: TurnBudget;
}

/** Whose requests they are. */
export interface Requester {
  /** Undefined before the dialect is known, and for a connection that is turned away. */
  readonly member: Member | undefined;
  /** Takes a request that may not be carried out before the server's password was given. */
  withholds(request: Request): boolean;
  /** Called after each request that was carried out. */
  onPerformed(request: Request): void;
}

/** What it asks of the connection. */
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
  /** Answers that later requests wait for. */
  #waits = 0;

  constructor(requester: Requester, connection: RequestSource, options: ExecutorOptions) {
    this.#requester = requester;
    this.#connection = connection;
    this.#options = options;
    this.#queue = new RequestQueue(options.limits, this);
    this.begin();
  }

  /** Called before each chunk: what is allowed in a turn of the event loop begins again with the turn. */
  begin(): void {
    const { clock, turn } = this.#options;
    this.#queue.begin(clock.monotonic(), turn.number);
  }

  /** Carries a request out, or queues it. */
  take(request: Request): void {
    this.#queue.take(request);
  }

  /** Carries out what is queued, as far as this turn allows. */
  resume(): void {
    this.begin();
    this.#queue.runQueued();
  }

  /** Whether requests are queued, or would be. */
  get isBehind(): boolean {
    return this.#isWaiting || this.#queue.hasQueued;
  }

  /** Milliseconds until it is time to resume, 0 for the next turn; Infinity while an answer is awaited. */
  get waitMs(): number {
    return this.#isWaiting ? Infinity : this.#queue.waitMs(this.#options.clock.monotonic());
  }

  /** Whether a new one would do the same at the time `now`. */
  isFresh(now: number): boolean {
    return !this.#isWaiting && this.#queue.isIdle(now);
  }

  /** Holds later requests back until what is returned is called. */
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
    return this.#isWaiting || this.#connection.isCongested;
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
    const said = "text" in request ? request.text.length : 0;
    // What others have just said comes first, and is no answer to this.
    if (said === 0) chat.history.flush();
    const queued = this.#connection.queuedBytes;
    const cost = performRequest(chat, member, request);
    // No message changes how its sender is written to; any other request may.
    if (said === 0 && this.#requester.member) delivery.readmit(this.#requester.member);
    this.#requester.onPerformed(request);
    // What comes back of a message is the message again, which has its price already.
    const answer = said > 0 ? 0 : Math.max(0, this.#connection.queuedBytes - queued);
    turn.spend(OVERHEAD_BYTES + said);
    return cost + Math.floor(said / TEXT_PER_MESSAGE) +
      Math.floor(answer / ANSWER_BYTES_PER_MESSAGE);
  }
}
