// The clients of one load test: joins them, finds by probes (messages to all) which are registered,
// and counts those that the server disconnects.

import type { DialResult } from "../client/dial.ts";
import { BlockWriter } from "../protocol/block.ts";
import type { Dialect } from "../protocol/dialect.ts";
import type { ServerEvent } from "../protocol/events.ts";
import { NATIVE_VERSION } from "../protocol/limits.ts";
import type { Request } from "../protocol/requests.ts";
import { visible } from "../protocol/sanitize.ts";
import type { EventTexts } from "../texts/texts.ts";
import { describeEvent } from "../protocol/describe_event.ts";
import { LoadClient, type LoadClientHandler, type LoadWire, readable } from "./load_client.ts";
import { EndlessScanner, holdsMessage, type Scanner, scannerFor } from "./stamp_scanners.ts";
import type { MessageEnd } from "./load_report.ts";
import { MARK, PROBE_SENDER, type Stamp } from "./stamp.ts";
import type { Waiter } from "./waiter.ts";

/** Options of {@linkcode LoadClients}. */
export interface LoadClientsOptions {
  readonly dial: () => Promise<DialResult>;
  readonly dialect: Dialect;
  /** For the server's last text. */
  readonly texts: EventTexts;
  /** Length of a header in `framed` (D2). */
  readonly headerBytes: 16 | 12 | 8;
  readonly stamp: Stamp;
  /** Start of every client's name; letters and digits. */
  readonly namePrefix: string;
  readonly waiter: Waiter;
  /** Milliseconds before a refused connection is tried again, doubled with each attempt. */
  readonly retryMs: number;
}

/** Receives the messages of all clients, once clients are numbered. */
export interface TrafficListener {
  /** A whole message was read at `at`, in milliseconds. */
  arrived(receiver: number, sender: number, number: number, at: number): void;
  /** A damaged message was read; see {@linkcode StampListener.torn}. */
  torn(receiver: number, sender: number, number: number, bytes: Uint8Array): void;
  /** The server disconnected a client. */
  left(client: number): void;
}

/** Connections opened in parallel: a student's `listen(fd, 5)` should not be what is measured. */
const PARALLEL_DIALS = 8;
/** Attempts for one client: a full accept queue is no refusal yet. */
const ATTEMPTS = 4;
/** Most characters of a server's last text in a report. */
const MAX_QUOTED_CHARS = 120;
const MARK_CHAR = String.fromCharCode(MARK);

/** A message's bytes around its stamp, the same for every message. */
export interface Envelope {
  readonly bytes: Uint8Array;
  readonly stampAt: number;
}

/** All clients of a load test. */
export class LoadClients implements LoadClientHandler {
  /** Bytes read by all clients. */
  bytesRead = 0;
  /** When any client last read something, in milliseconds. */
  readAt = 0;
  /** When the last client connected, in milliseconds. */
  grownAt = 0;
  /** Why the last client could not connect. */
  dialError: string | undefined;
  /** The last text the server sent to a client that it then disconnected. */
  lastText = "";
  /** Whether a sender received its own message (D5). */
  receivedOwn = false;
  /** Clients that the server disconnected. */
  ended = 0;
  /** Clients that have received the current probe. */
  reached = 0;
  /** The first damaged message while the clients joined, as readable text. */
  damaged: string | undefined;
  /** What one of them had read last, as readable text; noted by {@linkcode dropUnreached}. */
  latestText = "";
  readonly envelope: Envelope;
  readonly #options: LoadClientsOptions;
  readonly #running = new Set<Promise<void>>();
  #clients: LoadClient[] = [];
  #traffic: TrafficListener | undefined;
  #receiver = 0;
  #current: LoadClient | undefined;
  #named = 0;
  #probe = -1;
  /** Whether this server's messages come without an end (D24). */
  #isEndless = false;
  /** A client that has received this probe or a later one is registered. */
  #soughtProbe = 0;
  /**
   * Counts the calls of grow() and stopGrowing(): a connection for an earlier call comes too late.
   */
  #growth = 0;

  constructor(options: LoadClientsOptions) {
    this.#options = options;
    this.envelope = envelopeOf(options);
  }

  /** The connected clients, in order of joining. */
  get clients(): readonly LoadClient[] {
    return this.#clients;
  }

  /** Opens connections and sends names until there are `size`; resolves after the last attempt. */
  async grow(size: number): Promise<void> {
    let missing = size - this.#clients.length;
    const growth = ++this.#growth;
    this.dialError = undefined;
    this.grownAt = this.#options.waiter.now();
    const worker = async (): Promise<void> => {
      while (missing-- > 0 && this.dialError === undefined && growth === this.#growth) {
        await this.#join(growth);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL_DIALS }, worker));
  }

  /** Closes connections that are still being opened. */
  stopGrowing(): void {
    this.#growth++;
  }

  /** From now on, clients count as reached that receive a later probe. */
  startProbe(): void {
    this.#soughtProbe = this.#probe + 1;
    this.reached = 0;
  }

  /** Sends a probe to all, from the first client. */
  probe(): void {
    const sender = this.#clients[0];
    if (sender === undefined) return;
    const { stamp } = this.#options;
    const bytes = this.envelope.bytes.slice();
    stamp.write(bytes, this.envelope.stampAt, PROBE_SENDER, ++this.#probe);
    void sender.write(bytes);
  }

  /** Whether all clients have received the current probe, except its sender. */
  get isReached(): boolean {
    return this.#clients.every((client, at) => at === 0 || client.lastProbe >= this.#soughtProbe);
  }

  /** How this server ends its messages. */
  get messageEnd(): MessageEnd {
    if (this.#isEndless) return "none";
    return this.#clients.some(({ nulEnds }) => nulEnds > 0) ? "nul" : "dialect";
  }

  /**
   * Finds out, after a silence, whether whole messages wait for an end that does not come (D24).
   * All clients then read messages by their length.
   */
  settleMessageEnd(): void {
    const { stamp } = this.#options;
    if (this.#isEndless) return;
    if (!this.#clients.some(({ pending }) => holdsMessage(pending, stamp))) return;
    this.#isEndless = true;
    for (const client of this.#clients) client.rescan(this.#scanner());
  }

  /** Disconnects all clients that did not receive the current probe; returns their number. */
  dropUnreached(): number {
    const there = this.#clients.filter((client, at) =>
      at === 0 || client.lastProbe >= this.#soughtProbe
    );
    const dropped = this.#clients.filter((client) => !there.includes(client));
    const heard = dropped.find(({ latest }) => latest.length > 0);
    if (heard !== undefined) this.latestText = readable(heard.latest);
    for (const client of dropped) client.close();
    this.#clients = there;
    return dropped.length;
  }

  /** Numbers the connected clients, and passes their messages to `traffic` from now on. */
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
    this.readAt = this.#options.waiter.now();
  }

  intact(sender: number, number: number): void {
    if (sender === PROBE_SENDER) return this.#onProbe(number);
    this.#traffic?.arrived(this.#receiver, sender, number, this.readAt);
  }

  torn(sender: number, number: number, bytes: Uint8Array): void {
    if (this.#traffic === undefined) this.#noteDamage(bytes);
    this.#traffic?.torn(this.#receiver, sender, number, bytes);
  }

  onEnd(client: LoadClient): void {
    this.ended++;
    const words = lastTextIn(client.lastRead, this.#options);
    if (words !== "") this.lastText = words;
    if (this.#traffic === undefined) {
      this.#clients = this.#clients.filter((one) => one !== client);
    } else {
      this.#traffic.left(client.index);
    }
    this.#options.waiter.wake();
  }

  /** A line too long for a message may be no message at all. */
  #noteDamage(bytes: Uint8Array): void {
    const text = readable(bytes);
    if (text.includes(MARK_CHAR + this.#options.stamp.run)) this.damaged ??= text;
  }

  #onProbe(number: number): void {
    const client = this.#current;
    if (client === undefined) return;
    if (client === this.#clients[0]) this.receivedOwn = true;
    else if (client.lastProbe < this.#soughtProbe && number >= this.#soughtProbe) this.reached++;
    client.lastProbe = Math.max(client.lastProbe, number);
    // Waking for each of a thousand clients would examine a thousand clients a thousand times.
    if (this.reached >= this.#clients.length - 1) this.#options.waiter.wake();
  }

  async #join(growth: number): Promise<void> {
    const dialled = await this.#dial(growth);
    if (growth !== this.#growth) return dialled.ok ? dialled.wire.close() : undefined;
    if (!dialled.ok) {
      this.dialError = dialled.error;
      return;
    }
    this.grownAt = this.#options.waiter.now();
    const client = this.#client(dialled.wire);
    this.#clients.push(client);
    const running = client.run();
    this.#running.add(running);
    void running.then(() => this.#running.delete(running));
    await client.write(this.#hello());
  }

  async #dial(growth: number): Promise<DialResult> {
    let dialled = await this.#options.dial();
    // Retried only if other clients got in before: then their number may be the cause.
    for (
      let attempt = 1;
      attempt < ATTEMPTS && !dialled.ok && this.#clients.length > 0;
      attempt++
    ) {
      await this.#options.waiter.pause(this.#options.retryMs * 2 ** attempt);
      if (growth !== this.#growth) return dialled;
      dialled = await this.#options.dial();
    }
    return dialled;
  }

  #client(wire: LoadWire): LoadClient {
    const index = this.#clients.length;
    return new LoadClient(wire, { index, scanner: this.#scanner(), handler: this });
  }

  #scanner(): Scanner {
    const { dialect, headerBytes, stamp } = this.#options;
    if (this.#isEndless) return new EndlessScanner(stamp);
    return scannerFor(dialect.name, { stamp, headerBytes });
  }

  #hello(): Uint8Array {
    const { dialect, headerBytes, namePrefix } = this.#options;
    const name = `${namePrefix}${++this.#named}`;
    return encoded({ verb: "hello", name, version: NATIVE_VERSION }, dialect, headerBytes);
  }
}

/** The last text from the server that is no message of a client: its reason for disconnecting. */
function lastTextIn(
  bytes: Uint8Array,
  { dialect, headerBytes, texts }: LoadClientsOptions,
): string {
  let words = "";
  const { decoder } = dialect.client({ layout: { headerBytes, littleEndian: true } });
  const listen = (event: ServerEvent): void => {
    const text = describeEvent(event, texts);
    if (text !== "" && !text.includes(MARK_CHAR)) words = text;
  };
  decoder.feed(bytes, listen);
  decoder.end(listen);
  return visible(words.replace(/^-[-!] /, "")).slice(0, MAX_QUOTED_CHARS);
}

function encoded(request: Request, dialect: Dialect, headerBytes: 16 | 12 | 8): Uint8Array {
  const out = new BlockWriter();
  out.begin();
  dialect.client({ layout: { headerBytes, littleEndian: true } }).encoder.encode(request, out);
  const slice = out.end();
  return slice === undefined ? new Uint8Array(0) : slice.block.slice(slice.start, slice.end);
}

/** The dialect's bytes around a message of the stamp's length. */
function envelopeOf({ dialect, headerBytes, stamp }: LoadClientsOptions): Envelope {
  const text = "x".repeat(stamp.bytes);
  const bytes = encoded({ verb: "say", text }, dialect, headerBytes);
  const stampAt = new TextDecoder("latin1").decode(bytes).indexOf(text);
  return { bytes, stampAt };
}
