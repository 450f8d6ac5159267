// The clients that load a server of sheet 004: some of them send lines, and each line that arrives
// is checked for loss, order and damage.

import { close, connectTo, Epoll, receiveNow, send } from "./libc.ts";
import { clientName, idAt, isLine, LINE_BYTES, lineSaid, numberAt } from "./load_line.ts";

/**
 * Most clients that send numbered lines of their own; all others share one more series of numbers.
 */
const TALKERS = 10;

/** Result of adding clients. */
export interface Growth {
  /** Clients that a line has reached. */
  readonly served: number;
  /** The system's error number if a connection was refused. */
  readonly refused?: number;
}

/** Measurements while some clients sent lines. */
export interface TrafficResult {
  readonly seconds: number;
  /** Lines that reached all other clients. */
  readonly messages: number;
  readonly deliveries: number;
  /** Milliseconds from send() to the read at another client, over all deliveries. */
  readonly p50: number;
  readonly p99: number;
}

/** All faults so far. */
export interface Faults {
  /** Lines that did not arrive. */
  readonly lost: number;
  /** Lines received twice, in the wrong order, or damaged. */
  readonly wrong: number;
  /** Clients that the server has disconnected. */
  readonly dropped: number;
}

interface Client {
  readonly id: number;
  readonly fd: number;
  /** Received bytes of an incomplete line. */
  rest: Uint8Array<ArrayBuffer>;
  /** The number expected next in each series; -1 before the first. */
  readonly next: Int32Array;
}

/** One series of numbered lines. */
interface Series {
  said: number;
  /**
   * When each line in flight was sent, and how many clients must still receive it; by number %
   * WINDOW.
   */
  readonly sentAt: Float64Array;
  readonly missing: Int32Array;
}

/** More than the lines in flight of any series. */
const WINDOW = 64;
const CONNECT_SECONDS = 3;
/** Milliseconds of silence after which missing lines count as lost. */
const SILENCE_MS = 3_000;
const NOTHING = new Uint8Array(0);

/** Clients of one server on 127.0.0.1. */
export class TalkingClients {
  readonly #port: number;
  readonly #epoll = new Epoll();
  readonly #clients = new Map<number, Client>();
  readonly #series: readonly Series[];
  readonly #buffer = new Uint8Array(65_536);
  readonly #latency = new LatencySamples();
  #lastId = -1;
  #visits = 0;
  #messages = 0;
  #deliveries = 0;
  #receivedAt = 0;
  #faults = { lost: 0, wrong: 0, dropped: 0 };
  /** Called when a line of a series has reached all clients. */
  #onComplete: (series: number) => void = () => {};

  constructor(port: number) {
    this.#port = port;
    this.#series = Array.from({ length: TALKERS + 1 }, () => ({
      said: 0,
      sentAt: new Float64Array(WINDOW),
      missing: new Int32Array(WINDOW),
    }));
  }

  get faults(): Faults {
    return this.#faults;
  }

  /**
   * Connects clients until there are `target`; waits at most `ms` milliseconds until all are
   * served.
   */
  grow(target: number, ms: number): Growth {
    const late = performance.now() + ms;
    while (this.#clients.size < target) {
      const client = this.#enter(this.#lastId + 1);
      if (typeof client === "number") return { served: this.#served(), refused: -client };
      this.#lastId = client.id;
    }
    const allServed = () => this.#served() === this.#clients.size;
    // This protocol does not confirm that a client was accepted: lines are sent until one reaches
    // it.
    for (
      let wait = 20;
      !allServed() && performance.now() < late;
      wait = Math.min(wait * 1.5, 500)
    ) {
      this.#say(0);
      this.#run(Math.min(late, performance.now() + wait), allServed);
    }
    if (allServed()) this.#say(this.#lastId); // the newest client's lines must arrive too
    this.#settle();
    return { served: this.#served() };
  }

  /** Has `talkers` clients send for `ms` milliseconds, each with `window` lines in flight. */
  talk(talkers: number, window: number, ms: number): TrafficResult {
    const started = performance.now();
    const end = started + ms;
    this.#messages = this.#deliveries = 0;
    this.#latency.clear();
    this.#onComplete = (series) => performance.now() < end && this.#say(series);
    for (let line = 0; line < window; line++) {
      for (let talker = 0; talker < talkers; talker++) this.#say(talker);
    }
    this.#run(end, () => false);
    const seconds = (performance.now() - started) / 1000;
    const [messages, deliveries] = [this.#messages, this.#deliveries];
    this.#onComplete = () => {};
    this.#settle();
    const [p50, p99] = [this.#latency.percentile(0.5), this.#latency.percentile(0.99)];
    return { seconds, messages, deliveries, p50, p99 };
  }

  /**
   * Connects one more client, which sends a line and leaves: milliseconds until client 0 has the
   * line.
   */
  visit(): number {
    const started = performance.now();
    const client = this.#enter(90_000 + this.#visits++);
    if (typeof client === "number") return NaN;
    this.#say(client.id);
    const first = this.#clients.get(0);
    const said = this.#series[TALKERS]?.said;
    const received = () => first?.next[TALKERS] === said;
    this.#run(started + SILENCE_MS, received);
    const ms = received() ? performance.now() - started : NaN;
    this.#clients.delete(client.id);
    close(client.fd);
    this.#settle();
    return ms;
  }

  #enter(id: number): Client | number {
    const fd = connectTo(this.#port, CONNECT_SECONDS);
    if (fd < 0) return fd;
    const next = Int32Array.from(this.#series, ({ said }, series) => series === 0 ? -1 : said);
    const client = { id, fd, rest: NOTHING, next };
    // Client 0, which sends the lines that show who is served, receives none of them.
    if (id === 0) next[0] = 0;
    this.#clients.set(id, client);
    this.#epoll.add(fd, id);
    send(fd, new TextEncoder().encode(`USER ${clientName(id)}\n`));
    return client;
  }

  #served(): number {
    return this.#clients.values().filter(({ next }) => next[0] !== -1).toArray().length;
  }

  #say(id: number): void {
    const series = Math.min(id, TALKERS);
    const client = this.#clients.get(id);
    const line = this.#series[series];
    if (!client || !line) return;
    const number = line.said++;
    line.sentAt[number % WINDOW] = performance.now();
    line.missing[number % WINDOW] = this.#clients.size - 1;
    client.next[series] = line.said; // a client does not receive its own lines
    const bytes = lineSaid(number);
    if (send(client.fd, bytes) !== bytes.length) this.#drop(client);
  }

  /** Reads what arrives until `done`, but at most until `late`. */
  #run(late: number, done: () => boolean): void {
    for (let left; !done() && (left = late - performance.now()) > 0;) {
      this.#epoll.wait(Math.ceil(left), (id) => this.#read(id));
    }
  }

  /** Reads until all lines have reached all clients; what is missing after a silence is lost. */
  #settle(): void {
    this.#receivedAt = performance.now();
    for (let missing; (missing = this.#countMissing()) > 0;) {
      if (performance.now() - this.#receivedAt > SILENCE_MS) {
        this.#faults.lost += missing;
        for (const { next } of this.#clients.values()) {
          this.#series.forEach(({ said }, series) => next[series] !== -1 && (next[series] = said));
        }
        return;
      }
      this.#run(performance.now() + 20, () => false);
    }
  }

  #countMissing(): number {
    let missing = 0;
    for (const { next } of this.#clients.values()) {
      if (next[0] === -1) continue; // was never accepted
      this.#series.forEach(({ said }, series) => missing += said - (next[series] ?? said));
    }
    return missing;
  }

  #read(id: number): void {
    const client = this.#clients.get(id);
    if (!client) return;
    const buffer = this.#buffer;
    buffer.set(client.rest);
    const begun = client.rest.length;
    const count = receiveNow(client.fd, buffer.subarray(begun));
    if (count <= 0) return this.#drop(client);
    this.#receivedAt = performance.now();
    const end = begun + count;
    let at = 0;
    for (; at + LINE_BYTES <= end; at += LINE_BYTES) {
      if (!isLine(buffer, at)) {
        this.#faults.wrong++;
        return this.#drop(client);
      }
      this.#receive(client, Math.min(idAt(buffer, at), TALKERS), numberAt(buffer, at));
    }
    client.rest = at === end ? NOTHING : buffer.slice(at, end);
  }

  #receive(client: Client, series: number, number: number): void {
    const line = this.#series[series];
    const expected = client.next[series];
    if (!line || expected === undefined) return;
    client.next[series] = number + 1;
    if (expected === -1) return;
    if (number > expected) this.#faults.lost += number - expected;
    if (number < expected) this.#faults.wrong++;
    this.#deliveries++;
    this.#latency.add(this.#receivedAt - (line.sentAt[number % WINDOW] ?? 0));
    this.#arrived(series, number);
  }

  #arrived(series: number, number: number): void {
    const line = this.#series[series];
    if (!line) return;
    const missing = (line.missing[number % WINDOW] ?? 0) - 1;
    line.missing[number % WINDOW] = missing;
    if (missing !== 0) return;
    this.#messages++;
    this.#onComplete(series);
  }

  /** The server disconnected a client: the lines it should receive are no longer due. */
  #drop(client: Client): void {
    this.#faults.dropped++;
    this.#clients.delete(client.id);
    close(client.fd);
    this.#series.forEach(({ said }, series) => {
      for (let number = client.next[series] ?? said; number >= 0 && number < said; number++) {
        this.#arrived(series, number);
      }
    });
  }
}

const MAX_SAMPLES = 1_000_000;

/** Stores the first million samples. */
class LatencySamples {
  readonly #values = new Float64Array(MAX_SAMPLES);
  #count = 0;

  clear(): void {
    this.#count = 0;
  }

  add(value: number): void {
    if (this.#count < MAX_SAMPLES) this.#values[this.#count++] = value;
  }

  /** The value that `share` (0 to 1) of all do not exceed; 0 if there are none. */
  percentile(share: number): number {
    const sorted = this.#values.slice(0, this.#count).sort();
    return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  }
}
