// A small chat server in any dialect whose deliveries a test may change, and a load test against it
// with short time limits.

import { dial } from "../../client/dial.ts";
import { type LoadOptions, runLoad } from "../../load/run_load.ts";
import type { LoadReport } from "../../load/load_report.ts";
import { LOAD_TIMING, type LoadTiming } from "../../load/timing.ts";
import { BlockWriter } from "../../protocol/block.ts";
import type { Codec, Dialect } from "../../protocol/dialect.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import type { Request } from "../../protocol/requests.ts";
import { EN } from "../../texts/en.ts";
import { FastClock } from "../fast_clock.ts";

/** The bytes sent to one receiver instead of one delivery. */
export type Spoil = (delivery: RelayDelivery) => readonly Uint8Array[];

/** One message for one receiver. */
export interface RelayDelivery {
  readonly bytes: Uint8Array;
  /** Number of earlier messages to this receiver. */
  readonly before: number;
  /** Number of the receiver in order of connecting, from 0. */
  readonly receiver: number;
}

/** Faults of a relay. */
export interface RelayOptions {
  readonly dialect: Dialect;
  readonly spoil?: Spoil;
  /** Connections served; further ones receive `full` and are closed. */
  readonly most?: number;
  readonly full?: string;
  /** Connections served in all; further ones receive `full` and are closed. */
  readonly mostEver?: number;
  /** The listener closes when a client disconnects, as a server does that ends then. */
  readonly endsWithClients?: true;
  /** Leaves Nagle's algorithm on. */
  readonly delaysSmallWrites?: true;
  /** Messages after which senders receive their own too, although the dialect does not echo. */
  readonly echoAfter?: number;
  /** Messages after which the server neither reads nor writes. */
  readonly freezeAfter?: number;
  /** Messages after which every connection is closed. */
  readonly vanishAfter?: number;
}

interface Member {
  readonly conn: Deno.Conn;
  readonly codec: Codec<Request, ServerEvent>;
  readonly receiver: number;
  before: number;
  writing: Promise<void>;
}

/** The server, which relays messages. */
export class Relay implements AsyncDisposable {
  readonly port: number;
  readonly #options: RelayOptions;
  readonly #listener: Deno.TcpListener;
  readonly #members = new Set<Member>();
  readonly #tasks: Promise<void>[] = [];
  #messages = 0;
  #accepted = 0;
  #hasEnded = false;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0, tcpBacklog: 512 });
    this.port = this.#listener.addr.port;
    this.#tasks.push(this.#accept());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
    this.#closeAll();
    await Promise.all(this.#tasks);
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#listener.close();
  }

  async #accept(): Promise<void> {
    try {
      for await (const conn of this.#listener) this.#tasks.push(this.#serve(conn));
    } catch {
      // the listener was closed
    }
  }

  async #serve(conn: Deno.TcpConn): Promise<void> {
    const { dialect, most = Infinity, mostEver = Infinity, full = "" } = this.#options;
    if (!this.#options.delaysSmallWrites) conn.setNoDelay();
    const receiver = this.#accepted++;
    if (this.#members.size >= most || receiver >= mostEver) {
      await conn.write(new TextEncoder().encode(full)).catch(() => {});
      return conn.close();
    }
    const codec = dialect.server({ notices: false, asksName: true });
    const member = { conn, codec, receiver, before: 0, writing: Promise.resolve() };
    this.#members.add(member);
    const buffer = new Uint8Array(16 * 1024);
    for (;;) {
      const read = await conn.read(buffer).catch(() => null);
      if (read === null) break;
      codec.decoder.feed(buffer.subarray(0, read), (request) => this.#perform(member, request));
    }
    this.#members.delete(member);
    if (this.#options.endsWithClients) this.#end();
    await member.writing;
    close(conn);
  }

  #perform(from: Member, request: Request): void {
    // `plain` decodes a line before it is known whether it is a name.
    if (request.verb !== "say" && request.verb !== "line") return;
    if (!request.text.startsWith("~")) return;
    if (++this.#messages > (this.#options.freezeAfter ?? Infinity)) return;
    if (this.#messages > (this.#options.vanishAfter ?? Infinity)) return this.#closeAll();
    const echoes = this.#options.dialect.echo ||
      this.#messages > (this.#options.echoAfter ?? Infinity);
    const event = { type: "message", seq: 1, at: "", from: `u${from.receiver}` } as const;
    for (const member of this.#members) {
      if (member === from && !echoes) continue;
      this.#deliver(member, { ...event, text: request.text });
    }
  }

  #deliver(member: Member, event: ServerEvent): void {
    const out = new BlockWriter(1024);
    out.begin();
    member.codec.encoder.encode(event, out);
    const slice = out.end();
    if (slice === undefined) return;
    const bytes = slice.block.slice(slice.start, slice.end);
    const { receiver, before } = member;
    member.before++;
    const parts = this.#options.spoil?.({ bytes, before, receiver }) ?? [bytes];
    member.writing = member.writing.then(() => writeAll(member.conn, parts));
  }

  #closeAll(): void {
    for (const { conn } of this.#members) close(conn);
    this.#members.clear();
  }
}

async function writeAll(conn: Deno.Conn, parts: readonly Uint8Array[]): Promise<void> {
  try {
    for (const part of parts) {
      for (let at = 0; at < part.length;) at += await conn.write(part.subarray(at));
    }
  } catch {
    // the client has disconnected
  }
}

function close(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch {
    // closed already
  }
}

/** For a server in the same process, in milliseconds of a {@linkcode FastClock}. */
export const TEST_TIMING: LoadTiming = {
  ...LOAD_TIMING,
  joinMs: 1_500,
  fanoutMs: 1_000,
  latency: { messages: 150, seconds: 30 },
};

/** Runs a short load test against a TCP port of this machine. */
export async function loadOn(
  port: number,
  dialect: Dialect,
  more: Partial<LoadOptions> = {},
): Promise<LoadReport> {
  const address = { kind: "tcp", host: "127.0.0.1", port } as const;
  return await runLoad({
    address,
    dial: () => dial(address, EN.client),
    dialect,
    texts: EN.events,
    headerBytes: 16,
    clients: 10,
    mayOpen: Infinity,
    senders: 3,
    window: 8,
    messageBytes: 64,
    seconds: 30,
    messages: 600,
    run: "test",
    clock: new FastClock(),
    cpuMs: () => 0,
    stop: new AbortController().signal,
    onProgress: () => {},
    timing: TEST_TIMING,
    ...more,
  });
}
