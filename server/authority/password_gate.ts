// The door of a server with a password: until one newcomer has given it, nothing else is heard of it and
// nothing about the chat is told to it. It exists only as long as the newcomer has no name.

import { type Failure, failure } from "../../protocol/failures.ts";
import { refusalEvent } from "../../protocol/refusal_event.ts";
import type { Ref, Request } from "../../protocol/requests.ts";
import type { Addressee, Delivery, Peer } from "../chat/member.ts";
import { Alarm, type Clock } from "../../shared/clock.ts";
import type { LogEntry } from "../server_options.ts";
import { type AttemptDelays, ownDelayMs } from "./attempt_delays.ts";
import type { ServerPassword } from "./server_password.ts";

/** What guards the door; the same for everybody. */
export interface PasswordPolicy {
  readonly password: ServerPassword;
  /** By address. */
  readonly attempts: AttemptDelays;
  readonly clock: Clock;
  readonly delivery: Pick<Delivery, "toOne">;
  readonly log: (entry: LogEntry) => void;
}

/** The connection of a newcomer before it. */
export type VisitorPeer = Addressee & Pick<Peer, "address" | "close" | "texts" | "wait">;

/** Who stands before it. */
export interface GatedConnection {
  /** The password was right; `next` was asked for before it was given. */
  onAdmitted(next: Request | undefined): void;
  /** The password was asked for. */
  onPasswordRequested(): void;
}

/** Wrong passwords of one connection. */
const MOST_ATTEMPTS = 3;

/** How a password is asked for, where people type. */
const PASSWORD_REQUIRED = failure(
  "password_required",
  (t) => t.passwordRequired,
);

const WRONG = failure("wrong_password", (t) => t.wrongPassword);

/** One newcomer before the door. */
export class PasswordGate {
  readonly #lock: PasswordPolicy;
  readonly #peer: VisitorPeer;
  readonly #visitor: GatedConnection;
  readonly #alarm: Alarm;
  #isOpen = false;
  #failures = 0;
  /** The name that was asked for before the password was given. */
  #next: Request | undefined;

  constructor(lock: PasswordPolicy, peer: VisitorPeer, visitor: GatedConnection) {
    this.#lock = lock;
    this.#peer = peer;
    this.#visitor = visitor;
    this.#alarm = new Alarm(lock.clock);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Takes a request of one who has not been admitted; false for one that may be carried out all the
   * same, because its answer tells nothing of the chat.
   */
  take(request: Request): boolean {
    switch (request.verb) {
      case "ping":
      case "bye":
      case "hangup":
      case "answer":
      case "invalid":
        return false;
      case "command":
        if (/^(quit|exit|bye)$/.test(request.word)) return false;
        break;
      case "secret":
        if (request.text.trim() === "") break;
        this.#attempt(request.text, request);
        return true;
      case "hello":
        this.#next = request;
        if (request.password === undefined) break;
        this.#attempt(request.password, request);
        return true;
      case "rename":
        this.#next = { ...request, verb: "hello" };
        break;
    }
    this.#refuse(PASSWORD_REQUIRED, request.ref);
    this.#visitor.onPasswordRequested();
    return true;
  }

  /** Nobody stands here any more. */
  end(): void {
    this.#alarm.cancel();
  }

  /** Looks at a password, behind the delay that others at this address may have earned. */
  #attempt(given: string, { ref }: Request): void {
    const { attempts, clock } = this.#lock;
    const delay = attempts.delayMs(this.#peer.address, clock.monotonic());
    if (delay === 0) return this.#look(given, ref);
    const goOn = this.#peer.wait();
    this.#alarm.set(delay, () => {
      this.#look(given, ref);
      goOn();
    });
  }

  #look(given: string, ref: Request["ref"]): void {
    const { password, attempts, clock, log } = this.#lock;
    if (password.matches(given)) {
      this.#isOpen = true;
      return this.#visitor.onAdmitted(this.#next);
    }
    const { address } = this.#peer;
    attempts.failed(address, clock.monotonic());
    log({ level: "warning", what: "wrong_password", details: { address } });
    this.#refuse(WRONG, ref);
    if (++this.#failures >= MOST_ATTEMPTS) return this.#peer.close("wrong_password");
    this.#alarm.set(ownDelayMs(this.#failures), this.#peer.wait());
  }

  #refuse(problem: Failure, ref: Ref | undefined): void {
    this.#lock.delivery.toOne(this.#peer, refusalEvent(problem, this.#peer.texts, ref));
  }
}
