// The composition root of a running server: listeners, sessions, the chat, and how they end. The
// operator's interface to it is in operator/operator.ts.

import { EN } from "../texts/en.ts";
import type { Texts } from "../texts/texts.ts";
import type { ServerEvent } from "../protocol/events.ts";
import type { CloseReason } from "../protocol/failures.ts";
import type { Problem } from "../protocol/problem.ts";
import { Authority } from "./authority/authority.ts";
import type { PasswordPolicy } from "./authority/password_gate.ts";
import type { Orders } from "./authority/orders_port.ts";
import { ModerationStore } from "./authority/moderation_store.ts";
import { Passphrases } from "./authority/passphrases.ts";
import type { Bans } from "./authority/bans.ts";
import { Chat } from "./chat/chat.ts";
import type { Member } from "./chat/member.ts";
import { restoreMembers } from "./chat/resume.ts";
import { type Clock, systemClock, type Timer } from "../shared/clock.ts";
import { ShutdownCountdown } from "./operator/shutdown_countdown.ts";
import { AdmissionControl } from "./session/admission.ts";
import {
  closedEntry,
  connectedEntry,
  faultEntry,
  joinedEntry,
} from "./session/connection_log_entries.ts";
import { Fanout } from "./fanout.ts";
import { LagMeter } from "./metrics/event_loop_lag.ts";
import { DEFAULT_LIMITS, type Limits, type LimitValues, liveLimits } from "./limits/limits.ts";
import type { ListenAddress } from "./net/address.ts";
import { Connection } from "./net/connection.ts";
import { Flusher } from "./net/flusher.ts";
import type { ConnectionOptions } from "./net/connection_handler.ts";
import { acceptLoop, bindAll, type BoundListener } from "./net/listener.ts";
import { proxyAcceptor } from "./net/proxy_acceptor.ts";
import { QueueMemory } from "./net/queue_memory.ts";
import type { Accepted, Acceptor, SocketKind, Sockets } from "./net/socket.ts";
import { openSockets } from "./net/sockets.ts";
import { acceptorsOf } from "./net/wildcard_pair.ts";
import { RoundLimit } from "./round_limit.ts";
import { bytesPerTurn, TurnBudget } from "./session/turn_budget.ts";
import { TlsListeners } from "./tls_listeners.ts";
import { openStorage, type Storage } from "./storage/storage.ts";
import type { LogEntry, ServerOptions } from "./server_options.ts";
import { Session, type SessionOptions } from "./session/session.ts";
import { EventSubscribers } from "./operator/event_subscribers.ts";

/** A listener that accepts connections. */
interface OpenListener extends Pick<BoundListener, "address" | "release"> {
  readonly acceptor: Acceptor;
}

/** A chat server. */
export class Server {
  readonly limits: Limits;
  readonly clock: Clock;
  readonly texts: Texts;
  readonly startedAt: number;
  readonly moderation: ModerationStore;
  readonly authority: Authority;
  readonly fanout: Fanout;
  readonly chat: Chat;
  readonly storage: Storage;
  readonly countdown: ShutdownCountdown;
  readonly lag: LagMeter;
  readonly rounds: RoundLimit;
  readonly security: TlsListeners;
  /** Number of ended connections by reason. */
  readonly closed = new Map<CloseReason, number>();
  readonly watchers: EventSubscribers;
  readonly sessions = new Set<Session>();
  accepted = 0;
  acceptErrors = 0;
  /** The same for all connections. */
  readonly #connectionOptions: ConnectionOptions;
  readonly log: (entry: LogEntry) => void;
  /** Its addresses, also after it has stopped listening. */
  readonly addresses: ListenAddress[] = [];
  /** Listeners that are still open. */
  readonly #listeners: OpenListener[] = [];
  readonly #wantedSockets: SocketKind;
  readonly #flusher: Flusher;
  readonly #admission: AdmissionControl;
  /** Memory of the send queues of all clients. */
  readonly memory: QueueMemory;
  #sockets: Sockets | undefined;
  readonly #loops: Promise<void>[] = [];
  readonly #stopped = Promise.withResolvers<void>();
  readonly #emptied: (() => void)[] = [];
  readonly #passwordPolicy: PasswordPolicy | undefined;
  readonly #turn: TurnBudget;
  #sweep: Timer | undefined;
  #stopping = false;

  /** `orders` makes the operator commands of the chat; called before there is a chat. */
  constructor(options: ServerOptions = {}, orders?: (server: Server) => Orders) {
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.clock = options.clock ?? systemClock;
    this.texts = options.texts ?? EN;
    this.startedAt = this.clock.now();
    this.log = options.log ?? (() => {});
    this.#wantedSockets = options.sockets ?? "system";
    const { clock, limits, log, texts } = this;
    const publish = (text: string) => this.watchers.publish({ type: "notice", text });
    const admits = (address: string) => this.#admission.mayBegin(address);
    const { allowExpired = false } = options;
    this.security = new TlsListeners({ clock, limits, log, texts, publish, admits, allowExpired });
    this.#turn = new TurnBudget(bytesPerTurn(limits));
    const { writesPerTurn, writesPerTurnMs: ms } = limits;
    const flusher = this.#flusher = new Flusher(writesPerTurn.runtime, { ms, clock });
    const onFault = (fault: unknown) => this.#logFault(fault);
    this.watchers = new EventSubscribers({ clock, texts: this.texts.operatorReplies, onFault });
    const memory = this.memory = new QueueMemory(limits, () => this.sessions);
    this.#connectionOptions = { clock, flusher, limits, memory, onFault };
    this.fanout = new Fanout({
      memory,
      maxLagBytes: limits.hardQueueBytes,
      wake: (followers) => flusher.scheduleAll(followers),
    });
    this.storage = openStorage({ store: options.store, limits, clock, onFault });
    const now = () => this.storage.ages.clock.believedNow;
    this.moderation = new ModerationStore(this.storage.records, now);
    const believed = { monotonic: () => clock.monotonic(), now };
    this.#admission = new AdmissionControl({ limits, clock: believed, bans: this.bans });
    this.authority = new Authority({
      moderation: this.moderation,
      clock,
      delivery: this.fanout,
      orders: orders?.(this),
      passphrases: new Passphrases(options.hashCost),
      log: this.log,
      publishOrder: (name, line) => {
        publish(this.texts.notices.orderGiven(name, line));
      },
      onFault,
    });
    this.chat = new Chat({
      delivery: this.fanout,
      texts: this.texts,
      history: this.storage.history,
      sessions: this.storage.sessions,
      limits,
      newSerial: this.storage.serials.next,
      monotonic: () => clock.monotonic(),
      after: (ms, fire) => clock.after(ms, fire),
      newToken: () => crypto.randomUUID(),
      authority: this.authority,
      mutes: this.moderation.mutes,
      observe: (event) => this.#observe(event),
      onRegistered: (member) => this.#onRegistered(member),
    });
    this.#passwordPolicy = options.password && this.authority.passwordPolicy(options.password);
    const { count: samples, everyMs } = limits.lagSamples;
    this.lag = new LagMeter({ clock, everyMs, samples });
    this.countdown = new ShutdownCountdown({
      clock,
      tell: (seconds) => this.chat.broadcast({ type: "shutdown", in: seconds }),
      stop: () => void this.stop(),
    });
    this.rounds = new RoundLimit(options.rounds, () => void this.stop());
  }

  /** Banned names and addresses. */
  get bans(): Bans {
    return this.moderation.bans;
  }

  /** Applies new limits, except those that a running server cannot change. */
  changeLimits(limits: LimitValues): void {
    Object.assign(this.limits, liveLimits(limits));
  }

  /** Whether it is stopping or has stopped. */
  get isStopping(): boolean {
    return this.#stopping;
  }

  /** The kind of its sockets; undefined before it listens. */
  get sockets(): SocketKind | undefined {
    return this.#sockets?.kind;
  }

  /** Resolves once the server has stopped, for whatever reason. */
  get stopped(): Promise<void> {
    return this.#stopped.promise;
  }

  /** Listens at all addresses, or at none; returns why one cannot be bound. */
  async start(addresses: readonly ListenAddress[]): Promise<Problem | undefined> {
    const unusable = await this.security.load(addresses);
    if (unusable !== undefined) return unusable;
    const bound = await bindAll(
      addresses,
      this.limits,
      this.texts.serve.listen,
      () => this.#stopping,
    );
    if (bound === undefined || "error" in bound) return bound;
    if (this.#sockets === undefined) restoreMembers(this.chat);
    this.#sockets ??= openSockets(this.#wantedSockets, this.limits);
    this.#flusher.setWritesPerTurn(this.limits.writesPerTurn[this.#sockets.kind]);
    const sockets = this.#sockets;
    const accepting = acceptorsOf(bound.listeners, (listener) => sockets.acceptor(listener));
    for (const { address, release, plain } of accepting) {
      const acceptor = this.security.secure(this.#behindProxy(plain, address), address);
      const open = { address, release, acceptor };
      this.addresses.push(address);
      this.#listeners.push(open);
      this.#loops.push(this.#accept(open));
    }
    this.#sweepLater();
    this.security.watch();
    this.lag.start();
    return undefined;
  }

  /** Sends `closed` to everyone, sends what is queued within the flush limit, closes everything. */
  async stop(): Promise<void> {
    if (this.#stopping) return this.stopped;
    this.#stopping = true;
    this.log({ level: "info", what: "stopping", details: { clients: this.sessions.size } });
    this.countdown.end();
    this.#sweep?.cancel();
    this.security.unwatch();
    this.lag.stop();
    this.#closeListeners();
    this.chat.muteDepartures();
    for (const session of this.sessions) session.close("shutdown");
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.sessions.size === 0) resolve();
    this.#emptied.push(resolve);
    const timeout = this.clock.after(this.limits.flushMs, resolve);
    await promise;
    timeout.cancel();
    for (const session of this.sessions) session.destroy("shutdown");
    await Promise.all(this.#loops);
    await this.authority.stop();
    await this.#sockets?.close();
    this.#stopped.resolve();
  }

  /** `plain`, which accepts at a listener, after the PROXY headers if the listener expects them. */
  #behindProxy(plain: Acceptor, { proxy }: ListenAddress): Acceptor {
    if (!proxy) return plain;
    const { clock, limits, log } = this;
    return proxyAcceptor(plain, {
      clock,
      limits,
      onFailed: (details) => log({ level: "info", what: "turned_back", details }),
    });
  }

  async #accept({ address: listener, acceptor }: OpenListener): Promise<void> {
    const { clock, limits } = this;
    const options = this.sessionOptions(listener);
    await acceptLoop(acceptor, {
      clock,
      limits,
      onConnection: (accepted) => this.serve(accepted, options),
      onError: (problem) => {
        if (this.acceptErrors++ % 1000 === 0) {
          this.log({
            level: "warning",
            what: "accept_failed",
            details: { problem: `${problem}`, count: this.acceptErrors },
          });
        }
      },
    });
  }

  /** Options shared by the sessions of one listener. */
  sessionOptions(listener: ListenAddress): SessionOptions {
    const { chat, clock, limits, rounds, security, texts, fanout: delivery } = this;
    const shared = { chat, delivery, clock, limits, rounds, security, texts, turn: this.#turn };
    return { ...shared, listener, passwordPolicy: this.#passwordPolicy };
  }

  /** Serves an accepted connection. */
  serve({ socket, address, connectedAt }: Accepted, options: SessionOptions): void {
    this.accepted++;
    const refusal = this.#stopping ? "drop" : this.#admission.admit(address);
    if (refusal === "drop") return socket.close();
    this.log(connectedEntry(address, options.listener));
    const connection = new Connection(socket, this.#connectionOptions);
    const session = new Session(connection, options, { address, refusal, connectedAt });
    this.sessions.add(session);
    try {
      session.run(this.#ended);
    } catch (fault) {
      this.#logFault(fault);
      connection.destroy("error"); // a bug ended the session early
      this.#ended(session, "error");
    }
  }

  readonly #ended = (session: Session, reason: CloseReason): void => {
    if (!this.sessions.delete(session)) return;
    this.closed.set(reason, (this.closed.get(reason) ?? 0) + 1);
    this.#admission.release(session.address);
    this.log(closedEntry(session, reason, this.clock.now()));
    if (this.sessions.size === 0) this.#emptied.forEach((resolve) => resolve());
  };

  #observe(event: ServerEvent): void {
    if (event.type === "renamed") {
      this.log({ level: "info", what: "renamed", details: { from: event.was, to: event.name } });
    }
    this.watchers.publish(event);
  }

  /** A member that registers or resumes during a countdown is sent the time left (D10). */
  #onRegistered(member: Member): void {
    this.log(joinedEntry(member));
    const left = this.countdown.secondsLeft;
    if (left !== null) this.fanout.toOne(member.peer, { type: "shutdown", in: left });
  }

  #sweepLater(): void {
    this.#sweep = this.clock.after(this.limits.sweepMs, () => {
      const now = this.clock.monotonic();
      for (const session of this.sessions) session.sweep(now);
      this.moderation.removeExpiredMutes();
      this.#admission.removeExpired();
      this.#sweepLater();
    });
  }

  #logFault(fault: unknown): void {
    this.log(faultEntry(fault));
  }

  #closeListeners(): void {
    for (const { acceptor, release } of this.#listeners.splice(0)) {
      acceptor.close();
      release();
    }
  }
}
