// Watches descriptors by epoll: polled without waiting while there are events, else waited for on a
// thread of the runtime.

import { setImmediate } from "node:timers";
import { type Clock, systemClock } from "../../../shared/clock.ts";
import { ERRNO, errno, type Libc, systemError } from "./libc.ts";

/** Event bits: what may be ready, and what a descriptor is watched for (epoll_ctl(2)). */
export const READY = {
  in: 0x1,
  out: 0x4,
  error: 0x8,
  hangup: 0x10,
  peerEnded: 0x2000,
} as const;

const EDGE_TRIGGERED = 0x8000_0000;
const CLOEXEC = 0o2000000;
const NONBLOCK = 0o4000;
const ADD = 1;
const REMOVE = 2;
const MODIFY = 3;

/** struct epoll_event is packed on x86-64 only. */
const EVENT = Deno.build.arch === "x86_64" ? { bytes: 12, token: 4 } : { bytes: 16, token: 8 };

/** Most events of one epoll_wait. */
const MAX_EVENTS = 512;

const TWO_TO_32 = 2 ** 32;

/**
 * Polls without events before the poller waits on a thread, whose wake-up takes two thread switches
 * longer than a poll. `brisk` is used after waits shorter than {@linkcode SHORT_MS}: it polls for
 * about a quarter of a millisecond.
 */
const IDLE_POLLS = { usual: 4, brisk: 64 } as const;

/** A wait of fewer milliseconds was not worth its thread switches. */
const SHORT_MS = 0.5;

/** Called when a descriptor is ready. */
export interface ReadinessListener {
  /**
   * `ready`: bits of {@linkcode READY}. Called once each time something becomes ready
   * (edge-triggered).
   */
  onReady(ready: number): void;
}

/** Watches descriptors and calls their listeners. */
export class Poller {
  readonly #libc: Libc;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #epoll: number;
  /** An eventfd; writing to it ends a wait. */
  readonly #waker: number;
  /**
   * Listeners by token. Tokens are never reused, unlike descriptors: a late event of a closed
   * descriptor finds no listener here.
   */
  readonly #watchers = new Map<number, ReadinessListener>();
  #tokens = 0;
  readonly #event = new Uint8Array(EVENT.bytes);
  readonly #events = new Uint8Array(EVENT.bytes * MAX_EVENTS);
  #stopping = false;
  readonly #ended: Promise<void>;
  /** Number of waits on a thread, for tests. */
  waits = 0;

  /** Begins to watch. Throws if the system has no descriptors left. */
  constructor(libc: Libc, clock: Pick<Clock, "monotonic"> = systemClock) {
    this.#libc = libc;
    this.#clock = clock;
    this.#epoll = libc.epoll_create1(CLOEXEC);
    if (this.#epoll < 0) throw systemError("epoll_create1", errno());
    this.#waker = libc.eventfd(0, CLOEXEC | NONBLOCK);
    if (this.#waker < 0) {
      const code = errno();
      libc.close(this.#epoll);
      throw systemError("eventfd", code);
    }
    this.watch(this.#waker, READY.in, { onReady: () => {} });
    this.#ended = this.#run();
  }

  /** Calls `watcher` from now on; returns the token for change() and unwatch(). */
  watch(fd: number, events: number, watcher: ReadinessListener): number {
    const token = ++this.#tokens;
    this.#control(ADD, { fd, events, token });
    this.#watchers.set(token, watcher);
    return token;
  }

  /** Watches for other events; those that are ready already are reported again. */
  change(fd: number, events: number, token: number): void {
    this.#control(MODIFY, { fd, events, token });
  }

  /** Never calls the watcher again; to be called before `fd` is closed. */
  unwatch(fd: number, token: number): void {
    this.#watchers.delete(token);
    // Closing it would remove it too, unless a child that is just being started holds a copy.
    this.#control(REMOVE, { fd, events: 0, token });
  }

  /** Ends the watching and closes the poller's descriptors. */
  async stop(): Promise<void> {
    if (this.#stopping) return this.#ended;
    this.#stopping = true;
    this.#libc.write(this.#waker, new Uint8Array(new BigUint64Array([1n]).buffer), 8);
    await this.#ended;
    this.#libc.close(this.#waker);
    this.#libc.close(this.#epoll);
  }

  #control(what: number, of: { fd: number; events: number; token: number }): void {
    const event = new DataView(this.#event.buffer);
    event.setUint32(0, of.events | EDGE_TRIGGERED, true);
    event.setUint32(EVENT.token, of.token % TWO_TO_32, true);
    event.setUint32(EVENT.token + 4, Math.floor(of.token / TWO_TO_32), true);
    const done = this.#libc.epoll_ctl(this.#epoll, what, of.fd, this.#event);
    if (done < 0) throw systemError("epoll_ctl", errno());
  }

  async #run(): Promise<void> {
    let polls = 0;
    let maxPolls: number = IDLE_POLLS.usual;
    while (!this.#stopping) {
      let count = this.#poll();
      if (count === 0 && polls++ >= maxPolls) {
        this.waits++;
        const began = this.#clock.monotonic();
        count = await this.#libc.epoll_wait_elsewhere(this.#epoll, this.#events, MAX_EVENTS, -1);
        maxPolls = this.#clock.monotonic() - began < SHORT_MS ? IDLE_POLLS.brisk : IDLE_POLLS.usual;
      }
      if (count > 0) {
        polls = 0;
        this.#dispatch(count);
      }
      // Lets timers, signals and everything else of the runtime have their turn.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  /** Number of events ready now, without waiting. */
  #poll(): number {
    const count = this.#libc.epoll_wait(this.#epoll, this.#events, MAX_EVENTS, 0);
    if (count >= 0) return count;
    const code = errno();
    if (code === ERRNO.EINTR) return 0;
    throw systemError("epoll_wait", code);
  }

  #dispatch(count: number): void {
    const events = new DataView(this.#events.buffer);
    for (let at = 0; at < count * EVENT.bytes; at += EVENT.bytes) {
      const token = events.getUint32(at + EVENT.token, true) +
        events.getUint32(at + EVENT.token + 4, true) * TWO_TO_32;
      try {
        this.#watchers.get(token)?.onReady(events.getUint32(at, true));
      } catch (fault) {
        reportError(fault); // a bug in one watcher must not cost the others their events
      }
    }
  }
}
