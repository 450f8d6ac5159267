// Fakes of the time and the sockets that the server is given. They record what was done to them and
// decide nothing by themselves. Fake peers and deliveries are in fake_peer.ts.

import { assertStrictEquals } from "@std/assert";
import type { Clock, Timer } from "../shared/clock.ts";
import { FakeWrites } from "./fake_writes.ts";
import type { Socket, SocketReader } from "../server/net/socket.ts";

/** Time that stands still until a test moves it. */
export class FakeClock implements Clock {
  #now: number;
  #wallOffset = 0;
  #order = 0;
  readonly #timers = new Set<{ at: number; order: number; fire: () => void }>();

  /** `start`: milliseconds since the epoch. */
  constructor(start: number = Date.UTC(2030, 0, 1)) {
    this.#now = start;
  }

  /** Timers that are neither fired nor cancelled. */
  get pending(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now + this.#wallOffset;
  }

  /** Sets the time of day forward or back by `ms`; timers and durations do not notice. */
  jump(ms: number): void {
    this.#wallOffset += ms;
  }

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, fire: () => void): Timer {
    const timer = { at: this.#now + Math.max(0, ms), order: this.#order++, fire };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  /** Moves time on and fires the timers that become due, in order, each at its own time. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let timer = this.#nextBy(end); timer !== undefined; timer = this.#nextBy(end)) {
      this.#timers.delete(timer);
      this.#now = timer.at;
      timer.fire();
    }
    this.#now = end;
  }

  #nextBy(end: number): { at: number; order: number; fire: () => void } | undefined {
    let next: { at: number; order: number; fire: () => void } | undefined;
    for (const timer of this.#timers) {
      const { at, order } = next ?? { at: end, order: Infinity };
      if (timer.at < at || (timer.at === at && timer.order < order)) next = timer;
    }
    return next;
  }
}

const ENCODER = new TextEncoder();

type Read = Uint8Array | null | Error;

/** A socket whose peer is the test: what it sends, when it reads, how it breaks. */
export class FakeSocket extends FakeWrites implements Socket {
  /** Whether a reader is attached to it. */
  opened = false;
  halfClosed = false;
  /** Set to make `closeWrite()` fail. */
  closeWriteError: Error | undefined;
  readonly #reads: Read[] = [];
  #reader: SocketReader | undefined;
  #isReading = false;

  /** Whether the server has read all that the peer has sent, and waits for more. */
  get isReading(): boolean {
    return this.#isReading;
  }

  /** The peer sends bytes. */
  send(data: string | Uint8Array): void {
    this.#give(typeof data === "string" ? ENCODER.encode(data) : data);
  }

  /** The peer half-closes. */
  end(): void {
    this.#give(null);
  }

  /** The peer resets the connection; only a read notices. */
  reset(): void {
    this.fail(new Deno.errors.ConnectionReset("reset by the test"));
  }

  /** The system ends the connection with that error; only a read notices. */
  fail(problem: Error): void {
    this.#give(problem);
  }

  open(reader: SocketReader): void {
    this.opened = true;
    this.#reader = reader;
    reader.onReadable();
  }

  receive(): Uint8Array | null | undefined {
    assertStrictEquals(this.closed, 0, "nothing is received once it is closed");
    const read = this.#reads[0];
    this.#isReading = read === undefined;
    if (read === undefined || read === null) return read; // an end stays an end, however often it is read
    this.#reads.shift();
    if (read instanceof Error) throw read;
    return read;
  }

  closeWrite(): Promise<void> {
    if (this.closeWriteError) return Promise.reject(this.closeWriteError);
    this.halfClosed = true;
    return Promise.resolve();
  }

  override close(): void {
    super.close();
    this.#reader = undefined;
  }

  #give(read: Read): void {
    this.#reads.push(read);
    if (!this.#isReading) return;
    this.#isReading = false;
    // As the system does: not in the middle of what the test is doing.
    queueMicrotask(() => this.#reader?.onReadable());
  }
}
