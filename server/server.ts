// The composition root of a running server: listeners, sessions, the chat, and how it all ends. What
// an operator may do to it is in operator.ts.

import type { ServerEvent } from "../protocol/events.ts";
import { type CloseReason, failure, quoted } from "../protocol/failures.ts";
import { Bans } from "./bans.ts";
import { Chat } from "./chat/chat.ts";
import type { Member } from "./chat/member.ts";
import { type Clock, systemClock, type Timer } from "./clock.ts";
import type { WatchedEvent } from "./control.ts";
import { Countdown } from "./countdown.ts";
import { Fanout } from "./fanout.ts";
import { MemoryHistory } from "./history/memory.ts";
import { LagMeter } from "./lag.ts";
import { DEFAULT_LIMITS, type Limits, RESERVED_DESCRIPTORS } from "./limits.ts";
import type { ListenAddress } from "./net/address.ts";
import { Connection } from "./net/connection.ts";
import { Flusher } from "./net/flusher.ts";
import type { ConnectionOptions } from "./net/handler.ts";
import { acceptLoop, bind, type BoundListener } from "./net/listener.ts";
import type { Accepted, Acceptor, SocketKind, Sockets } from "./net/socket.ts";
import { openSockets } from "./net/sockets.ts";
import { Rounds } from "./rounds.ts";
import { Security } from "./security.ts";
import { Session } from "./session.ts";

/** Something worth a line in the operator's log. */
export interface LogEntry {
  readonly level: "info" | "warning" | "error";
  /** A stable code, such as `closed` or `accept_failed`. */
  readonly what: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A place where it accepts. */
interface Door extends Pick<BoundListener, "address" | "release"> {
  readonly acceptor: Acceptor;
}

/** How to make a server. */
export interface ServerOptions {
  readonly limits?: Partial<Limits>;
  readonly clock?: Clock;
  readonly log?: (entry: LogEntry) => void;
  /**
   * Stops after so many rounds (R15, D7). One is a connection accepted, a request received (a name, a
   * message, a command) or the end of a connection noticed. Without it, never.
   */
  readonly rounds?: number | undefined;
  /** How it reaches its sockets: "system", by direct calls where they work, unless told otherwise. */
  readonly sockets?: SocketKind;
}

/** A chat server. */
export class Server {
  readonly limits: Limits;
  readonly clock: Clock;
  readonly startedAt: number;
  readonly bans = new Bans();
  readonly fanout: Fanout;
  readonly chat: Chat;
  readonly countdown: Countdown;
  readonly lag: LagMeter;
  readonly rounds: Rounds;
  readonly security: Security;
  /** How connections ended, by reason. */
  readonly closed = new Map<CloseReason, number>();
  readonly watchers = new Set<(event: WatchedEvent) => void>();
  readonly sessions = new Set<Session>();
  accepted = 0;
  acceptErrors = 0;
  /** The same for all connections. */
  readonly #connectionOptions: ConnectionOptions;
  readonly log: (entry: LogEntry) => void;
  /** What it listens at, also after it has stopped listening. */
  readonly addresses: ListenAddress[] = [];
  /** Where it still listens. */
  readonly #doors: Door[] = [];
  readonly #wantedSockets: SocketKind;
  readonly #flusher: Flusher;
  #sockets: Sockets | undefined;
  readonly #loops: Promise<void>[] = [];
  readonly #stopped = Promise.withResolvers<void>();
  readonly #emptied: (() => void)[] = [];
  #sweep: Timer | undefined;
  #stopping = false;

  constructor(options: ServerOptions = {}) {
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.clock = options.clock ?? systemClock;
    this.startedAt = this.clock.now();
    this.log = options.log ?? (() => {});
    this.#wantedSockets = options.sockets ?? "system";
    const { clock, limits, log, closed } = this;
    this.security = new Security({ clock, limits, log, closed });
    const flusher = new Flusher(limits.writesPerTurn.runtime);
    this.#flusher = flusher;
    const onFault = (fault: unknown) => this.#logFault(fault);
    this.#connectionOptions = { clock, flusher, limits, onFault };
    this.fanout = new Fanout({
      maxLagBytes: limits.hardQueueBytes,
      wake: (followers) => flusher.scheduleAll(followers),
    });
    this.chat = new Chat({
      delivery: this.fanout,
      history: new MemoryHistory({ capacity: limits.historyMessages, now: () => clock.now() }),
      limits,
      monotonic: () => clock.monotonic(),
      after: (ms, fire) => clock.after(ms, fire),
      newToken: () => crypto.randomUUID(),
      refuses: (name) => this.#refuses(name),
      observe: (event) => this.#observe(event),
      onRegistered: (member) => this.#onRegistered(member),
    });
    const { count: samples, everyMs } = limits.lagSamples;
    this.lag = new LagMeter({ clock, everyMs, samples });
    this.countdown = new Countdown({
      clock,
      tell: (seconds) => this.chat.tellAll({ type: "shutdown", in: seconds }),
      stop: () => void this.stop(),
    });
    this.rounds = new Rounds(options.rounds, () => void this.stop());
  }

  /** Whether it is on its way out. */
  get isStopping(): boolean {
    return this.#stopping;
  }

  /** How it reaches its sockets; nothing before it listens. */
  get sockets(): SocketKind | undefined {
    return this.#sockets?.kind;
  }

  /** Resolves once the server has stopped, however that came about. */
  get stopped(): Promise<void> {
    return this.#stopped.promise;
  }

  /** Listens at every address, or at none: answers a sentence when one cannot be bound. */
  async start(addresses: readonly ListenAddress[]): Promise<string | undefined> {
    const unusable = await this.security.load(addresses);
    if (unusable !== undefined) return unusable;
    const listeners: BoundListener[] = [];
    for (const address of addresses) {
      const bound = await bind(address, this.limits);
      if (!("error" in bound)) listeners.push(bound);
      // Told to stop while it was binding: stop() could not see these.
      if ("error" in bound || this.#stopping) {
        for (const { listener, release } of listeners) {
          listener.close();
          release();
        }
        return "error" in bound ? bound.error : undefined;
      }
    }
    this.#sockets ??= openSockets(this.#wantedSockets, this.limits);
    this.#flusher.setPace(this.limits.writesPerTurn[this.#sockets.kind]);
    for (const { address, listener, release } of listeners) {
      const acceptor = this.security.secure(this.#sockets.acceptor(listener), address);
      const door = { address, release, acceptor };
      this.addresses.push(address);
      this.#doors.push(door);
      this.#loops.push(this.#accept(door));
    }
    this.#sweepLater();
    this.lag.start();
    return undefined;
  }

  /** Says goodbye to everyone, sends what is queued within the flush limit, closes everything. */
  async stop(): Promise<void> {
    if (this.#stopping) return this.stopped;
    this.#stopping = true;
    this.countdown.end();
    this.#sweep?.cancel();
    this.lag.stop();
    this.#closeDoors();
    this.chat.disband();
    for (const session of this.sessions) session.close("shutdown");
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.sessions.size === 0) resolve();
    this.#emptied.push(resolve);
    const late = this.clock.after(this.limits.flushMs, resolve);
    await promise;
    late.cancel();
    for (const session of this.sessions) session.destroy("shutdown");
    await Promise.all(this.#loops);
    await this.#sockets?.close();
    this.#stopped.resolve();
  }

  async #accept({ address, acceptor }: Door): Promise<void> {
    await acceptLoop(acceptor, {
      clock: this.clock,
      limits: this.limits,
      onConnection: (accepted) => this.#serve(accepted, address),
      onError: (problem) => {
        if (this.acceptErrors++ % 1000 === 0) {
          const details = { problem: `${problem}` };
          this.log({ level: "warning", what: "accept_failed", details });
        }
      },
    });
  }

  #serve({ socket, address, connectedAt }: Accepted, listener: ListenAddress): void {
    this.accepted++;
    // A few more than allowed are heard out so that they can be told; beyond that, none.
    if (this.#stopping || this.sessions.size >= this.limits.maxClients + RESERVED_DESCRIPTORS / 2) {
      return socket.close();
    }
    const { chat, clock, limits, rounds, fanout: delivery } = this;
    const connection = new Connection(socket, this.#connectionOptions);
    const turnedAway = this.#turnsAway(address);
    const tlsPort = this.security.port;
    const session = new Session(connection, {
      ...{ chat, delivery, clock, limits, rounds, listener, tlsPort },
      ...{ address, connectedAt, turnedAway },
    });
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
    const { address, dialect } = session;
    const name = session.member?.name ?? "";
    this.log({ level: "info", what: "closed", details: { address, name, dialect, reason } });
    if (this.sessions.size === 0) this.#emptied.forEach((resolve) => resolve());
  };

  #turnsAway(address: string): { reason: CloseReason; text: string } | undefined {
    const ban = this.bans.find(address, this.clock.now());
    if (ban) return { reason: "banned", text: `banned: ${ban.reason}` };
    if (this.sessions.size < this.limits.maxClients) return undefined;
    const { maxClients } = this.limits;
    return { reason: "server_full", text: `the server is full: ${maxClients} clients, try later` };
  }

  #refuses(name: string): ReturnType<typeof failure> | undefined {
    const ban = this.bans.find(name, this.clock.now());
    return ban && failure("banned", `${quoted(name)} is banned: ${ban.reason}`);
  }

  #observe(event: ServerEvent): void {
    if (this.watchers.size === 0) return;
    // What is said in private is not for the operator's screen.
    const isPrivate = event.type === "message" && event.to?.startsWith("@");
    const shown = isPrivate ? { ...event, text: `(to ${event.to?.slice(1)}, not shown)` } : event;
    const watched = { at: new Date(this.clock.now()).toISOString(), event: shown };
    for (const watcher of this.watchers) {
      try {
        watcher(watched);
      } catch (fault) {
        // Whoever watches must not cost the one who speaks: a bug here is the operator's.
        this.#logFault(fault);
      }
    }
  }

  /** Whoever arrives during a countdown is told how long is left (D10). */
  #onRegistered(member: Member): void {
    const { name, peer: { address, dialect } } = member;
    this.log({ level: "info", what: "joined", details: { name, address, dialect } });
    const left = this.countdown.secondsLeft;
    if (left !== null) this.fanout.toOne(member.peer, { type: "shutdown", in: left });
  }

  #sweepLater(): void {
    this.#sweep = this.clock.after(this.limits.sweepMs, () => {
      const now = this.clock.monotonic();
      for (const session of this.sessions) session.checkStalled(now);
      this.#sweepLater();
    });
  }

  #logFault(fault: unknown): void {
    this.log({ level: "error", what: "fault", details: { fault: describe(fault) } });
  }

  #closeDoors(): void {
    for (const door of this.#doors.splice(0)) {
      door.acceptor.close();
      door.release();
    }
    this.security.close();
  }
}

function describe(fault: unknown): string {
  return fault instanceof Error ? fault.stack ?? fault.message : String(fault);
}
