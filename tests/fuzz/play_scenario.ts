// Plays one input on its own server, with sockets in memory and a clock that stands still, and
// checks the server's invariants after each step.

import type { ServerEvent } from "../../protocol/events.ts";
import { Operator } from "../../server/operator/operator.ts";
import type { Limits } from "../../server/limits/limits.ts";
import { Server } from "../../server/server.ts";
import type { LogEntry } from "../../server/server_options.ts";
import { LAYOUTS } from "../../protocol/frame_layouts.ts";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { chunked, type Chunking } from "./chunking.ts";
import { eventSignature, scale } from "./behaviour_signature.ts";
import { InvariantError } from "./invariant_error.ts";
import { checkState } from "./state_invariants.ts";
import { framedPhrases, phrasesOf } from "../dialect_phrases.ts";
import {
  fromLatin1,
  type Scenario,
  type ScenarioStep,
  type SilentMember,
  toLatin1,
} from "./scenario.ts";
import { FuzzConnection, untilIdle } from "./fuzz_connection.ts";

/** Placeholder in an input for the secret of a session, which differs each time. */
export const TOKEN = "TOKEN-OF-SOMEBODY";

/** The result of one play. */
export interface PlayResult {
  readonly connections: readonly FuzzConnection[];
  readonly canary: FuzzConnection;
  readonly listeners: readonly FuzzConnection[];
  /** All messages stored, in order. */
  readonly messages: readonly (ServerEvent & { type: "message" })[];
  readonly watched: readonly ServerEvent[];
  readonly log: readonly LogEntry[];
  readonly closed: ReadonlyMap<string, number>;
  /** The features of its behaviour: what happened to which kind of client. */
  readonly features: ReadonlySet<string>;
}

/** The most that one read returns. */
const CHUNK_BYTES = 16 * 1024;
/** Longer than any timer of the server but that of an announced end. */
const AFTERWARDS_MS = 120_000;

/** Limits that a few clients reach; not of queues, which depend on how bytes arrive. */
const TIGHT: Partial<Limits> = {
  maxClients: 5,
  maxGroups: 2,
  maxGroupsPerClient: 1,
  softQueueBytes: 1_024,
  requestsPerTurn: 2,
  writeBytes: 512,
  presenceBurst: 3,
  historyMessages: 3,
};

const ENCODER = new TextEncoder();

/** Plays `scenario`; throws {@linkcode InvariantError} if an invariant is broken. */
export async function play(scenario: Scenario, delivery: Chunking): Promise<PlayResult> {
  const { randomUUID } = crypto;
  let tokens = 0;
  // Secrets that are the same in every play, because texts may quote them.
  crypto.randomUUID = () => `00000000-0000-4000-8000-${String(++tokens).padStart(12, "0")}`;
  try {
    const world = new World(scenario, delivery);
    await world.run();
    return world;
  } finally {
    crypto.randomUUID = randomUUID;
  }
}

class World implements PlayResult {
  readonly connections: FuzzConnection[] = [];
  readonly listeners: FuzzConnection[] = [];
  readonly canary: FuzzConnection;
  readonly messages: (ServerEvent & { type: "message" })[] = [];
  readonly watched: ServerEvent[] = [];
  readonly log: LogEntry[] = [];
  readonly features = new Set<string>();
  readonly #scenario: Scenario;
  readonly #delivery: Chunking;
  readonly #clock = new FakeClock();
  readonly #server: Server;
  readonly #operator: Operator;
  readonly #tally = { count: 0 };
  #pings = 0;

  constructor(scenario: Scenario, delivery: Chunking) {
    this.#scenario = scenario;
    this.#delivery = delivery;
    this.#server = new Server({
      clock: this.#clock,
      log: (entry) => this.log.push(entry),
      ...(scenario.tight ? { limits: TIGHT } : {}),
    });
    this.#operator = new Operator(this.#server, "fuzz");
    this.#operator.watch(({ event }) => this.#onWatched(event));
    this.#noteWhatIsTold();
    this.canary = new FuzzConnection(this.#server, { kind: "tcp", notices: false }, this.#tally);
  }

  get #everybody(): readonly FuzzConnection[] {
    return [this.canary, ...this.connections, ...this.listeners];
  }

  get closed(): ReadonlyMap<string, number> {
    return this.#server.closed;
  }

  async run(): Promise<void> {
    this.canary.socket.send('{"type":"hello","name":"canary"}\n');
    for (const [at, listener] of this.#scenario.listeners.entries()) this.#listen(listener, at);
    for (const actor of this.#scenario.actors) {
      this.connections.push(new FuzzConnection(this.#server, actor, this.#tally));
    }
    await this.#settle();
    for (const [at, step] of this.#scenario.steps.entries()) {
      await this.#take(step, at);
      this.#checkLaws();
    }
    await this.#askCanary();
    await this.#end();
  }

  #listen({ dialect, layout }: SilentMember, at: number): void {
    const connection = new FuzzConnection(
      this.#server,
      { kind: "unix", notices: at % 2 === 0 },
      this.#tally,
    );
    const name = `ear${at}`;
    const shape = LAYOUTS[layout % LAYOUTS.length];
    const phrases = dialect === "framed" && shape ? framedPhrases(shape) : phrasesOf(dialect);
    connection.socket.send(phrases.hello(name, { path: "/s" }));
    this.listeners.push(connection);
  }

  async #take(step: ScenarioStep, at: number): Promise<void> {
    if (step.does === "wait") this.#pass(step.ms);
    else if (step.does === "order") this.#order(step);
    else {
      const connection = this.connections[step.who];
      if (connection === undefined || connection.hasEnded) return;
      if (step.does === "send") return await this.#send(connection, step, at);
      if (step.does === "reset") {
        connection.hasEnded = true;
        connection.readsAll = false;
        connection.socket.reset();
      } else if (step.does === "read") connection.socket.take();
      else if (step.does === "deafen") {
        connection.readsAll = false;
        connection.socket.failWrites();
      } else {
        connection.readsAll = false;
        connection.socket.take(step.room);
      }
    }
    await this.#settle();
  }

  async #send(
    connection: FuzzConnection,
    { bytes, end }: Extract<ScenarioStep, { does: "send" }>,
    at: number,
  ): Promise<void> {
    const cut = this.#scenario.cut * 31 + at * 17;
    for (const part of chunked(this.#withToken(bytes, connection), this.#delivery, cut)) {
      for (let from = 0; from < part.length; from += CHUNK_BYTES) {
        connection.socket.send(part.slice(from, from + CHUNK_BYTES));
      }
      if (this.#delivery === "in two") await this.#settle();
    }
    if (end === true) {
      connection.hasEnded = true;
      connection.socket.end();
    }
    await this.#settle();
  }

  /** Replaces the placeholder with the secret of a session, another client's if there is one. */
  #withToken(bytes: Uint8Array, sender: FuzzConnection): Uint8Array {
    const text = toLatin1(bytes);
    if (!text.includes(TOKEN)) return bytes;
    const others = this.connections.filter((connection) => connection !== sender);
    const sessions = [...others, sender].map(({ session }) => session.member?.session);
    const token = sessions.findLast((one) => one !== undefined) ?? "";
    return fromLatin1(text.replaceAll(TOKEN, token));
  }

  #order({ order, subject, reason }: Extract<ScenarioStep, { does: "order" }>): void {
    if (subject === "canary" || /^ear\d/.test(subject)) return;
    const operator = this.#operator;
    if (order === "wall") operator.wall(reason);
    else if (order === "tell") operator.tell(subject, reason);
    else if (order === "kick") operator.kick(subject, reason);
    else if (order === "ban") operator.ban(subject, { reason, seconds: 60 });
    else operator[order](subject);
  }

  /** Moves time on, and disconnects slow readers as a running server does. */
  #pass(ms: number): void {
    this.#clock.advance(ms);
    for (const session of this.#server.sessions) session.sweep(this.#clock.monotonic());
  }

  #settle(): Promise<void> {
    return untilIdle(this.#server, this.#tally);
  }

  /** Fails unless a client is answered; messages of clients that had to wait may follow. */
  async #askCanary(): Promise<void> {
    const ref = `canary-${++this.#pings}`;
    this.canary.socket.send(JSON.stringify({ type: "ping", ref }) + "\n");
    await this.#settle();
    if (!this.canary.socket.text.includes(`{"type":"pong","ref":"${ref}"}\n`)) {
      throw new InvariantError("canary", `no answer: ${this.canary.socket.text.slice(-200)}`);
    }
  }

  /** Ends every connection; nothing may be left of them. */
  async #end(): Promise<void> {
    for (const connection of [...this.connections, ...this.listeners]) {
      if (connection.hasEnded) continue;
      connection.socket.end();
      await this.#settle(); // else it would be random which end is seen first
    }
    this.#checkLaws();
    await this.#askCanary();
    this.canary.socket.end();
    await this.#settle();
    this.#pass(this.#server.limits.stalledMs + 1);
    await this.#settle();
    this.#pass(AFTERWARDS_MS);
    await this.#settle();
    const { sessions, chat } = this.#server;
    const left = {
      sessions: sessions.size,
      members: chat.members.size,
      groups: chat.groups.size,
      timers: this.#clock.pending,
      open: this.#everybody.filter(({ socket }) => socket.closed !== 1).length,
      queued: this.#everybody.reduce((sum, { session }) => sum + session.outbox.queuedBytes, 0),
    };
    if (Object.values(left).some((count) => count !== 0)) {
      throw new InvariantError("something is left", JSON.stringify(left));
    }
    const id = this.#nextId();
    if (id !== 1) throw new InvariantError("something is left", `the next number is ${id}`);
  }

  #nextId(): number {
    const connection = new FuzzConnection(
      this.#server,
      { kind: "tcp", notices: false, pinned: "native" },
      {
        count: 0,
      },
    );
    connection.session.onChunk(new TextEncoder().encode("{")); // it is a member from then on
    const id = connection.session.member?.id ?? 0;
    connection.session.destroy("eof");
    return id;
  }

  #checkLaws(): void {
    for (const { what, details } of this.log) {
      if (what === "fault") throw new InvariantError("fault", String(details.fault));
    }
    checkState(this.#server);
  }

  #onWatched(event: ServerEvent): void {
    this.watched.push(event);
    this.features.add(`watched ${event.type}`);
    if (event.type !== "message") return;
    const last = this.messages.at(-1)?.seq ?? 0;
    if (event.seq !== last + 1) throw new InvariantError("seq", `${event.seq} behind ${last}`);
    this.messages.push(event);
    const member = this.#server.chat.find(event.from);
    if (member === undefined) return;
    // Its latest connection: a resumed session has several.
    const connection = this.#everybody.find(({ session }) => session === member.peer);
    connection?.sent.push(event.seq);
  }

  /** Adds as features the pairs of events that one reader received in a row. */
  #noteWhatIsTold(): void {
    const { chat, fanout } = this.#server;
    const toOne = fanout.toOne.bind(fanout);
    const last = new WeakMap<object, string>();
    fanout.toOne = (peer, event) => {
      const dialect = "dialect" in peer ? peer.dialect : "";
      if (event.type === "answer") return toOne(peer, event);
      const now = eventSignature(event);
      this.features.add(`${dialect} ${last.get(peer) ?? "first"} > ${now}`);
      this.features.add(`${now} ${scale(chat.members.size)} ${scale(chat.groups.size)}`);
      last.set(peer, now);
      toOne(peer, event);
    };
  }
}

/** Text as UTF-8. */
export function utf8(text: string): Uint8Array {
  return ENCODER.encode(text);
}
