// Stand-ins for what the server's parts are given: time and sockets. They record what was done to
// them and decide nothing by themselves. People and deliveries are in fake_peer.ts.

import assert from "node:assert/strict";
import { setImmediate } from "node:timers";
import type { Clock, Timer } from "../shared/clock.ts";
import type { Socket, SocketReader } from "../server/net/socket.ts";

/** Time that stands still until a test moves it. */
export class FakeClock implements Clock {
  #now: number;
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
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, fire: () => void): Timer {
    const timer = { at: this.#now + Math.max(0, ms), order: this.#order++, fire };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  /** Moves time on and fires what falls due, in order, each at its own time. */
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

/** Resolves after the event loop has gone round once: what was due has happened. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Goes round the event loop until `condition` holds; fails after 5 s. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Waited 5 s for this: ${what}`);
    await turn();
  }
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

type Read = Uint8Array | null | Error;

/** A socket whose peer is the test: what it sends, when it reads, how it breaks. */
export class FakeSocket implements Socket {
  /** Whether somebody listens to it. */
  opened = false;
  /** Sizes of the writes begun, in order. */
  readonly writeSizes: number[] = [];
  /** Most writes that were ever under way at once. */
  mostWritesAtOnce = 0;
  halfClosed = false;
  closed = 0;
  /** Set to make `closeWrite()` fail. */
  closeWriteError: Error | undefined;
  readonly #reads: Read[] = [];
  readonly #taken: Uint8Array[] = [];
  #reader: SocketReader | undefined;
  #isReading = false;
  /** Bytes the peer takes before it stops reading. */
  #room = Infinity;
  #mostPerWrite = Infinity;
  #writeError: Error | undefined;
  #writers: { bytes: Uint8Array; settle: PromiseWithResolvers<number> }[] = [];

  /** All that the peer has got, as text. */
  get text(): string {
    return DECODER.decode(this.bytes);
  }

  /** All that the peer has got. */
  get bytes(): Uint8Array {
    const whole = new Uint8Array(this.#taken.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of this.#taken) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  /** Whether all that the peer has sent was asked for, and more is. */
  get isReading(): boolean {
    return this.#isReading;
  }

  /** Whether a write is waiting for the peer. */
  get isWriting(): boolean {
    return this.#writers.length > 0;
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

  /** The system gives the connection up for that reason; only a read notices. */
  fail(problem: Error): void {
    this.#give(problem);
  }

  /** From now on the peer takes `bytes` more (default all there are), at most `perWrite` a write. */
  take(bytes: number = Infinity, perWrite: number = Infinity): void {
    this.#room = bytes;
    this.#mostPerWrite = perWrite;
    const waiting = this.#writers;
    this.#writers = [];
    for (const { bytes: data, settle } of waiting) this.#settleWrite(data, settle);
  }

  /** From now on every write fails, also the one under way. */
  failWrites(error: Error = new Deno.errors.BrokenPipe("broken by the test")): void {
    this.#writeError = error;
    this.take(this.#room);
  }

  open(reader: SocketReader): void {
    this.opened = true;
    this.#reader = reader;
    reader.onReadable();
  }

  receive(): Uint8Array | null | undefined {
    assert.equal(this.closed, 0, "nothing is received once it is closed");
    const read = this.#reads[0];
    this.#isReading = read === undefined;
    if (read === undefined || read === null) return read; // an end stays one, however often it is read
    this.#reads.shift();
    if (read instanceof Error) throw read;
    return read;
  }

  write(data: Uint8Array): Promise<number> {
    if (this.closed > 0) return Promise.reject(new Deno.errors.BadResource("closed"));
    this.writeSizes.push(data.length);
    const settle = Promise.withResolvers<number>();
    this.mostWritesAtOnce = Math.max(this.mostWritesAtOnce, this.#writers.length + 1);
    this.#settleWrite(data, settle);
    return settle.promise;
  }

  closeWrite(): Promise<void> {
    if (this.closeWriteError) return Promise.reject(this.closeWriteError);
    this.halfClosed = true;
    return Promise.resolve();
  }

  close(): void {
    this.closed++;
    const gone = new Deno.errors.BadResource("closed");
    this.#reader = undefined;
    for (const { settle } of this.#writers) settle.reject(gone);
    this.#writers = [];
  }

  #give(read: Read): void {
    this.#reads.push(read);
    if (!this.#isReading) return;
    this.#isReading = false;
    // As the system does: not in the middle of what the test is doing.
    queueMicrotask(() => this.#reader?.onReadable());
  }

  #settleWrite(data: Uint8Array, settle: PromiseWithResolvers<number>): void {
    if (this.#writeError) return settle.reject(this.#writeError);
    const count = Math.min(data.length, this.#room, this.#mostPerWrite);
    if (count === 0) return void this.#writers.push({ bytes: data, settle });
    this.#room -= count;
    this.#taken.push(data.slice(0, count));
    settle.resolve(count);
  }
}
