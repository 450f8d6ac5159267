// Plays one input on a server of its own, with sockets in memory and a clock that stands still, and
// looks at the server's laws while it does.

import { setImmediate } from "node:timers";
import type { ServerEvent } from "../../protocol/events.ts";
import type { Member } from "../../server/chat/member.ts";
import { Operator } from "../../server/operator.ts";
import { Server } from "../../server/server.ts";
import type { LogEntry } from "../../server/server_options.ts";
import { frame, LAYOUTS } from "../../protocol/frames.ts";
import { FakeClock } from "../fakes.ts";
import { phrasebook } from "../faults/phrasebook.ts";
import type { Listener, Scenario, Step } from "./scenario.ts";
import { Seat } from "./seat.ts";

/** How the bytes of a step arrive. */
export const DELIVERIES = ["whole", "in two", "byte by byte"] as const;
/** One of them. */
export type Delivery = typeof DELIVERIES[number];

/** A law of the server that does not hold. */
export class Broken extends Error {
  override name = "Broken";

  /** `law` is short and the same for the same kind of fault; `detail` says what was found. */
  constructor(readonly law: string, readonly detail: string) {
    super(`${law}: ${detail}`);
  }
}

/** What there is to see of one play. */
export interface Played {
  readonly seats: readonly Seat[];
  readonly canary: Seat;
  readonly listeners: readonly Seat[];
  /** All messages stored, in order. */
  readonly messages: readonly (ServerEvent & { type: "message" })[];
  readonly watched: readonly ServerEvent[];
  readonly log: readonly LogEntry[];
  readonly closed: ReadonlyMap<string, number>;
  /** What happened to whom, for whoever looks for new behaviour. */
  readonly features: ReadonlySet<string>;
}

/** The system reads no more at once. */
const CHUNK_BYTES = 16 * 1024;
/** Longer steps arrive in pieces of a prime size instead of byte by byte. */
const MAX_SINGLE_BYTES = 2_048;
const PIECE_BYTES = 61;
/** Longer than any timer of the server but the one of an announced end. */
const AFTERWARDS_MS = 120_000;
/** Turns of the event loop without anything happening, after which nothing will. */
const QUIET_TURNS = 2;

const ENCODER = new TextEncoder();

/** Plays `scenario`; throws {@linkcode Broken} where a law does not hold. */
export async function play(scenario: Scenario, delivery: Delivery): Promise<Played> {
  const world = new World(scenario, delivery);
  await world.run();
  return world;
}

class World implements Played {
  readonly seats: Seat[] = [];
  readonly listeners: Seat[] = [];
  readonly canary: Seat;
  readonly messages: (ServerEvent & { type: "message" })[] = [];
  readonly watched: ServerEvent[] = [];
  readonly log: LogEntry[] = [];
  readonly features = new Set<string>();
  readonly #scenario: Scenario;
  readonly #delivery: Delivery;
  readonly #clock = new FakeClock();
  readonly #server: Server;
  readonly #operator: Operator;
  readonly #tally = { count: 0 };
  readonly #seatOf = new Map<Member, Seat>();
  #pings = 0;

  constructor(scenario: Scenario, delivery: Delivery) {
    this.#scenario = scenario;
    this.#delivery = delivery;
    this.#server = new Server({ clock: this.#clock, log: (entry) => this.log.push(entry) });
    this.#operator = new Operator(this.#server, "fuzz");
    this.#operator.watch(({ event }) => this.#onWatched(event));
    this.#noteWhatIsTold();
    this.canary = new Seat(this.#server, { kind: "tcp", notices: false }, this.#tally);
  }

  get closed(): ReadonlyMap<string, number> {
    return this.#server.closed;
  }

  async run(): Promise<void> {
    this.canary.socket.send('{"type":"hello","name":"canary"}\n');
    for (const [at, listener] of this.#scenario.listeners.entries()) this.#listen(listener, at);
    for (const actor of this.#scenario.actors) {
      this.seats.push(new Seat(this.#server, actor, this.#tally));
    }
    await this.#settle();
    for (const [at, step] of this.#scenario.steps.entries()) {
      await this.#take(step, at);
      this.#checkLaws();
    }
    await this.#askCanary();
    await this.#end();
  }

  #listen({ dialect, layout }: Listener, at: number): void {
    const seat = new Seat(this.#server, { kind: "unix", notices: at % 2 === 0 }, this.#tally);
    const name = `ear${at}`;
    const shape = LAYOUTS[layout % LAYOUTS.length];
    const book = phrasebook(dialect);
    if (dialect === "plain") seat.socket.send(book.rename(name));
    else seat.socket.send(dialect === "framed" && shape ? frame(shape, 0, name) : book.hello(name));
    this.listeners.push(seat);
  }

  async #take(step: Step, at: number): Promise<void> {
    if (step.does === "wait") this.#clock.advance(step.ms);
    else if (step.does === "order") this.#order(step);
    else {
      const seat = this.seats[step.who];
      if (seat === undefined || seat.hasEnded) return;
      if (step.does === "send") return await this.#send(seat, step, at);
      if (step.does === "reset") {
        seat.hasEnded = true;
        seat.readsAll = false;
        seat.socket.reset();
      } else if (step.does === "read") seat.socket.take();
      else if (step.does === "deafen") {
        seat.readsAll = false;
        seat.socket.failWrites();
      } else {
        seat.readsAll = false;
        seat.socket.take(step.room);
      }
    }
    await this.#settle();
  }

  async #send(
    seat: Seat,
    { bytes, end }: Extract<Step, { does: "send" }>,
    at: number,
  ): Promise<void> {
    for (const part of this.#parts(bytes, at)) {
      for (let from = 0; from < part.length; from += CHUNK_BYTES) {
        seat.socket.send(part.slice(from, from + CHUNK_BYTES));
      }
      if (this.#delivery === "in two") await this.#settle();
    }
    if (end === true) {
      seat.hasEnded = true;
      seat.socket.end();
    }
    await this.#settle();
  }

  /** The bytes as this delivery hands them over. */
  #parts(bytes: Uint8Array, at: number): Uint8Array[] {
    if (this.#delivery === "whole" || bytes.length < 2) return [bytes];
    if (this.#delivery === "in two") {
      const cut = 1 + (this.#scenario.cut * 31 + at * 17) % (bytes.length - 1);
      return [bytes.subarray(0, cut), bytes.subarray(cut)];
    }
    const size = bytes.length > MAX_SINGLE_BYTES ? PIECE_BYTES : 1;
    return Array.from(
      { length: Math.ceil(bytes.length / size) },
      (_, index) => bytes.subarray(index * size, (index + 1) * size),
    );
  }

  #order({ order, subject, reason }: Extract<Step, { does: "order" }>): void {
    if (subject === "canary" || /^ear\d/.test(subject)) return;
    const operator = this.#operator;
    if (order === "wall") operator.wall(reason);
    else if (order === "tell") operator.tell(subject, reason);
    else if (order === "kick") operator.kick(subject, reason);
    else if (order === "ban") operator.ban(subject, { reason, seconds: 60 });
    else operator[order](subject);
  }

  /** Waits until nothing happens any more without time passing. */
  async #settle(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS;) {
      const before = this.#tally.count;
      await new Promise<void>((resolve) => setImmediate(resolve));
      const busy = this.#tally.count !== before ||
        [...this.#server.sessions].some((session) =>
          session.isBehind && session.outbox.queuedBytes <= this.#server.limits.softQueueBytes
        );
      quiet = busy ? 0 : quiet + 1;
    }
  }

  /** A newcomer's question is answered, whatever the others do. */
  async #askCanary(): Promise<void> {
    const ref = `canary-${++this.#pings}`;
    this.canary.socket.send(JSON.stringify({ type: "ping", ref }) + "\n");
    await this.#settle();
    if (!this.canary.socket.text.endsWith(`{"type":"pong","ref":"${ref}"}\n`)) {
      throw new Broken("canary", `no answer: ${this.canary.socket.text.slice(-200)}`);
    }
  }

  /** Everybody leaves; nothing may be left of them. */
  async #end(): Promise<void> {
    for (const seat of [...this.seats, ...this.listeners]) {
      if (!seat.hasEnded) seat.socket.end();
    }
    await this.#settle();
    this.#checkLaws();
    await this.#askCanary();
    this.canary.socket.end();
    await this.#settle();
    this.#clock.advance(AFTERWARDS_MS);
    await this.#settle();
    const { sessions, chat } = this.#server;
    const left = {
      sessions: sessions.size,
      members: chat.members.size,
      groups: chat.groups.size,
      timers: this.#clock.pending,
      open: [this.canary, ...this.seats, ...this.listeners]
        .filter(({ socket }) => socket.closed !== 1).length,
      queued: [this.canary, ...this.seats, ...this.listeners]
        .reduce((sum, { session }) => sum + session.outbox.queuedBytes, 0),
    };
    if (Object.values(left).some((count) => count !== 0)) {
      throw new Broken("something is left", JSON.stringify(left));
    }
    const id = this.#nextId();
    if (id !== 1) throw new Broken("something is left", `the next number is ${id}`);
  }

  #nextId(): number {
    const seat = new Seat(this.#server, { kind: "tcp", notices: false, pinned: "native" }, {
      count: 0,
    });
    const id = seat.session.member?.id ?? 0;
    seat.session.destroy("eof");
    return id;
  }

  #checkLaws(): void {
    for (const { what, details } of this.log) {
      if (what === "fault") throw new Broken("fault", String(details.fault));
    }
    const { chat, limits, sessions } = this.#server;
    for (const session of sessions) {
      const { queuedBytes } = session.outbox;
      if (queuedBytes > limits.hardQueueBytes + limits.writeBytes) {
        throw new Broken("queue", `${queuedBytes} bytes wait for ${session.member?.name}`);
      }
    }
    const names = new Set<string>();
    for (const member of chat.members) {
      if (member.gone || chat.find(member.name) !== member || names.has(member.name)) {
        throw new Broken("membership", `${member.name} is not who bears that name`);
      }
      names.add(member.name);
      for (const group of member.groups.keys()) {
        if (!group.members.has(member)) throw new Broken("membership", `one-sided #${group.name}`);
        for (const other of group.members) {
          if (!other.groups.has(group)) throw new Broken("membership", `${other.name} is not in`);
          if (!chat.members.has(other)) throw new Broken("membership", `${other.name} has gone`);
        }
      }
    }
    for (const { name, members } of chat.groups.list(1_000)) {
      if (members.length === 0) throw new Broken("membership", `#${name} is empty`);
    }
  }

  #onWatched(event: ServerEvent): void {
    this.watched.push(event);
    this.features.add(`watched ${event.type}`);
    if (event.type !== "message") return;
    const last = this.messages.at(-1)?.seq ?? 0;
    if (event.seq !== last + 1) throw new Broken("seq", `${event.seq} behind ${last}`);
    this.messages.push(event);
    const member = this.#server.chat.find(event.from);
    if (member === undefined) return;
    if (!this.#seatOf.has(member)) {
      const all = [this.canary, ...this.seats, ...this.listeners];
      const seat = all.find(({ session }) => session.member === member);
      if (seat !== undefined) this.#seatOf.set(member, seat);
    }
    this.#seatOf.get(member)?.sent.push(event.seq);
  }

  /** Pairs of events that came to one reader one after the other are what behaviour is told by. */
  #noteWhatIsTold(): void {
    const { chat, fanout } = this.#server;
    const toOne = fanout.toOne.bind(fanout);
    const last = new WeakMap<object, string>();
    fanout.toOne = (peer, event) => {
      const dialect = "dialect" in peer ? peer.dialect : "";
      const now = nameOf(event);
      this.features.add(`${dialect} ${last.get(peer) ?? "first"} > ${now}`);
      this.features.add(`${now} ${scale(chat.members.size)} ${scale(chat.groups.size)}`);
      last.set(peer, now);
      toOne(peer, event);
    };
  }
}

function nameOf(event: ServerEvent): string {
  switch (event.type) {
    case "error":
      return `${event.code} ${event.message.slice(0, 12)}`;
    case "closed":
      return `closed ${event.reason}`;
    case "history":
      return `history ${scale(event.messages.length)}`;
    case "message":
      return `message ${event.to?.[0] ?? ""}${event.action ? "*" : ""}${scale(event.text.length)}`;
    case "ack":
      return `ack ${event.to?.[0] ?? ""}${scale(event.recipients)}`;
    default:
      return event.type + ("group" in event && event.group !== undefined ? " group" : "") +
        ("ref" in event ? ` ref ${typeof event.ref}` : "");
  }
}

/** A number as its number of binary digits: 0, 1, 2, 2, 3, ... */
function scale(count: number): number {
  return 32 - Math.clz32(count);
}

/** What all saw, for comparing two plays. */
export function transcript({ canary, listeners, seats, watched, closed }: Played): string {
  return JSON.stringify({
    canary: anonymous(canary),
    listeners: listeners.map(anonymous),
    seats: seats.map(anonymous),
    watched,
    closed: [...closed].sort(),
  });
}

/** Without the token that is new each time. */
function anonymous({ socket, session, dialect }: Seat) {
  const text = new TextDecoder("latin1").decode(socket.bytes);
  const got = text.replaceAll(/"session":"[0-9a-f-]{36}"/g, '"session":""');
  return { dialect, got, named: session.member?.name ?? "", closed: socket.closed };
}

/** Text as UTF-8. */
export function utf8(text: string): Uint8Array {
  return ENCODER.encode(text);
}
