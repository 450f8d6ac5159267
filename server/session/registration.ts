// How a newcomer is received: in which dialect, whom to greet, how long it may take. It exists until
// there is a name, so that whoever stays does not pay for it. Knows no socket calls.

import { perLanguage } from "../../texts/per_language.ts";
import type { Texts } from "../../texts/texts.ts";
import { detect } from "../../protocol/detect.ts";
import type { Codec, Dialect } from "../../protocol/dialect.ts";
import { dialectNamed, DIALECTS } from "../../protocol/dialects.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import type { CloseReason, Failure } from "../../protocol/failures.ts";
import { concatBuffers } from "../../protocol/first_bytes.ts";
import type { Request } from "../../protocol/requests.ts";
import { helpIn } from "../../protocol/slash_commands.ts";
import {
  type GatedConnection,
  PasswordGate,
  type PasswordPolicy,
  type VisitorPeer,
} from "../authority/password_gate.ts";
import type { Chat } from "../chat/chat.ts";
import type { Delivery } from "../chat/member.ts";
import { Alarm, type Clock } from "../../shared/clock.ts";
import type { Limits } from "../limits/limits.ts";
import type { ListenAddress } from "../net/address.ts";

/** Whoever has said nothing yet is spoken to in the dialect of people. */
export const UNDETECTED_DIALECT: Dialect = DIALECTS[DIALECTS.length - 1] as Dialect;

/** For all of whom no dialect is known yet: they are written to, and read only once it is. */
export const undetectedCodec: (texts: Texts) => Codec<Request, ServerEvent> = perLanguage(
  (texts) => UNDETECTED_DIALECT.server({ notices: false, asksName: true, texts }),
);

const LF = 0x0a;

const NOTHING = new Uint8Array(0);

/** What receiving newcomers needs of the server; the same for all at one listener. */
export interface RegistrationOptions {
  readonly chat: Pick<Chat, "members">;
  readonly delivery: Pick<Delivery, "toOne">;
  readonly clock: Clock;
  readonly limits: Pick<Limits, "registrationMs" | "greetAfterMs" | "greetedMs">;
  /** Where TLS is spoken, for whoever tries it elsewhere. */
  readonly security?: { readonly port: number | undefined };
  readonly listener: ListenAddress;
  /** Where the server has a password. */
  readonly lock?: PasswordPolicy | undefined;
}

/** Why somebody may not come in: told in its own dialect, before it is closed. */
export interface AdmissionRefusal {
  readonly reason: CloseReason;
  readonly text: Failure["text"];
}

/** The newcomer, as its arrival sees it. */
export type RegisteringConnection = VisitorPeer & {
  /** Whether it has a name. */
  readonly isRegistered: boolean;
  /** From now on it speaks `dialect`, and takes part if it is `letIn`. */
  adopt(dialect: Dialect, letIn: boolean): void;
  /** Bytes of its dialect came. */
  feed(bytes: Uint8Array): void;
  /** What it has sent so far is complete. */
  endText(): void;
  /** Tells what is wrong, and ends the connection. */
  reject(problem: Failure): void;
  /** Carries out what was asked for before the password was given. */
  perform(request: Request): void;
};

/** One newcomer's arrival. */
export class Registration implements GatedConnection {
  readonly #newcomer: RegisteringConnection;
  readonly #options: RegistrationOptions;
  readonly #turnedAway: AdmissionRefusal | undefined;
  readonly #connectedAt: number;
  /** Where the server has a password. */
  readonly #door: PasswordGate | undefined;
  #dialect: Dialect | undefined;
  /** First bytes, kept until they tell the dialect. */
  #head: Uint8Array | undefined = NOTHING;
  /** Runs while silence would say something: who is to be greeted, or that raw text is complete. */
  readonly #silence: Alarm;
  readonly #deadline: Alarm;
  #lineBegan = false;
  #greeted = false;
  #firstLineEnded = false;

  constructor(
    newcomer: RegisteringConnection,
    options: RegistrationOptions,
    { turnedAway, connectedAt }: {
      readonly turnedAway: AdmissionRefusal | undefined;
      readonly connectedAt?: number | undefined;
    },
  ) {
    this.#newcomer = newcomer;
    this.#options = options;
    this.#turnedAway = turnedAway;
    this.#connectedAt = connectedAt ?? options.clock.monotonic();
    this.#door = options.lock && new PasswordGate(options.lock, newcomer, this);
    this.#silence = new Alarm(options.clock);
    this.#deadline = new Alarm(options.clock);
  }

  /** The connection is there. */
  start(): void {
    const { limits, listener } = this.#options;
    this.#allow(limits.registrationMs);
    const pinned = listener.dialect === undefined ? undefined : dialectNamed(listener.dialect);
    if (pinned !== undefined) {
      this.#adopt(pinned);
      this.#turnAway();
      if (pinned === UNDETECTED_DIALECT && this.#asksName) this.#greet();
    } else if (this.#asksName) {
      this.#silence.setForSilence(limits.greetAfterMs, () => this.#greet());
    }
  }

  /** Bytes came. */
  onChunk(chunk: Uint8Array): void {
    if (!this.#lineBegan) this.#beginLine();
    if (this.#head === undefined) {
      this.#newcomer.feed(chunk);
    } else {
      this.#head = concatBuffers(this.#head, chunk);
      this.#recognise(false);
    }
    if (this.#asksName || this.#firstLineEnded || this.#newcomer.isRegistered) return;
    this.#awaitFirstLine(chunk);
  }

  /** The peer will send no more. */
  onEnd(): void {
    if (this.#head !== undefined && this.#head.length > 0) this.#recognise(true);
    if (this.#head === undefined) this.#newcomer.endText();
  }

  /** Whether the server has a password that was not given yet. */
  get isLocked(): boolean {
    return this.#door?.isOpen === false;
  }

  /** Takes a request that may not be carried out before the password was given; false for others. */
  withholds(request: Request): boolean {
    return this.#door?.isOpen === false && this.#door.take(request);
  }

  /** A name was refused: whoever has said one has as long as anybody to think of another (D6). */
  onNameRefused(): void {
    this.#allow(this.#options.limits.greetedMs);
  }

  onPasswordRequested(): void {
    this.onNameRefused();
  }

  /** The password was right: whoever waits to be spoken to is greeted now. */
  onAdmitted(next: Request | undefined): void {
    if (this.#dialect === UNDETECTED_DIALECT && this.#asksName) this.#greet();
    else this.onNameRefused();
    if (next !== undefined) this.#newcomer.perform(next);
  }

  /** There is a name, or nobody any more: nobody is hurried now. */
  end(): void {
    this.#silence.cancel();
    this.#deadline.cancel();
    this.#door?.end();
  }

  /** A name is asked for on TCP; what comes over a Unix socket may be raw text (D3). */
  get #asksName(): boolean {
    return this.#options.listener.at.kind === "tcp";
  }

  #recognise(ended: boolean): void {
    const head = this.#head;
    if (head === undefined) return;
    const detected = detect(head, ended, this.#options.security?.port);
    if (detected.kind === "more") return;
    this.#silence.cancel();
    if (detected.kind === "refused") {
      this.#head = undefined;
      return this.#newcomer.reject(detected.failure);
    }
    this.#adopt(detected.dialect);
    // However fast the first line came, the first thing shown is the welcome (R29).
    if (detected.dialect === UNDETECTED_DIALECT && this.#asksName && !this.#greeted) this.#greet();
    this.#newcomer.feed(head);
    this.#turnAway();
  }

  #adopt(dialect: Dialect): void {
    this.#head = undefined;
    this.#dialect = dialect;
    this.#newcomer.adopt(dialect, this.#turnedAway === undefined);
  }

  /** Tells one who may not come in: behind the first bytes, for they may settle how to say it (D2). */
  #turnAway(): void {
    if (this.#turnedAway === undefined) return;
    const { reason, text } = this.#turnedAway;
    this.#newcomer.close(reason, text(this.#newcomer.texts.refusals));
  }

  /** Welcomes whoever waits to be spoken to (R29); what comes first may still be another dialect. */
  #greet(): void {
    const { chat, delivery, limits } = this.#options;
    if (this.#turnedAway) return this.#turnAway();
    this.#greeted = true;
    const within = Math.round(limits.greetedMs / 1000);
    if (this.isLocked) {
      const text = this.#newcomer.texts.notices.typePassword(within);
      delivery.toOne(this.#newcomer, { type: "notice", text });
      return this.#allow(limits.greetedMs);
    }
    const here = chat.members.size;
    const commands = helpIn(this.#newcomer.texts);
    delivery.toOne(this.#newcomer, { type: "greeting", here, commands, within });
    this.#allow(limits.greetedMs);
  }

  /**
   * Raw text on a Unix socket need not end with a newline (R6), nor does `nc` end the stream when its
   * own input has ended: silence behind the first bytes ends them.
   */
  #awaitFirstLine(chunk: Uint8Array): void {
    this.#silence.cancel();
    // Behind a password, the first line that counts is the one behind it.
    const isWhole = this.#door === undefined
      ? chunk.includes(LF)
      : this.#newcomer.isRegistered && chunk.at(-1) === LF;
    this.#firstLineEnded = isWhole ||
      (this.#head === undefined && this.#dialect !== UNDETECTED_DIALECT);
    if (this.#firstLineEnded) return;
    this.#silence.setForSilence(this.#options.limits.greetAfterMs, () => {
      this.#firstLineEnded = this.#door === undefined;
      this.#recognise(true);
      if (this.#dialect === UNDETECTED_DIALECT) this.#newcomer.endText();
    });
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
    const left = Math.max(0, this.#connectedAt + msFromConnect - this.#options.clock.monotonic());
    this.#deadline.set(left, () => this.#tooLate());
  }

  #tooLate(): void {
    if (!this.#newcomer.isRegistered) this.#newcomer.close("registration_timeout");
  }
}
