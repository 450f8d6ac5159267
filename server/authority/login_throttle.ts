// Runs login attempts one at a time, in a bounded queue, in the order that the limit of guesses
// gives; only the client that made the attempt waits.

import { type Failure, failure } from "../../protocol/failures.ts";
import type { Member } from "../chat/member.ts";
import type { Clock, Timer } from "../../shared/clock.ts";
import { GuessLimit } from "./guess_limit.ts";
import { ownDelayMs } from "./own_delay.ts";
import { HashQueue } from "./hash_queue.ts";

/** What a throttle needs of the server. */
export interface LoginThrottleOptions {
  readonly clock: Clock;
  /** Called with exceptions: bugs, which cost the connection they happen for. */
  readonly onFault: (fault: unknown) => void;
}

/** One login attempt. */
export interface LoginAttempt {
  /**
   * Computes off the event loop; resolves to what is to be done if the member is still connected.
   */
  readonly work: () => Promise<() => void>;
  /** Called if there are too many attempts already; the member's connection is closed then. */
  readonly refuse: (problem: Failure) => void;
}

/** Most passphrases that wait to be hashed, at about ten a second. */
const MOST_HASHES = 300;

const BUSY = failure("busy", (t) => t.loginBusy);

/** In place of the answer to a guess. */
export const TOO_MANY_GUESSES: Failure = failure("too_many_guesses", (t) => t.tooManyGuesses);

/** Delays and queues login attempts. */
export class LoginThrottle {
  readonly guesses: GuessLimit;
  readonly #options: LoginThrottleOptions;
  readonly #hashes = new HashQueue(MOST_HASHES);
  readonly #failures = new WeakMap<Member, number>();
  readonly #timers = new Set<Timer>();

  constructor(options: LoginThrottleOptions) {
    this.#options = options;
    this.guesses = new GuessLimit(options.clock);
  }

  /** Runs an attempt of `member` in its turn; until then the member's later requests wait. */
  enqueue(member: Member, { work, refuse }: LoginAttempt): void {
    const { peer } = member;
    const resume = peer.wait();
    const refuseWith = (problem: Failure): void => {
      if (!member.hasLeft) refuse(problem);
      resume();
    };
    this.guesses.check(peer.address, {
      run: (done) => {
        const end = (): void => {
          done();
          resume();
        };
        if (member.hasLeft) return end();
        if (this.#hashes.add(peer.address, () => this.#attempt(member, work, done, resume))) return;
        done();
        refuseWith(BUSY);
      },
      displaced: () => refuseWith(TOO_MANY_GUESSES),
    });
  }

  /** Counts a wrong attempt of `member`; returns the number since the last right one. */
  failed(member: Member): number {
    const failures = (this.#failures.get(member) ?? 0) + 1;
    this.#failures.set(member, failures);
    return failures;
  }

  /** An attempt of `member` was right: its count starts again. */
  succeeded(member: Member): void {
    this.#failures.delete(member);
  }

  /** Cancels what waits; resolves when no work is running any more. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.guesses.stop();
    await this.#hashes.stop();
  }

  async #attempt(
    member: Member,
    work: LoginAttempt["work"],
    done: () => void,
    resume: () => void,
  ): Promise<void> {
    const before = this.#failures.get(member) ?? 0;
    try {
      // A member that left while it waited costs no work.
      const finish = member.hasLeft ? undefined : await work();
      if (!member.hasLeft) finish?.();
    } catch (fault) {
      this.#options.onFault(fault);
      member.peer.close("error");
    }
    done();
    const failures = this.#failures.get(member) ?? 0;
    this.#after(failures > before ? ownDelayMs(failures) : 0, resume);
  }

  #after(ms: number, fire: () => void): void {
    if (ms === 0) return fire();
    const timer = this.#options.clock.after(ms, () => {
      this.#timers.delete(timer);
      fire();
    });
    this.#timers.add(timer);
  }
}
