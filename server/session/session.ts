// One peer from its first byte to its last: turns bytes into requests for the chat, in the dialect that
// its arrival has found out. Knows no socket calls and no protocol's details.

import type {
  Answer,
  Dialect,
  DialectName,
  Encoder,
  Secrets,
  ServerCodec,
} from "../../protocol/dialect.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import { CLOSE_REASONS, type CloseReason, type Failure } from "../../protocol/failures.ts";
import { type Ref, type Request, type Verb, withRef } from "../../protocol/requests.ts";
import { Arrival, type Newcomer, type TurnedAway, UNKNOWN, UNKNOWN_CODEC } from "./registration.ts";
import type { Lock } from "../authority/password_gate.ts";
import type { Chat } from "../chat/chat.ts";
import type { Delivery, Member, Outbox, Peer } from "../chat/member.ts";
import { perform } from "../chat/perform.ts";
import type { Clock } from "../../shared/clock.ts";
import type { Limits } from "../limits/limits.ts";
import { ANSWER_BYTES_PER_MESSAGE, OVERHEAD_BYTES, TEXT_PER_MESSAGE } from "../limits/tuning.ts";
import type { ListenAddress } from "../net/address.ts";
import type { Connection } from "../net/connection.ts";
import type { ConnectionHandler } from "../net/connection_handler.ts";
import { Pace, type Paced } from "./request_queue.ts";
import type { Rounds } from "../round_limit.ts";
import type { Turn } from "./turn_budget.ts";
import type { Security } from "../tls_listeners.ts";

/** What the sessions of one listener need of the server: one object for all of them. */
export interface SessionOptions {
  readonly chat: Chat;
  readonly delivery: Delivery;
  readonly clock: Clock;
  readonly limits: Limits;
  /** Counted here, all of them; once they are over, requests are not heard any more (D7). */
  readonly rounds: Pick<Rounds, "areOver" | "count">;
  /** The same for all sessions of a server. */
  readonly turn: Turn;
  /** Where TLS is spoken, for whoever tries it elsewhere. */
  readonly security?: Pick<Security, "port">;
  readonly listener: ListenAddress;
  /** Where the server has a password. */
  readonly lock?: Lock | undefined;
}

/** Who comes. */
export interface Origin {
  /** IP address, or `unix`. */
  readonly address: string;
  /** Set for one who may not come in. */
  readonly turnedAway: TurnedAway | undefined;
  /** When, on the monotonic clock, unless that was just now. */
  readonly connectedAt?: number | undefined;
}

/** Requests that give a name. */
const NAMING: ReadonlySet<Verb> = new Set(["hello", "line", "rename"]);

/** A connection with a dialect, and with a member behind it once that is known. */
export class Session implements Peer, ConnectionHandler, Newcomer, Paced<Request>, Secrets {
  readonly address: string;
  readonly #connection: Connection;
  readonly #options: SessionOptions;
  #dialect: Dialect = UNKNOWN;
  #codec: ServerCodec = UNKNOWN_CODEC;
  #member: Member | undefined;
  /** Until it has a name. */
  #arrival: Arrival | undefined;
  /** One who may not come in never becomes a member. */
  readonly #isTurnedAway: boolean;
  /** Once it has asked for something; requests may wait here ({@linkcode ConnectionHandler.isBehind}). */
  #pace: Pace<Request> | undefined;
  /** Answers that its later requests wait for. */
  #waits = 0;
  /** Why it ended, as the others are told, where the reason alone does not say it. */
  #detail: string | undefined;
  #onEnded: ((session: Session, reason: CloseReason) => void) | undefined;

  constructor(connection: Connection, options: SessionOptions, origin: Origin) {
    this.address = origin.address;
    this.#connection = connection;
    this.#options = options;
    this.#isTurnedAway = origin.turnedAway !== undefined;
    this.#arrival = new Arrival(this, options, origin);
  }

  get dialect(): DialectName {
    return this.#dialect.name;
  }

  get echo(): boolean {
    return this.#options.listener.echo ?? this.#codec.echo ?? this.#dialect.echo;
  }

  get flagsReplay(): boolean {
    return this.#codec.flagsReplay ?? this.#dialect.flagsReplay;
  }

  get canRefuseName(): boolean {
    return this.#dialect.canRefuseName;
  }

  get encoder(): Encoder<ServerEvent> {
    return this.#codec.encoder;
  }

  get own(): Encoder<ServerEvent | Answer> | undefined {
    return this.#codec.own;
  }

  get outbox(): Outbox {
    return this.#connection;
  }

  /** The member behind it; none until the dialect is known. */
  get member(): Member | undefined {
    return this.#member;
  }

  get isRegistered(): boolean {
    return this.#member !== undefined && this.#member.name !== "";
  }

  /** Serves the peer until its connection has ended, then tells `onEnded` why it did. */
  run(onEnded: (session: Session, reason: CloseReason) => void): void {
    this.#onEnded = onEnded;
    this.#options.rounds.count();
    this.#arrival?.begin();
    this.#connection.run(this);
  }

  onClosed(reason: CloseReason): void {
    this.#options.rounds.count();
    this.#endArrival();
    try {
      this.#depart(reason, this.#detail);
    } finally {
      this.#onEnded?.(this, reason);
    }
  }

  close(reason: CloseReason, detail?: string, ref?: Ref): void {
    if (!this.#connection.isOpen) return;
    this.#options.chat.history.settle(); // what it said is answered before its goodbye
    this.#detail = detail;
    const text = detail ?? CLOSE_REASONS[reason];
    this.#options.delivery.toOne(this, { type: "closed", reason, text, ...withRef(ref) });
    this.#connection.close(reason);
    // At once, not when the last byte has left: the name is free and nothing more is routed here.
    this.#depart(reason, detail);
  }

  /** Unless its member goes on with another connection. */
  #depart(reason: CloseReason, detail: string | undefined): void {
    if (this.#member?.peer === this) this.#options.chat.leave(this.#member, reason, detail);
  }

  /** Ends the connection without waiting for the peer. */
  destroy(reason: CloseReason): void {
    this.#connection.destroy(reason);
  }

  /** Bytes that closing it lets go of. */
  get heldBytes(): number {
    return this.#connection.heldBytes;
  }

  /** Called every now and then: drops a peer that has stopped reading, and what an idle one can spare. */
  sweep(now: number): void {
    if (this.#pace?.isFresh(now)) this.#pace = undefined;
    this.#connection.checkStalled(now);
  }

  onChunk(chunk: Uint8Array): void {
    this.#beginPace();
    if (this.#arrival === undefined) this.feed(chunk);
    else this.#arrival.onChunk(chunk);
  }

  onEnd(): void {
    if (this.#arrival === undefined) this.endText();
    else this.#arrival.onEnd();
  }

  onHeard(): void {
    this.#options.chat.history.settle();
  }

  get isBehind(): boolean {
    return this.isWaiting || (this.#pace?.isBehind ?? false);
  }

  get waitMs(): number {
    if (this.isWaiting) return Infinity;
    return this.#pace?.waitMs(this.#options.clock.monotonic()) ?? 0;
  }

  resume(): void {
    this.#beginPace();
    this.#pace?.goOn();
    this.#settleIn();
  }

  takeOver(member: Member): void {
    this.#member = member;
  }

  adopt(dialect: Dialect): void {
    const { chat, clock, listener } = this.#options;
    const asksName = listener.at.kind === "tcp";
    this.#dialect = dialect;
    this.#codec = dialect.server({ notices: listener.notices, asksName, secrets: this });
    if (!this.#isTurnedAway) {
      this.#member = chat.connect(this, new Date(clock.now()).toISOString());
    }
  }

  feed(bytes: Uint8Array): void {
    this.#codec.decoder.feed(bytes, (request) => this.#onRequest(request));
  }

  endText(): void {
    this.#codec.decoder.end((request) => this.#onRequest(request));
  }

  reject(problem: Failure): void {
    this.#options.delivery.toOne(this, { type: "error", ...problem });
    this.#connection.close(
      problem.code === "line_too_long" ? "line_too_long" : "unsupported_protocol",
    );
  }

  #onRequest(request: Request): void {
    if (this.#pace === undefined) {
      this.#pace = new Pace(this.#options.limits, this);
      this.#beginPace();
    }
    this.#pace.take(request);
  }

  #beginPace(): void {
    const { clock, turn } = this.#options;
    this.#pace?.begin(clock.monotonic(), turn.number);
  }

  get isCongested(): boolean {
    return this.#connection.isCongested || this.isWaiting;
  }

  get isWaiting(): boolean {
    return this.#waits > 0;
  }

  wait(): () => void {
    this.#waits++;
    return () => {
      if (--this.#waits === 0) this.#connection.goOn();
    };
  }

  get isAsked(): boolean {
    return this.#arrival?.door?.isOpen === false || this.#member?.asked !== undefined;
  }

  onAdmitted(next: Request | undefined): void {
    this.#arrival?.onAdmitted();
    if (next !== undefined) this.perform(next);
  }

  onAsked(): void {
    this.#arrival?.onNameRefused();
  }

  perform(request: Request): number {
    // What stands behind a /quit in the same chunk is not heard any more.
    if (!this.#member || !this.#connection.isOpen || this.#options.rounds.areOver) return 0;
    this.#options.rounds.count();
    const { turn } = this.#options;
    const door = this.#arrival?.door;
    if (door?.isOpen === false && door.take(request)) {
      turn.spend(OVERHEAD_BYTES);
      return 1;
    }
    const { chat } = this.#options;
    const said = "text" in request ? request.text.length : 0;
    // What others have just said comes first, and is no answer to this.
    if (said === 0) chat.history.settle();
    const queued = this.#connection.queuedBytes;
    const cost = perform(chat, this.#member, request);
    // No message changes how its sender is written to; any other request may.
    if (said === 0) this.#options.delivery.readmit(this.#member);
    if (!this.isRegistered && NAMING.has(request.verb)) this.#arrival?.onNameRefused();
    this.#settleIn();
    // What comes back of a message is the message again, which has its price already.
    const answer = said > 0 ? 0 : Math.max(0, this.#connection.queuedBytes - queued);
    turn.spend(OVERHEAD_BYTES + said);
    return cost + Math.floor(said / TEXT_PER_MESSAGE) +
      Math.floor(answer / ANSWER_BYTES_PER_MESSAGE);
  }

  get isTurnOver(): boolean {
    return this.#options.turn.isOver;
  }

  /** It may have a name now, also one that took a while to prove. */
  #settleIn(): void {
    if (this.isRegistered) this.#endArrival();
  }

  #endArrival(): void {
    this.#arrival?.end();
    this.#arrival = undefined;
  }
}
