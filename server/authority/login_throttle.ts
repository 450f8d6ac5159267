// Runs login attempts one at a time, after the delay that earlier failures have earned, in a
// bounded queue; only the client that made the attempt waits.

import { type Failure, failure } from "../../protocol/failures.ts";
import type { Member } from "../chat/member.ts";
import type { Clock, Timer } from "../../shared/clock.ts";
import { ADDRESS_ATTEMPTS, AttemptDelays, NAME_ATTEMPTS, ownDelayMs } from "./attempt_delays.ts";
import { HashQueue } from "./hash_queue.ts";

/** What a throttle needs of the server. */
export interface LoginThrottleOptions {
  readonly clock: Clock;
  /** Called with exceptions: bugs, which cost the connection they happen for. */
  readonly onFault: (fault: unknown) => void;
}

/** One login attempt. */
export interface LoginAttempt {
  /** What is attempted from where, such as a name from an address; absent if nothing is guessed. */
  readonly key?: string;
  /**
   * Computes off the event loop; resolves to what is to be done if the member is still connected.
   */
  readonly work: () => Promise<() => void>;
  /** Called if there are too many attempts already. */
  readonly refuse: (problem: Failure) => void;
}

/** Most passphrases that wait to be hashed, at about ten a second. */
const MOST_HASHES = 300;

const BUSY = failure("busy", (t) => t.loginBusy);

/** Delays and queues login attempts. */
export class LoginThrottle {
  /** Failures by address. */
  readonly addresses = new AttemptDelays(ADDRESS_ATTEMPTS);
  readonly #names = new AttemptDelays(NAME_ATTEMPTS);
  readonly #options: LoginThrottleOptions;
  readonly #hashes = new HashQueue(MOST_HASHES);
  readonly #failures = new WeakMap<Member, number>();
  readonly #timers = new Set<Timer>();

  constructor(options: LoginThrottleOptions) {
    this.#options = options;
  }

  /** Runs an attempt of `member` in its turn; until then the member's later requests wait. */
  enqueue(member: Member, { key, work, refuse }: LoginAttempt): void {
    const { peer } = member;
    const resume = peer.wait();
    const now = this.#options.clock.monotonic();
    const delays = [
      this.addresses.delayMs(peer.address, now),
      key === undefined ? 0 : this.#names.delayMs(key, now),
    ];
    this.#after(Math.max(...delays), () => {
      if (member.hasLeft) return resume();
      if (this.#hashes.add(peer.address, () => this.#attempt(member, work, resume))) return;
      refuse(BUSY);
      resume();
    });
  }

  /**
   * Counts a wrong attempt of `member`; returns the number of wrong ones since the last right one.
   */
  failed(member: Member, key: string): number {
    const now = this.#options.clock.monotonic();
    this.addresses.failed(member.peer.address, now);
    this.#names.failed(key, now);
    const failures = (this.#failures.get(member) ?? 0) + 1;
    this.#failures.set(member, failures);
    return failures;
  }

  /** Counts an action of `member` like a failure, so that a flood of them is delayed. */
  countFailure(member: Member): void {
    this.addresses.failed(member.peer.address, this.#options.clock.monotonic());
  }

  /** An attempt of `member` was right: its count starts again. */
  succeeded(member: Member): void {
    this.#failures.delete(member);
  }

  /** Cancels what waits; resolves when no work is running any more. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    await this.#hashes.stop();
  }

  async #attempt(member: Member, work: LoginAttempt["work"], resume: () => void): Promise<void> {
    const before = this.#failures.get(member) ?? 0;
    try {
      // A member that left while it waited costs no work.
      const finish = member.hasLeft ? undefined : await work();
      if (!member.hasLeft) finish?.();
    } catch (fault) {
      this.#options.onFault(fault);
      member.peer.close("error");
    }
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
