// The clients of one load test: makes them join, shows who is really there by messages that all must
// get, and keeps count of who is gone.

import { EN } from "../texts/en.ts";
import type { DialResult } from "../client/dial.ts";
import { BlockWriter } from "../protocol/block.ts";
import type { Dialect } from "../protocol/dialect.ts";
import type { ServerEvent } from "../protocol/events.ts";
import { NATIVE_VERSION } from "../protocol/limits.ts";
import type { Request } from "../protocol/requests.ts";
import { visible } from "../protocol/sanitize.ts";
import { describeEvent } from "../protocol/describe_event.ts";
import { LoadClient, type LoadClientHandler, type LoadWire } from "./load_client.ts";
import { scannerFor } from "./stamp_scanners.ts";
import { MARK, PROBE_SENDER, type Stamp } from "./stamp.ts";
import type { Waiter } from "./waiter.ts";

/** What a crowd is made of. */
export interface LoadClientsOptions {
  readonly dial: () => Promise<DialResult>;
  readonly dialect: Dialect;
  /** Of `framed` (D2). */
  readonly headerBytes: 16 | 12 | 8;
  readonly stamp: Stamp;
  /** Begins every client's name; letters and digits. */
  readonly namePrefix: string;
  readonly watch: Waiter;
  /** Before a refused connection is tried again, in milliseconds, doubled with each try. */
  readonly retryMs: number;
}

/** Told what comes, once the messages are numbered. */
export interface TrafficListener {
  /** A whole message; `at` is when it was read, in milliseconds. */
  arrived(receiver: number, sender: number, number: number, at: number): void;
  /** A damaged one, as of {@linkcode StampListener.torn}. */
  torn(receiver: number, sender: number, number: number, bytes: Uint8Array): void;
  /** A client that was there is gone. */
  left(client: number): void;
}

/** Connections opened at once: a student's `listen(fd, 5)` should not be what is measured. */
const DIALS_AT_ONCE = 8;
/** Attempts for one client: a full queue of connections is no refusal yet. */
const ATTEMPTS = 4;
/** Most of a server's last words worth telling, in characters. */
const MAX_LAST_WORDS = 120;
const MARK_CHAR = String.fromCharCode(MARK);

/** A message's bytes around its stamp, the same for every message. */
export interface Envelope {
  readonly bytes: Uint8Array;
  readonly stampAt: number;
}

/** All clients. */
export class LoadClients implements LoadClientHandler {
  /** Bytes read by all clients. */
  bytesRead = 0;
  /** When something was last read by any client, in milliseconds. */
  readAt = 0;
  /** When the last client was connected, in milliseconds. */
  grownAt = 0;
  /** Why the last client could not connect. */
  dialError: string | undefined;
  /** The last words a server had for one whose connection it ended. */
  lastWords = "";
  /** Whether a sender has got a message of its own (D5). */
  heardItself = false;
  /** Clients whose connection the server ended. */
  ended = 0;
  /** Clients that have got the probe that is looked for. */
  reached = 0;
  readonly envelope: Envelope;
  readonly #options: LoadClientsOptions;
  readonly #running = new Set<Promise<void>>();
  #clients: LoadClient[] = [];
  #traffic: TrafficListener | undefined;
  #receiver = 0;
  #current: LoadClient | undefined;
  #named = 0;
  #probe = -1;
  /** Whoever has heard this probe or a later one is there. */
  #soughtProbe = 0;
  /** Counts the calls that let it grow, or stop: a connection for an earlier one comes too late. */
  #growth = 0;

  constructor(options: LoadClientsOptions) {
    this.#options = options;
    this.envelope = envelopeOf(options);
  }

  /** Those whose connection stands, in order of joining. */
  get clients(): readonly LoadClient[] {
    return this.#clients;
  }

  /** Opens connections and sends names until there are `size`; resolves when no attempt is left. */
  async grow(size: number): Promise<void> {
    let missing = size - this.#clients.length;
    const growth = ++this.#growth;
    this.dialError = undefined;
    this.grownAt = this.#options.watch.now();
    const worker = async (): Promise<void> => {
      while (missing-- > 0 && this.dialError === undefined && growth === this.#growth) {
        await this.#join(growth);
      }
    };
    await Promise.all(Array.from({ length: DIALS_AT_ONCE }, worker));
  }

  /** Whoever is not connected yet stays out. */
  stopGrowing(): void {
    this.#growth++;
  }

  /** From now on those count as reached who get a probe sent later. */
  startProbe(): void {
    this.#soughtProbe = this.#probe + 1;
    this.reached = 0;
  }

  /** Has the first client say something that all should get. */
  probe(): void {
    const speaker = this.#clients[0];
    if (speaker === undefined) return;
    const { stamp } = this.#options;
    const bytes = this.envelope.bytes.slice();
    stamp.write(bytes, this.envelope.stampAt, PROBE_SENDER, ++this.#probe);
    void speaker.write(bytes);
  }

  /** Whether everybody who is there has got a probe, the one who said it aside. */
  get isReached(): boolean {
    return this.#clients.every((client, at) => at === 0 || client.heard >= this.#soughtProbe);
  }

  /** Ends the connections of all who did not get a probe; answers how many they were. */
  dropUnreached(): number {
    const there = this.#clients.filter((client, at) =>
      at === 0 || client.heard >= this.#soughtProbe
    );
    const dropped = this.#clients.filter((client) => !there.includes(client));
    for (const client of dropped) client.close();
    this.#clients = there;
    return dropped.length;
  }

  /** Numbers the clients that are there, and tells `traffic` what they get from now on. */
  startTraffic(traffic: TrafficListener): void {
    this.#clients.forEach((client, index) => client.index = index);
    this.#traffic = traffic;
  }

  /** Ends all connections and waits for their readers. */
  async close(): Promise<void> {
    this.stopGrowing();
    for (const client of this.#clients) client.close();
    await Promise.all(this.#running);
  }

  begin(client: LoadClient, bytes: number): void {
    this.#current = client;
    this.#receiver = client.index;
    this.bytesRead += bytes;
    this.readAt = this.#options.watch.now();
  }

  intact(sender: number, number: number): void {
    if (sender === PROBE_SENDER) return this.#heardProbe(number);
    this.#traffic?.arrived(this.#receiver, sender, number, this.readAt);
  }

  torn(sender: number, number: number, bytes: Uint8Array): void {
    this.#traffic?.torn(this.#receiver, sender, number, bytes);
  }

  gone(client: LoadClient): void {
    this.ended++;
    const words = lastWordsIn(client.lastRead, this.#options);
    if (words !== "") this.lastWords = words;
    if (this.#traffic === undefined) {
      this.#clients = this.#clients.filter((one) => one !== client);
    } else {
      this.#traffic.left(client.index);
    }
    this.#options.watch.wake();
  }

  #heardProbe(number: number): void {
    const client = this.#current;
    if (client === undefined) return;
    if (client === this.#clients[0]) this.heardItself = true;
    else if (client.heard < this.#soughtProbe && number >= this.#soughtProbe) this.reached++;
    client.heard = Math.max(client.heard, number);
    // Waking for each of a thousand would look a thousand times at a thousand.
    if (this.reached >= this.#clients.length - 1) this.#options.watch.wake();
  }

  async #join(growth: number): Promise<void> {
    const dialled = await this.#dial(growth);
    if (growth !== this.#growth) return dialled.ok ? dialled.wire.close() : undefined;
    if (!dialled.ok) {
      this.dialError = dialled.error;
      return;
    }
    this.grownAt = this.#options.watch.now();
    const client = this.#client(dialled.wire);
    this.#clients.push(client);
    const running = client.run();
    this.#running.add(running);
    void running.then(() => this.#running.delete(running));
    await client.write(this.#hello());
  }

  async #dial(growth: number): Promise<DialResult> {
    let dialled = await this.#options.dial();
    // Only where others came in before can it be the crowd that is too much.
    for (
      let attempt = 1;
      attempt < ATTEMPTS && !dialled.ok && this.#clients.length > 0;
      attempt++
    ) {
      await this.#options.watch.pause(this.#options.retryMs * 2 ** attempt);
      if (growth !== this.#growth) return dialled;
      dialled = await this.#options.dial();
    }
    return dialled;
  }

  #client(wire: LoadWire): LoadClient {
    const { dialect, headerBytes, stamp } = this.#options;
    const scanner = scannerFor(dialect.name, { stamp, headerBytes });
    return new LoadClient(wire, { index: this.#clients.length, scanner, reception: this });
  }

  #hello(): Uint8Array {
    const { dialect, headerBytes, namePrefix } = this.#options;
    const name = `${namePrefix}${++this.#named}`;
    return encoded({ verb: "hello", name, version: NATIVE_VERSION }, dialect, headerBytes);
  }
}

/** The last thing a server said that was no message of a client, which is why it hangs up. */
function lastWordsIn(bytes: Uint8Array, { dialect, headerBytes }: LoadClientsOptions): string {
  let words = "";
  const { decoder } = dialect.client({ headerBytes });
  const listen = (event: ServerEvent): void => {
    const text = describeEvent(event, EN.events);
    if (text !== "" && !text.includes(MARK_CHAR)) words = text;
  };
  decoder.feed(bytes, listen);
  decoder.end(listen);
  return visible(words.replace(/^-[-!] /, "")).slice(0, MAX_LAST_WORDS);
}

function encoded(request: Request, dialect: Dialect, headerBytes: 16 | 12 | 8): Uint8Array {
  const out = new BlockWriter();
  out.begin();
  dialect.client({ headerBytes }).encoder.encode(request, out);
  const slice = out.end();
  return slice === undefined ? new Uint8Array(0) : slice.block.slice(slice.start, slice.end);
}

/** What the dialect puts around a message of the stamp's length. */
function envelopeOf({ dialect, headerBytes, stamp }: LoadClientsOptions): Envelope {
  const text = "x".repeat(stamp.bytes);
  const bytes = encoded({ verb: "say", text }, dialect, headerBytes);
  const stampAt = new TextDecoder("latin1").decode(bytes).indexOf(text);
  return { bytes, stampAt };
}
