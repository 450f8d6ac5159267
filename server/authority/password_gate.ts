// The gate of a server with a password: until a connection has given it, its requests are refused
// and it learns nothing about the chat. Exists until the client has a name.

import { type Failure, failure } from "../../protocol/failures.ts";
import { refusalEvent } from "../../protocol/refusal_event.ts";
import type { Ref, Request } from "../../protocol/requests.ts";
import type { Addressee, Delivery, Peer } from "../chat/member.ts";
import { Alarm, type Clock } from "../../shared/clock.ts";
import type { LogEntry } from "../server_options.ts";
import type { GuessLimit } from "./guess_limit.ts";
import { TOO_MANY_GUESSES } from "./login_throttle.ts";
import { ownDelayMs } from "./own_delay.ts";
import type { ServerPassword } from "./server_password.ts";

/** The server's password and what checking it needs; the same for all connections. */
export interface PasswordPolicy {
  readonly password: ServerPassword;
  readonly guesses: GuessLimit;
  readonly clock: Clock;
  readonly delivery: Pick<Delivery, "toOne">;
  readonly log: (entry: LogEntry) => void;
}

/** The connection, as the gate uses it. */
export type GatedPeer = Addressee & Pick<Peer, "address" | "close" | "texts" | "wait">;

/** Called with what happens at the gate. */
export interface GatedConnection {
  /** The password was right; `next` is the request made before it was given. */
  onAdmitted(next: Request | undefined): void;
  /** The password was asked for. */
  onPasswordRequested(): void;
}

/** Wrong passwords after which a connection is closed. */
const MOST_ATTEMPTS = 3;

/** Asks for the password. */
const PASSWORD_REQUIRED = failure(
  "password_required",
  (t) => t.passwordRequired,
);

const WRONG = failure("wrong_password", (t) => t.wrongPassword);

/** The gate of one connection. */
export class PasswordGate {
  readonly #policy: PasswordPolicy;
  readonly #peer: GatedPeer;
  readonly #connection: GatedConnection;
  readonly #alarm: Alarm;
  #isOpen = false;
  #hasEnded = false;
  #failures = 0;
  /** The request for a name made before the password was given. */
  #next: Request | undefined;

  constructor(policy: PasswordPolicy, peer: GatedPeer, connection: GatedConnection) {
    this.#policy = policy;
    this.#peer = peer;
    this.#connection = connection;
    this.#alarm = new Alarm(policy.clock);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Takes a request of a connection that is not admitted; false for one that may be performed
   * nevertheless, since its answer reveals nothing about the chat.
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
    this.#connection.onPasswordRequested();
    return true;
  }

  /** Cancels the pending check. */
  end(): void {
    this.#hasEnded = true;
    this.#alarm.cancel();
  }

  /** Checks a password, in its turn if many from this address were wrong. */
  #attempt(given: string, { ref }: Request): void {
    const resume = this.#peer.wait();
    this.#policy.guesses.check(this.#peer.address, {
      run: (done) => {
        if (!this.#hasEnded) this.#check(given, ref);
        done();
        resume();
      },
      displaced: () => {
        if (!this.#hasEnded) this.#refuse(TOO_MANY_GUESSES, ref);
        resume();
      },
    });
  }

  #check(given: string, ref: Request["ref"]): void {
    const { password, guesses, log } = this.#policy;
    if (password.matches(given)) {
      this.#isOpen = true;
      return this.#connection.onAdmitted(this.#next);
    }
    const { address } = this.#peer;
    log({ level: "warning", what: "wrong_password", details: { address } });
    const isJudged = guesses.judges(address);
    this.#refuse(isJudged ? WRONG : TOO_MANY_GUESSES, ref);
    if (!isJudged || ++this.#failures >= MOST_ATTEMPTS) return this.#peer.close("wrong_password");
    this.#alarm.set(ownDelayMs(this.#failures), this.#peer.wait());
  }

  #refuse(problem: Failure, ref: Ref | undefined): void {
    this.#policy.delivery.toOne(this.#peer, refusalEvent(problem, this.#peer.texts, ref));
  }
}
