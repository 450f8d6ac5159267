// One peer from its first byte to its last: finds out its dialect, greets whoever waits for a
// greeting, turns bytes into requests for the chat. Knows no socket calls and no protocol's details.

import { detect } from "../protocol/detect.ts";
import type { Codec, Dialect, DialectName, Encoder } from "../protocol/dialect.ts";
import { dialectNamed, DIALECTS } from "../protocol/dialects.ts";
import type { ServerEvent } from "../protocol/events.ts";
import { CLOSE_REASONS, type CloseReason, type Failure } from "../protocol/failures.ts";
import { joined } from "../protocol/head.ts";
import { type Ref, type Request, type Verb, withRef } from "../protocol/requests.ts";
import { HELP } from "../protocol/commands.ts";
import type { Member, Outbox, Peer } from "./chat/member.ts";
import { perform } from "./chat/requests.ts";
import { Alarm } from "./clock.ts";
import type { Connection } from "./net/connection.ts";
import type { ConnectionHandler } from "./net/handler.ts";
import type { SessionOptions } from "./session_options.ts";

/** Whoever has said nothing yet is spoken to in the dialect of people. */
const UNKNOWN: Dialect = DIALECTS[DIALECTS.length - 1] as Dialect;

const LF = 0x0a;

const NOTHING = new Uint8Array(0);

/** Requests that give a name. */
const NAMING: ReadonlySet<Verb> = new Set(["hello", "line", "rename"]);

/** A connection with a dialect, and with a member behind it once that is known. */
export class Session implements Peer, ConnectionHandler {
  readonly #connection: Connection;
  readonly #options: SessionOptions;
  readonly #connectedAt: number;
  #dialect: Dialect = UNKNOWN;
  #codec: Codec<Request, ServerEvent>;
  #member: Member | undefined;
  /** First bytes, kept until they tell the dialect. */
  #head: Uint8Array | undefined = NOTHING;
  /** Runs while silence would say something: who is to be greeted, or that raw text is complete. */
  readonly #silence: Alarm;
  readonly #deadline: Alarm;
  #lineBegan = false;
  #greeted = false;
  #firstLineEnded = false;
  /** Requests of the last chunk, put off: see {@linkcode ConnectionHandler.isBehind}. */
  #postponed: Request[] = [];
  /** Requests carried out in this turn of the event loop. */
  #performed = 0;
  /** Why it ended, as the others are told, where the reason alone does not say it. */
  #detail: string | undefined;
  #onEnded: ((session: Session, reason: CloseReason) => void) | undefined;

  constructor(connection: Connection, options: SessionOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#connectedAt = options.connectedAt ?? options.clock.monotonic();
    this.#silence = new Alarm(options.clock);
    this.#deadline = new Alarm(options.clock);
    this.#codec = this.#codecOf(UNKNOWN);
  }

  get dialect(): DialectName {
    return this.#dialect.name;
  }

  get address(): string {
    return this.#options.address;
  }

  get echo(): boolean {
    return this.#options.listener.echo ?? this.#dialect.echo;
  }

  get canRefuseName(): boolean {
    return this.#dialect.canRefuseName;
  }

  get encoder(): Encoder<ServerEvent> {
    return this.#codec.encoder;
  }

  get outbox(): Outbox {
    return this.#connection;
  }

  /** The member behind it; none until the dialect is known. */
  get member(): Member | undefined {
    return this.#member;
  }

  /** Serves the peer until its connection has ended, then tells `onEnded` why it did. */
  run(onEnded: (session: Session, reason: CloseReason) => void): void {
    this.#onEnded = onEnded;
    const { limits, listener, rounds } = this.#options;
    rounds.count();
    this.#allow(limits.registrationMs);
    const pinned = listener.dialect === undefined ? undefined : dialectNamed(listener.dialect);
    if (pinned !== undefined) {
      this.#adopt(pinned);
      this.#turnAway();
      if (pinned === UNKNOWN && this.#asksName) this.#greet();
    } else if (this.#asksName) {
      this.#silence.setForSilence(limits.greetAfterMs, () => this.#greet());
    }
    this.#connection.run(this);
  }

  onClosed(reason: CloseReason): void {
    this.#options.rounds.count();
    this.#silence.cancel();
    this.#deadline.cancel();
    try {
      if (this.#member) this.#options.chat.leave(this.#member, reason, this.#detail);
    } finally {
      this.#onEnded?.(this, reason);
    }
  }

  close(reason: CloseReason, detail?: string, ref?: Ref): void {
    if (!this.#connection.isOpen) return;
    this.#detail = detail;
    const text = detail ?? CLOSE_REASONS[reason];
    this.#options.delivery.toOne(this, { type: "closed", reason, text, ...withRef(ref) });
    this.#connection.close(reason);
    // At once, not when the last byte has left: the name is free and nothing more is routed here.
    if (this.#member) this.#options.chat.leave(this.#member, reason, detail);
  }

  /** Ends the connection without waiting for the peer. */
  destroy(reason: CloseReason): void {
    this.#connection.destroy(reason);
  }

  /** Drops a peer that has stopped reading. */
  checkStalled(now: number): void {
    this.#connection.checkStalled(now);
  }

  onChunk(chunk: Uint8Array): void {
    this.#performed = 0;
    if (!this.#lineBegan) this.#beginLine();
    if (this.#head !== undefined) {
      this.#head = joined(this.#head, chunk);
      this.#recognise(false);
    } else {
      this.#codec.decoder.feed(chunk, this.#onRequest);
    }
    if (!this.#asksName && !this.#firstLineEnded) this.#awaitFirstLine(chunk);
    this.#settleIn();
  }

  onEnd(): void {
    if (this.#head !== undefined && this.#head.length > 0) this.#recognise(true);
    if (this.#head === undefined) this.#codec.decoder.end(this.#onRequest);
  }

  get isBehind(): boolean {
    return this.#postponed.length > 0;
  }

  resume(): void {
    this.#performed = 0;
    const postponed = this.#postponed;
    this.#postponed = [];
    for (const request of postponed) this.#onRequest(request);
  }

  readonly #onRequest = (request: Request): void => {
    // What stands behind a /quit in the same chunk is not heard any more.
    if (!this.#member || !this.#connection.isOpen || this.#options.rounds.areOver) return;
    const enough = this.#performed >= this.#options.limits.requestsPerTurn;
    if (enough || this.isBehind || this.#connection.isCongested) {
      this.#postponed.push(request);
      return;
    }
    this.#performed++;
    this.#options.rounds.count();
    perform(this.#options.chat, this.#member, request);
    // The name was refused: whoever has said one has as long as anybody to think of another (D6).
    if (this.#member.name === "" && NAMING.has(request.verb)) {
      this.#allow(this.#options.limits.greetedMs);
    }
  };

  /** A name is asked for on TCP; what comes over a Unix socket may be raw text (D3). */
  get #asksName(): boolean {
    return this.#options.listener.at.kind === "tcp";
  }

  #codecOf(dialect: Dialect): Codec<Request, ServerEvent> {
    const { notices } = this.#options.listener;
    return dialect.server({ notices, asksName: this.#asksName });
  }

  #recognise(ended: boolean): void {
    const head = this.#head;
    if (head === undefined) return;
    const detected = detect(head, ended, this.#options.tlsPort);
    if (detected.kind === "more") return;
    this.#silence.cancel();
    if (detected.kind === "refused") return this.#refuse(detected.failure);
    this.#adopt(detected.dialect);
    // However fast the first line came, the first thing shown is the welcome (R29).
    if (detected.dialect === UNKNOWN && this.#asksName && !this.#greeted) this.#greet();
    this.#codec.decoder.feed(head, this.#onRequest);
    this.#turnAway();
  }

  #adopt(dialect: Dialect): void {
    this.#head = undefined;
    this.#dialect = dialect;
    this.#codec = this.#codecOf(dialect);
    const { chat, clock, turnedAway } = this.#options;
    if (!turnedAway) this.#member = chat.connect(this, new Date(clock.now()).toISOString());
  }

  /** Tells one who may not come in: behind the first bytes, for they may settle how to say it (D2). */
  #turnAway(): void {
    const { turnedAway } = this.#options;
    if (turnedAway) this.close(turnedAway.reason, turnedAway.text);
  }

  #refuse(problem: Failure): void {
    this.#head = undefined;
    this.#options.delivery.toOne(this, { type: "error", ...problem });
    this.#connection.close(
      problem.code === "line_too_long" ? "line_too_long" : "unsupported_protocol",
    );
  }

  /** Welcomes whoever waits to be spoken to (R29); what comes first may still be another dialect. */
  #greet(): void {
    const { chat, delivery, limits, turnedAway } = this.#options;
    if (turnedAway) return this.#turnAway();
    this.#greeted = true;
    const within = Math.round(limits.greetedMs / 1000);
    delivery.toOne(this, { type: "greeting", here: chat.members.size, commands: HELP, within });
    this.#allow(limits.greetedMs);
  }

  /**
   * Raw text on a Unix socket need not end with a newline (R6), nor does `nc` end the stream when its
   * own input has ended: silence behind the first bytes ends them.
   */
  #awaitFirstLine(chunk: Uint8Array): void {
    this.#silence.cancel();
    this.#firstLineEnded = chunk.includes(LF) ||
      (this.#head === undefined && this.#dialect !== UNKNOWN);
    if (this.#firstLineEnded) return;
    const { limits } = this.#options;
    this.#silence.setForSilence(limits.greetAfterMs, () => {
      this.#firstLineEnded = true;
      this.#recognise(true);
      if (this.#dialect === UNKNOWN) this.#codec.decoder.end(this.#onRequest);
      this.#settleIn();
    });
  }

  /** Whoever has a name is no longer hurried. */
  #settleIn(): void {
    if (this.#member && this.#member.name !== "") this.#deadline.cancel();
  }

  /** From the first byte of its first line on, a peer has as long as one that was never greeted. */
  #beginLine(): void {
    this.#lineBegan = true;
    this.#silence.cancel();
    const { clock, limits } = this.#options;
    const spent = clock.monotonic() - this.#connectedAt;
    this.#allow(Math.min(spent + limits.registrationMs, limits.greetedMs));
  }

  /** Moves the deadline to so many milliseconds after the connection came. */
  #allow(msFromConnect: number): void {
    const { clock } = this.#options;
    const left = Math.max(0, this.#connectedAt + msFromConnect - clock.monotonic());
    this.#deadline.set(left, () => this.#tooLate());
  }

  #tooLate(): void {
    if (this.#member === undefined || this.#member.name === "") this.close("registration_timeout");
  }
}
