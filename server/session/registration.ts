// Detects the dialect, greets, and enforces the registration deadline. Exists only until the client
// has a name, so that registered clients do not pay for it.

import { perLanguage } from "../../texts/per_language.ts";
import type { Texts } from "../../texts/texts.ts";
import { detect } from "../../protocol/detect.ts";
import type { Codec, Dialect } from "../../protocol/dialect.ts";
import { dialectNamed, DIALECTS } from "../../protocol/dialects.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import type { CloseReason, Failure } from "../../protocol/failures.ts";
import { concatBuffers, firstLine, withoutBom } from "../../protocol/first_bytes.ts";
import { HTTP } from "../../protocol/foreign_protocols.ts";
import type { Request } from "../../protocol/requests.ts";
import { helpIn } from "../../protocol/slash_commands.ts";
import {
  type GatedConnection,
  type GatedPeer,
  PasswordGate,
  type PasswordPolicy,
} from "../authority/password_gate.ts";
import type { Chat } from "../chat/chat.ts";
import type { Delivery } from "../chat/member.ts";
import { Alarm, type Clock } from "../../shared/clock.ts";
import { BlankLines, ENTER, isBlank } from "./blank_lines.ts";
import type { Limits } from "../limits/limits.ts";
import { asksName, type ListenAddress } from "../net/address.ts";

/** The dialect of a connection that has sent nothing yet: `plain`, for people. */
export const UNDETECTED_DIALECT: Dialect = DIALECTS[DIALECTS.length - 1] as Dialect;

/** The codec of connections whose dialect is unknown: only its encoder is used. */
export const undetectedCodec: (texts: Texts) => Codec<Request, ServerEvent> = perLanguage(
  (texts) => UNDETECTED_DIALECT.server({ notices: false, asksName: true, texts }),
);

const EMPTY = new Uint8Array(0);

/** What a registration needs of the server; the same for all connections of a listener. */
export interface RegistrationOptions {
  readonly chat: Pick<Chat, "members">;
  readonly delivery: Pick<Delivery, "toOne">;
  readonly clock: Clock;
  readonly limits: Pick<Limits, "registrationMs" | "greetAfterMs" | "greetedMs">;
  /** The TLS port, named to clients that try TLS on another one. */
  readonly security?: { readonly port: number | undefined };
  readonly listener: ListenAddress;
  /** Set if the server has a password. */
  readonly passwordPolicy?: PasswordPolicy | undefined;
}

/** Why a connection is not admitted: sent in its dialect before it is closed. */
export interface AdmissionRefusal {
  readonly reason: CloseReason;
  readonly text: Failure["text"];
}

/** The connection, as its registration uses it. */
export type RegisteringConnection = GatedPeer & {
  /** Whether it has a name. */
  readonly isRegistered: boolean;
  /** Bytes that wait for the end of their line; none of a frame. */
  readonly pendingBytes: number;
  /** Sets its dialect; if it is `admitted`, it becomes a member of the chat. */
  adopt(dialect: Dialect, admitted: boolean): void;
  /** Decodes bytes of its dialect. */
  feed(bytes: Uint8Array): void;
  /** Ends its text: an unfinished line counts as complete, or as several, cut at `cuts`. */
  endText(cuts?: readonly number[]): void;
  /** Sends a refusal and closes the connection. */
  reject(problem: Failure): void;
  /** Answers a request of HTTP, of which `line` is the first line, and closes the connection. */
  answerHttp(line: string): void;
  /** Performs a request that was withheld until the password was given. */
  perform(request: Request): void;
};

/** The registration of one connection. */
export class Registration implements GatedConnection {
  readonly #connection: RegisteringConnection;
  readonly #options: RegistrationOptions;
  readonly #refusal: AdmissionRefusal | undefined;
  readonly #connectedAt: number;
  /** Set if the server has a password. */
  readonly #gate: PasswordGate | undefined;
  #dialect: Dialect | undefined;
  /** First bytes, kept until the dialect is known. */
  #head: Uint8Array | undefined = EMPTY;
  /** First bytes that may be those of a BOM; undefined once that is known. */
  #start: Uint8Array | undefined = EMPTY;
  /** Runs until the client has sent something: silence says that it waits for a greeting. */
  readonly #silence: Alarm;
  readonly #deadline: Alarm;
  /** When the deadline is, in milliseconds after the connection, and how long it stood still. */
  #deadlineMs = 0;
  #waitedMs = 0;
  #waits = 0;
  #waitingSince = 0;
  #hasEnded = false;
  #lineBegan = false;
  #greeted = false;
  /** Exists once the client has sent a blank line first. */
  #blankLines: BlankLines | undefined;

  constructor(
    connection: RegisteringConnection,
    options: RegistrationOptions,
    { refusal, connectedAt }: {
      readonly refusal: AdmissionRefusal | undefined;
      readonly connectedAt?: number | undefined;
    },
  ) {
    this.#connection = connection;
    this.#options = options;
    this.#refusal = refusal;
    this.#connectedAt = connectedAt ?? options.clock.monotonic();
    this.#gate = options.passwordPolicy &&
      new PasswordGate(options.passwordPolicy, connection, this);
    this.#silence = new Alarm(options.clock);
    this.#deadline = new Alarm(options.clock);
  }

  /** The connection was accepted. */
  start(): void {
    const { limits } = this.#options;
    this.#setDeadline(limits.registrationMs);
    const pinned = this.#pinned;
    if (pinned !== undefined && this.#refusal !== undefined) {
      this.#adopt(pinned);
      this.#sendRefusal();
    } else if (this.#options.listener.greet !== undefined) {
      this.#greet();
    } else if (this.#isForPeople) {
      this.#silence.setForSilence(limits.greetAfterMs, () => this.#greet());
    }
  }

  /** Called with each chunk received. */
  onChunk(received: Uint8Array): void {
    if (!this.#lineBegan) this.#beginLine();
    const chunk = this.#skipBom(received);
    if (chunk.length === 0) return;
    if (this.#head === undefined) {
      this.#connection.feed(chunk);
    } else {
      this.#head = concatBuffers(this.#head, chunk);
      if (this.#isForPeople && isBlank(this.#head)) return this.#onBlank(this.#head);
      this.#head = this.#blankLines?.without(this.#head, this.#options.limits.greetAfterMs) ??
        this.#head;
      this.#detect(false);
    }
  }

  #onBlank(head: Uint8Array): void {
    const { clock, limits } = this.#options;
    this.#blankLines ??= new BlankLines(clock);
    const next = this.#blankLines.take(head, this.#greeted, limits.greetAfterMs);
    if (next === "greet") this.#greet();
    if (next === "wait") this.#silence.setForSilence(limits.greetAfterMs, () => this.#onEnter());
  }

  /** Enter alone asks for a default name; more blank lines ask for nothing. */
  #onEnter(): void {
    if (this.#blankLines?.answer()) {
      this.#head = ENTER;
      return this.#detect(false);
    }
    const text = this.#connection.texts.notices.typeName;
    this.#options.delivery.toOne(this.#connection, { type: "notice", text });
  }

  /** Bytes whose dialect is not known yet. */
  get pendingBytes(): number {
    if (this.#isForPeople && isBlank(this.#head)) return 0;
    return (this.#head?.length ?? 0) + (this.#start?.length ?? 0);
  }

  /**
   * Whether a pause completes the bytes that wait (D24): first bytes, and on a Unix socket the text
   * after the password, however that line ended (R6).
   */
  get awaitsPause(): boolean {
    return this.pendingBytes > 0 || (!this.#asksName && this.#gate?.isOpen === true);
  }

  /** Called in a pause of a client whose bytes wait; `cuts` are the ends of lines in them. */
  onPause(cuts: readonly number[]): void {
    const head = this.#head;
    if (head === undefined) return this.#connection.endText(cuts);
    this.#detect(true, cuts[0]);
    if (this.#connection.pendingBytes > 0) this.#connection.endText(cuts);
  }

  /** The bytes after a BOM at the start of the stream; none while more bytes decide. */
  #skipBom(chunk: Uint8Array): Uint8Array {
    if (this.#start === undefined) return chunk;
    const start = this.#start.length === 0 ? chunk : concatBuffers(this.#start, chunk);
    const rest = withoutBom(start);
    this.#start = rest === undefined ? start.slice() : undefined;
    return rest ?? EMPTY;
  }

  /** Called when the peer has sent EOF. */
  onEnd(cuts?: readonly number[]): void {
    if (this.#isForPeople && isBlank(this.#head)) return; // it has sent no text
    if (this.#head !== undefined && this.#head.length > 0) this.#detect(true, cuts?.[0]);
    if (this.#head === undefined) this.#connection.endText(cuts);
  }

  /** Whether the server's password is still missing. */
  get isLocked(): boolean {
    return this.#gate?.isOpen === false;
  }

  /**
   * Takes a request that may not be performed before the password is given; false for other
   * requests.
   */
  withholds(request: Request): boolean {
    return this.#gate?.isOpen === false && this.#gate.take(request);
  }

  /**
   * A name was refused: the client gets as much time for another one as after the greeting (D6).
   */
  onNameRefused(): void {
    this.#setDeadline(this.#options.limits.greetedMs);
  }

  onPasswordRequested(): void {
    this.onNameRefused();
  }

  /** The password was right: a client that waits for a greeting is greeted now. */
  onAdmitted(next: Request | undefined): void {
    if (this.#dialect === UNDETECTED_DIALECT && this.#asksName) this.#greet();
    else this.onNameRefused();
    if (next !== undefined) this.#connection.perform(next);
  }

  /** The client has a name or is disconnected: cancels all timers. */
  end(): void {
    this.#hasEnded = true;
    this.#silence.cancel();
    this.#deadline.cancel();
    this.#gate?.end();
  }

  /** The dialect of every connection of this listener. */
  get #pinned(): Dialect | undefined {
    const { dialect } = this.#options.listener;
    return dialect === undefined ? undefined : dialectNamed(dialect);
  }

  /** Whether it may be a person who waits for the greeting; programs of a pinned dialect do not. */
  get #isForPeople(): boolean {
    return this.#asksName && (this.#pinned ?? UNDETECTED_DIALECT) === UNDETECTED_DIALECT;
  }

  get #asksName(): boolean {
    return asksName(this.#options.listener);
  }

  /** `firstEnd`: where the first line ends, if no byte in it says so. */
  #detect(ended: boolean, firstEnd?: number): void {
    const head = this.#head;
    if (head === undefined) return;
    const tlsPort = this.#options.security?.port;
    const options = {
      tlsPort,
      pinned: this.#pinned,
      greeted: this.#greeted,
      asksName: this.#asksName,
    };
    const detected = detect(head.subarray(0, firstEnd), ended, options);
    if (detected.kind === "more") return;
    this.#silence.cancel();
    if (detected.kind === "refused") {
      this.#head = undefined;
      return detected.protocol === HTTP
        ? this.#connection.answerHttp(firstLine(head, true).line)
        : this.#connection.reject(detected.failure);
    }
    this.#adopt(detected.dialect);
    // The greeting is shown first, even if the first line came before it (R29).
    if (detected.dialect === UNDETECTED_DIALECT && this.#asksName && !this.#greeted) this.#greet();
    this.#connection.feed(head);
    this.#sendRefusal();
  }

  #adopt(dialect: Dialect): void {
    this.#head = undefined;
    this.#dialect = dialect;
    this.#connection.adopt(dialect, this.#refusal === undefined);
  }

  /** Sends the refusal; after the first bytes, since they may decide its encoding (D2). */
  #sendRefusal(): void {
    if (this.#refusal === undefined) return;
    const { reason, text } = this.#refusal;
    this.#connection.close(reason, text(this.#connection.texts.refusals));
  }

  /** Greets a client that waits for it (R29); its first bytes may still be of another dialect. */
  #greet(): void {
    const { chat, delivery, limits, listener } = this.#options;
    if (this.#refusal) return this.#sendRefusal();
    this.#greeted = true;
    if (listener.greet !== undefined) {
      const bytes = new TextEncoder().encode(listener.greet);
      delivery.toOne(this.#connection, { type: "answer", bytes });
      return this.#setDeadline(limits.greetedMs);
    }
    const within = Math.round(limits.greetedMs / 1000);
    if (this.isLocked) {
      const text = this.#connection.texts.notices.typePassword(within);
      delivery.toOne(this.#connection, { type: "notice", text });
      return this.#setDeadline(limits.greetedMs);
    }
    const here = chat.members.size;
    const commands = helpIn(this.#connection.texts);
    delivery.toOne(this.#connection, { type: "greeting", here, commands, within });
    this.#setDeadline(limits.greetedMs);
  }

  /**
   * From the first byte of its first line on, a client has as long as one that was never greeted.
   */
  #beginLine(): void {
    this.#lineBegan = true;
    this.#silence.cancel();
    const { clock, limits } = this.#options;
    const spent = clock.monotonic() - this.#connectedAt;
    this.#setDeadline(Math.min(spent + limits.registrationMs, limits.greetedMs));
  }

  /**
   * Moves the deadline to `msFromConnect` milliseconds after the connection was accepted; what the
   * client waits for the server in the meantime does not count (A3).
   */
  #setDeadline(msFromConnect: number): void {
    this.#deadlineMs = msFromConnect;
    if (this.#waits > 0 || this.#hasEnded) return;
    const spent = this.#options.clock.monotonic() - this.#connectedAt - this.#waitedMs;
    this.#deadline.set(Math.max(0, msFromConnect - spent), () => this.#onDeadline());
  }

  /** The client waits for the check of a secret; call what is returned when that is over. */
  wait(): () => void {
    const { clock } = this.#options;
    const since = clock.monotonic();
    if (this.#waits++ === 0) this.#waitingSince = since;
    this.#deadline.cancel();
    return () => {
      if (--this.#waits > 0) return;
      this.#waitedMs += clock.monotonic() - this.#waitingSince;
      this.#setDeadline(this.#deadlineMs);
    };
  }

  #onDeadline(): void {
    if (!this.#connection.isRegistered) this.#connection.close("registration_timeout");
  }
}
