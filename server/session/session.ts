// One peer from its first byte to its last: its chunks go through registration until it has a name,
// and through its dialect's decoder to its request executor. To the chat it is a Peer.

import type { Texts } from "../../texts/texts.ts";
import type {
  Answer,
  Dialect,
  DialectName,
  Encoder,
  SecretInput,
  ServerCodec,
} from "../../protocol/dialect.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import type { CloseReason, Failure } from "../../protocol/failures.ts";
import { refusalEvent } from "../../protocol/refusal_event.ts";
import { type Ref, type Request, type Verb, withRef } from "../../protocol/requests.ts";
import {
  type AdmissionRefusal,
  type RegisteringConnection,
  Registration,
  UNDETECTED_DIALECT,
  undetectedCodec,
} from "./registration.ts";
import type { PasswordPolicy } from "../authority/password_gate.ts";
import type { Delivery, Member, Outbox, Peer } from "../chat/member.ts";
import type { Clock } from "../../shared/clock.ts";
import type { Limits } from "../limits/limits.ts";
import { INPUT_BYTES_PER_MESSAGE } from "../limits/tuning.ts";
import { asksName, type ListenAddress } from "../net/address.ts";
import type { Connection } from "../net/connection.ts";
import type { ConnectionHandler } from "../net/connection_handler.ts";
import { type ExecutorOptions, type Requester, RequestExecutor } from "./request_executor.ts";
import { httpRefusal } from "./http_refusal.ts";
import { LinePauses, type UnendedText } from "./line_pauses.ts";
import type { TlsListeners } from "../tls_listeners.ts";

/** What the sessions of one listener need of the server: one object for all of them. */
export interface SessionOptions extends ExecutorOptions {
  readonly delivery: Delivery;
  readonly clock: Clock;
  readonly limits: Limits;
  /** The language of texts for its peers. */
  readonly texts: Texts;
  /** The TLS port, named to clients that try TLS on another one. */
  readonly security?: Pick<TlsListeners, "port">;
  readonly listener: ListenAddress;
  /** Set if the server has a password. */
  readonly passwordPolicy?: PasswordPolicy | undefined;
}

/** Where a connection comes from, and whether it is admitted. */
export interface ConnectionOrigin {
  /** IP address, or `unix`. */
  readonly address: string;
  /** Set if it is not admitted. */
  readonly refusal: AdmissionRefusal | undefined;
  /** When it was accepted, on the monotonic clock (default now). */
  readonly connectedAt?: number | undefined;
}

/** Bytes a client may send beyond what its requests pay for, before it is charged for them. */
const UNPAID_BYTES = 4 * INPUT_BYTES_PER_MESSAGE;

/** Bytes decoded before it is asked whether requests wait: 16 KiB can hold 5,000 requests. */
const PIECE_BYTES = 2 * 1024;

/** Blank lines that cost as much as a message. */
const BLANK_LINES = 64;

const LF = 0x0a;

/** Requests that give a name. */
const NAMING: ReadonlySet<Verb> = new Set(["hello", "line", "rename"]);

/** A connection with a dialect, and with a member once the dialect is known. */
export class Session
  implements Peer, ConnectionHandler, RegisteringConnection, Requester, SecretInput, UnendedText {
  readonly address: string;
  readonly #connection: Connection;
  readonly #options: SessionOptions;
  #dialect: Dialect = UNDETECTED_DIALECT;
  #codec: ServerCodec;
  #member: Member | undefined;
  /** Exists until the client has a name. */
  #registration: Registration | undefined;
  /** Exists while requests are rate-limited or wait. */
  #requests: RequestExecutor | undefined;
  /** Exists while text without a line end waits, and for a peer that ends no lines. */
  #pauses: LinePauses | undefined;
  /** What of the last chunk waits to be decoded until the requests before it are performed. */
  #undecoded: Uint8Array | undefined;
  /** Bytes received that no request has paid for. */
  #unpaid = 0;
  #onEnded: ((session: Session, reason: CloseReason) => void) | undefined;

  constructor(connection: Connection, options: SessionOptions, origin: ConnectionOrigin) {
    this.address = origin.address;
    this.#connection = connection;
    this.#options = options;
    this.#codec = undetectedCodec(options.texts);
    this.#registration = new Registration(this, options, origin);
  }

  get dialect(): DialectName {
    return this.#dialect.name;
  }

  get texts(): Texts {
    return this.#options.texts;
  }

  get echo(): boolean {
    return this.#options.listener.echo ?? this.#codec.echo ?? this.#dialect.echo;
  }

  get flagsReplay(): boolean {
    return this.#codec.flagsReplay ?? this.#dialect.flagsReplay;
  }

  get dropsOwnName(): boolean {
    return this.#dialect.dropsOwnName;
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

  /** Its member; undefined until the dialect is known. */
  get member(): Member | undefined {
    return this.#member;
  }

  get isRegistered(): boolean {
    return this.#member !== undefined && this.#member.name !== "";
  }

  /** Serves the peer until its connection has ended, then calls `onEnded` with the reason. */
  run(onEnded: (session: Session, reason: CloseReason) => void): void {
    this.#onEnded = onEnded;
    this.#options.rounds.count();
    this.#registration?.start();
    this.#connection.run(this);
  }

  onClosed(reason: CloseReason): void {
    this.#options.rounds.count();
    this.#endPauses();
    this.#endRegistration();
    try {
      this.#leaveChat(reason);
    } finally {
      this.#onEnded?.(this, reason);
    }
  }

  close(reason: CloseReason, detail?: string, ref?: Ref): void {
    if (!this.#connection.isOpen) return;
    this.#options.chat.history.flush(); // its messages are acknowledged before its `closed`
    const text = detail ?? this.texts.closeReasons[reason];
    this.#options.delivery.toOne(this, { type: "closed", reason, text, ...withRef(ref) });
    this.#connection.close(reason);
    // Immediately and not when the last byte was sent: the name is free and nothing more is routed
    // here.
    this.#leaveChat(reason, detail);
  }

  /** Leaves the chat, unless its member has resumed on another connection. */
  #leaveChat(reason: CloseReason, detail?: string): void {
    if (this.#member?.peer === this) this.#options.chat.leave(this.#member, reason, detail);
  }

  /** Ends the connection without waiting for the peer. */
  destroy(reason: CloseReason): void {
    this.#connection.destroy(reason);
  }

  /** Bytes that are freed by closing it. */
  get ownBytes(): number {
    return this.#connection.ownBytes;
  }

  /**
   * Called periodically: drops a peer that has stopped reading, and frees what an idle peer does
   * not need.
   */
  sweep(now: number): void {
    if (this.#requests?.isFresh(now)) this.#requests = undefined;
    this.#connection.checkStalled(now);
  }

  onChunk(chunk: Uint8Array): void {
    this.#requests?.begin();
    this.#pauses?.beforeRead(chunk);
    if (this.#registration === undefined) this.feed(chunk);
    else this.#registration.onChunk(chunk);
    if (this.#awaitsPause) this.#awaitPause(chunk);
    else if (this.#pauses !== undefined) this.#endPauses();
  }

  onEnd(): void {
    const cuts = this.#pauses?.cuts;
    this.#endPauses();
    if (this.#registration === undefined) this.endText(cuts);
    else this.#registration.onEnd(cuts);
  }

  /** A client that ends no lines has sent a whole one: it closes without having read its answers. */
  onLost(): void {
    if (this.#pauses !== undefined && !this.#pauses.isTyped) this.onEnd();
  }

  get pendingBytes(): number {
    return this.#registration?.pendingBytes || (this.#codec.decoder.pendingBytes ?? 0);
  }

  /** Whether text waits that a pause can complete (D24). */
  get #awaitsPause(): boolean {
    if (this.#registration?.awaitsPause) return this.pendingBytes > 0;
    const { pendingBytes, endsLines } = this.#codec.decoder;
    return pendingBytes !== undefined && pendingBytes > 0 && !endsLines;
  }

  #awaitPause(read: Uint8Array): void {
    if (!this.#connection.isOpen) return;
    const { clock, listener } = this.#options;
    // People type key by key in telnet, not into a Unix socket.
    const fewest = listener.at.kind === "tcp" ? 2 : 1;
    this.#pauses ??= new LinePauses(this, clock, read, fewest);
    this.#pauses.afterRead();
  }

  #endPauses(): void {
    this.#pauses?.cancel();
    this.#pauses = undefined;
  }

  completeText(cuts: readonly number[]): void {
    this.#connection.work(() => {
      if (this.hasQueuedRequests) return this.#pauses?.afterRead(); // more may wait to be read
      this.#requests?.begin();
      if (this.#registration === undefined) this.endText(cuts);
      else this.#registration.onPause(cuts);
    });
  }

  onInputDone(): void {
    this.#options.chat.history.flush();
  }

  get hasQueuedRequests(): boolean {
    return this.#undecoded !== undefined || (this.#requests?.isBehind ?? false);
  }

  get waitMs(): number {
    return this.#requests?.waitMs ?? 0;
  }

  resume(): void {
    this.#requests?.resume();
    const rest = this.#undecoded;
    if (rest !== undefined && !this.#requests?.isBehind) {
      this.#undecoded = undefined;
      this.feed(rest);
    }
    this.#endRegistrationIfNamed();
  }

  attachMember(member: Member): void {
    this.#member = member;
  }

  adopt(dialect: Dialect, admitted: boolean): void {
    const { chat, clock, listener, texts } = this.#options;
    this.#dialect = dialect;
    const { layout, notices } = listener;
    this.#codec = dialect.server({
      notices,
      asksName: asksName(listener),
      layout,
      texts,
      secrets: this,
    });
    if (admitted) this.#member = chat.connect(this, new Date(clock.now()).toISOString());
  }

  feed(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
      if (from > 0 && this.#requests?.isBehind) {
        this.#undecoded = bytes.slice(from);
        return;
      }
      this.#feedPiece(bytes.subarray(from, from + PIECE_BYTES));
    }
  }

  #feedPiece(bytes: Uint8Array): void {
    this.#unpaid += bytes.length;
    let isJunk = true;
    const { decoder } = this.#codec;
    decoder.feed(bytes, (request) => {
      isJunk = false;
      this.#take(request);
    });
    // Lines without a request, such as blank ones, cost the most for their bytes.
    if (isJunk && decoder.endsLines && bytes.length > BLANK_LINES && bytes.includes(LF)) {
      this.#executor.charge(bytes.length / BLANK_LINES);
    }
    if (this.#unpaid <= UNPAID_BYTES) return;
    const cost = Math.floor(this.#unpaid / INPUT_BYTES_PER_MESSAGE);
    this.#unpaid -= cost * INPUT_BYTES_PER_MESSAGE;
    this.#executor.charge(cost);
  }

  endText(cuts?: readonly number[]): void {
    this.#codec.decoder.end((request) => this.#take(request), cuts);
  }

  /** A request pays for its text and for some more of the input, so that only junk costs extra. */
  #take(request: Request): void {
    const paid = INPUT_BYTES_PER_MESSAGE + ("text" in request ? request.text.length : 0);
    this.#unpaid = Math.max(0, this.#unpaid - paid);
    this.#executor.take(request);
  }

  reject(problem: Failure): void {
    this.#options.delivery.toOne(this, refusalEvent(problem, this.texts));
    this.#connection.close(
      problem.code === "line_too_long" ? "line_too_long" : "unsupported_protocol",
    );
  }

  answerHttp(line: string): void {
    const bytes = httpRefusal(line, this.texts);
    this.#options.delivery.toOne(this, { type: "answer", bytes });
    this.#connection.close("unsupported_protocol");
  }

  get #executor(): RequestExecutor {
    return this.#requests ??= new RequestExecutor(this, this.#connection, this.#options);
  }

  wait(): () => void {
    const resume = this.#executor.wait();
    const restartDeadline = this.#registration?.wait();
    return () => {
      restartDeadline?.();
      resume();
    };
  }

  get awaitsSecret(): boolean {
    return this.#registration?.isLocked || this.#member?.nameToProve !== undefined;
  }

  perform(request: Request): void {
    this.#executor.perform(request);
  }

  withholds(request: Request): boolean {
    return this.#registration?.withholds(request) ?? false;
  }

  onPerformed({ verb }: Request): void {
    if (!this.isRegistered && NAMING.has(verb)) this.#registration?.onNameRefused();
    this.#endRegistrationIfNamed();
  }

  /** Ends the registration once there is a name, also one that took a while to prove. */
  #endRegistrationIfNamed(): void {
    if (this.isRegistered) this.#endRegistration();
  }

  #endRegistration(): void {
    this.#registration?.end();
    this.#registration = undefined;
  }
}
