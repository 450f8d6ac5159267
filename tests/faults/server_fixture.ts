// A server inside the test's own process, on real loopback sockets, and its clients. Its disposal
// proves that no session outlives its connection.

import { assert, assertStrictEquals } from "@std/assert";
import { EN } from "../../texts/en.ts";
import { chatOrders } from "../../admin/in_chat_commands.ts";
import type { DialectName } from "../../protocol/dialect.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import type { CloseReason } from "../../protocol/failures.ts";
import type { Limits } from "../../server/limits/limits.ts";
import { ServerPassword } from "../../server/authority/server_password.ts";
import { Operator } from "../../server/operator/operator.ts";
import type { SocketKind } from "../../server/net/socket.ts";
import { Server } from "../../server/server.ts";
import type { LogEntry } from "../../server/server_options.ts";
import type { Store } from "../../server/store/store.ts";
import { type TestAddress, TestClient } from "../test_client.ts";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { type DialectPhrases, phrasesOf, type ReceivedMessage } from "../dialect_phrases.ts";
import { until } from "../until.ts";

/**
 * Longest time until a new client is answered, whatever the others do (first line of
 * docs/faults.md), in milliseconds.
 */
const CANARY_MS = 100;
/** Tries of a canary: a busy machine may be slow once, a stuck server is always slow. */
const CANARY_TRIES = 5;

/** Without a rate limit: on a clock that stands still a spent burst would never be refilled. */
const UNHURRIED: Partial<Limits> = { messageRate: 10_000_000 };

/** Options of the server under test. */
export interface ServerFixtureOptions {
  readonly limits?: Partial<Limits>;
  /** If set, there is no rate limit unless `limits` has a `messageRate`. */
  readonly clock?: FakeClock;
  /** The password that clients must give (default none). */
  readonly password?: string;
  /** Where messages are stored (default in memory). */
  readonly store?: Store;
}

let tokens = 0;

/** A connected client, with the requests of its dialect. */
export class Guest {
  constructor(readonly client: TestClient, readonly book: DialectPhrases) {}

  /** Every line received, from the first on. */
  get seen(): readonly string[] {
    return this.client.lines.seen;
  }

  send(data: string | Uint8Array): Promise<void> {
    return this.client.send(data);
  }

  say(text: string): Promise<void> {
    return this.send(this.book.say(text));
  }

  /** Waits for the next line that matches. */
  match(pattern: RegExp): Promise<string> {
    return this.client.lines.match(pattern);
  }

  /** Every line received until now and not read: what is not among them was not sent. */
  async barrier(): Promise<string[]> {
    const token = `barrier-${++tokens}.`;
    await this.send(this.book.nonsense(token));
    return await this.client.until((line) => line.includes(token));
  }

  /** The messages among the lines received until now and not read. */
  async received(): Promise<ReceivedMessage[]> {
    return (await this.barrier()).flatMap((line) => this.book.message(line) ?? []);
  }

  /** Reads until the server has closed the connection; returns the lines. */
  async ended(): Promise<string[]> {
    await this.client.lines.ended();
    return this.client.lines.rest();
  }
}

/** A server with its clients, on TCP and on a Unix socket. */
export class ServerFixture implements AsyncDisposable {
  /** The kind of sockets of all servers of a test file; see runtime_sockets_slow_test.ts. */
  static sockets: SocketKind = "system";
  readonly server: Server;
  readonly operator: Operator;
  readonly log: LogEntry[] = [];
  /** Every public event, as the operator's console gets it. */
  readonly watched: ServerEvent[] = [];
  readonly clock: FakeClock | undefined;
  readonly #directory: string;
  readonly #leftovers: AsyncDisposable[] = [];
  tcp: TestAddress = { port: 0 };
  readonly unix: TestAddress;

  private constructor({ limits = {}, clock, password, store }: ServerFixtureOptions) {
    this.#directory = Deno.makeTempDirSync({ prefix: "minichat-" });
    this.unix = { path: `${this.#directory}/room` };
    this.clock = clock;
    this.server = new Server({
      limits: clock === undefined ? limits : { ...UNHURRIED, ...limits },
      sockets: ServerFixture.sockets,
      store,
      password: password === undefined ? undefined : new ServerPassword(password),
      hashCost: { n: 16, r: 1, p: 1 },
      log: (entry) => this.log.push(entry),
      ...(clock === undefined ? {} : { clock }),
    }, (server) => chatOrders((by) => new Operator(server, "test", { by }), EN));
    this.operator = new Operator(this.server, "test");
    this.operator.watch(({ event }) => this.watched.push(event));
  }

  /** Starts a server; all clients get notices, so that a barrier works in every dialect. */
  static async open(options: ServerFixtureOptions = {}): Promise<ServerFixture> {
    const fixture = new ServerFixture(options);
    const { path } = fixture.unix as { path: string };
    const problem = await fixture.server.start([
      { at: { kind: "tcp", host: "127.0.0.1", port: 0 }, notices: true },
      { at: { kind: "unix", path }, notices: true },
    ]);
    assertStrictEquals(problem, undefined);
    const [first] = fixture.server.addresses;
    assert(first?.at.kind === "tcp");
    fixture.tcp = { port: first.at.port };
    return fixture;
  }

  /** Connects and sends nothing; reads everything. */
  async connect(dialect: DialectName = "plain", place: TestAddress = this.tcp): Promise<Guest> {
    const book = phrasesOf(dialect);
    const client = await TestClient.connect(place, book.reshape);
    this.#leftovers.push(client);
    return new Guest(client, book);
  }

  /** Connects and reads nothing, until the test does. */
  async connectRaw(place: TestAddress = this.tcp): Promise<Deno.Conn> {
    const conn = "path" in place
      ? await Deno.connect({ transport: "unix", path: place.path })
      : await Deno.connect({ hostname: "127.0.0.1", port: place.port });
    this.#leftovers.push({
      [Symbol.asyncDispose]() {
        try {
          conn.close();
        } catch {
          // the test has closed it
        }
        return Promise.resolve();
      },
    });
    return conn;
  }

  /** A client that has registered under that name. */
  async join(dialect: DialectName, name: string, place: TestAddress = this.tcp): Promise<Guest> {
    const guest = await this.connect(dialect, place);
    await guest.send(guest.book.hello(name, place));
    const line = await guest.match(guest.book.welcome);
    assert(line.includes(name), `expected to be ${name}: ${line}`);
    return guest;
  }

  /** A member who never reads a byte. */
  async joinRaw(
    dialect: DialectName,
    name: string,
    place: TestAddress = this.tcp,
  ): Promise<Deno.Conn> {
    const conn = await this.connectRaw(place);
    await conn.write(phrasesOf(dialect).hello(name, place));
    await until(() => this.isHere(name), `${name} was in the room`);
    return conn;
  }

  isHere(name: string): boolean {
    return this.server.chat.find(name) !== undefined;
  }

  /** Bytes queued for that member. */
  queuedFor(name: string): number {
    return this.server.chat.find(name)?.peer.outbox.queuedBytes ?? 0;
  }

  /** Waits until `count` connections have ended for that reason. */
  async closes(reason: CloseReason, count = 1): Promise<void> {
    const { closed } = this.server;
    await until(() => (closed.get(reason) ?? 0) >= count, `${count} ended by ${reason}`);
    assertStrictEquals(closed.get(reason), count);
  }

  /** Fails unless a new client is answered within {@linkcode CANARY_MS}. */
  async canary(): Promise<void> {
    let best = Infinity;
    for (let round = 0; round < CANARY_TRIES && best > CANARY_MS; round++) {
      const began = performance.now();
      await using client = await TestClient.connect(this.tcp);
      await client.send('{"type":"ping","ref":"canary"}\n');
      await client.lines.match(/"pong"/);
      best = Math.min(best, performance.now() - began);
    }
    assert(best <= CANARY_MS, `the canary waited ${best} ms`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const leftover of this.#leftovers) await leftover[Symbol.asyncDispose]();
    const { sessions } = this.server;
    await until(() => sessions.size === 0, "the end of every session").catch(() => {});
    const left = sessions.size;
    const stopped = this.server.stop();
    this.clock?.advance(this.server.limits.flushMs);
    await stopped;
    Deno.removeSync(this.#directory, { recursive: true });
    assertStrictEquals(left, 0, "sessions outlived their connections");
  }
}
