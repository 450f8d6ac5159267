// Attempts one at a time: behind the delay that earlier mistakes have earned, in a bounded queue, while
// whoever made them waits and nobody else does. It does not know what an attempt is about.

import { type Failure, failure } from "../../protocol/failures.ts";
import type { Member } from "../chat/member.ts";
import type { Clock, Timer } from "../../shared/clock.ts";
import { ADDRESS_ATTEMPTS, AttemptDelays, NAME_ATTEMPTS, ownDelayMs } from "./attempt_delays.ts";
import { HashQueue } from "./hash_queue.ts";

/** What it needs of the server. */
export interface LoginThrottleOptions {
  readonly clock: Clock;
  /** Told of exceptions: a bug, which costs the connection it happens for. */
  readonly onFault: (fault: unknown) => void;
}

/** One attempt. */
export interface LoginAttempt {
  /** What is attempted from where, such as a name from an address; none where nothing is guessed. */
  readonly key?: string;
  /** Takes long, beside the event loop; answers what is to be done then, if the member is still there. */
  readonly work: () => Promise<() => void>;
  /** There are too many attempts already. */
  readonly refuse: (problem: Failure) => void;
}

/** Passphrases that may wait to be hashed: at ten a second, nobody would wait for more. */
const MOST_HASHES = 300;

const BUSY = failure("busy", (t) => t.loginBusy);

/** Lets attempts through. */
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

  /** Lets an attempt of `member` through in its turn; until then nothing else of this peer is heard. */
  enqueue(member: Member, { key, work, refuse }: LoginAttempt): void {
    const { peer } = member;
    const goOn = peer.wait();
    const now = this.#options.clock.monotonic();
    const delays = [
      this.addresses.delayMs(peer.address, now),
      key === undefined ? 0 : this.#names.delayMs(key, now),
    ];
    this.#after(Math.max(...delays), () => {
      if (member.hasLeft) return goOn();
      if (this.#hashes.add(peer.address, () => this.#attempt(member, work, goOn))) return;
      refuse(BUSY);
      goOn();
    });
  }

  /** An attempt of `member` was wrong; answers how many were since it last was right. */
  failed(member: Member, key: string): number {
    const now = this.#options.clock.monotonic();
    this.addresses.failed(member.peer.address, now);
    this.#names.failed(key, now);
    const failures = (this.#failures.get(member) ?? 0) + 1;
    this.#failures.set(member, failures);
    return failures;
  }

  /** Something of `member` is to be counted as a mistake is, so that a flood of it becomes slow. */
  countFailure(member: Member): void {
    this.addresses.failed(member.peer.address, this.#options.clock.monotonic());
  }

  /** An attempt of `member` was right. */
  succeeded(member: Member): void {
    this.#failures.delete(member);
  }

  /** Ends what waits; resolves when no work is under way any more. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    await this.#hashes.stop();
  }

  async #attempt(member: Member, work: LoginAttempt["work"], goOn: () => void): Promise<void> {
    const before = this.#failures.get(member) ?? 0;
    try {
      // Whoever has gone while it waited costs nothing.
      const finish = member.hasLeft ? undefined : await work();
      if (!member.hasLeft) finish?.();
    } catch (fault) {
      this.#options.onFault(fault);
      member.peer.close("error");
    }
    const failures = this.#failures.get(member) ?? 0;
    this.#after(failures > before ? ownDelayMs(failures) : 0, goOn);
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
