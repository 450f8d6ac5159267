// The client's session over any number of connections: it dials, joins, resumes after a lost
// connection and resends what is unanswered, so that each message arrives exactly once (F27, F74).

import type { Capabilities } from "../protocol/dialect.ts";
import type { ErrorEvent, ServerEvent } from "../protocol/events.ts";
import type { Request } from "../protocol/requests.ts";
import { Alarm } from "../shared/clock.ts";
import type {
  ConnectionOutcome,
  ConversationListener,
  ConversationOptions,
} from "./conversation_options.ts";
import {
  ClientConnection,
  type ConnectionEnd,
  sendable,
  type SendResult,
} from "./client_connection.ts";
import { Liveness, LOST_MS } from "./liveness.ts";
import { type PendingRequest, PendingRequests } from "./pending_requests.ts";
import { reconnectDelayMs, reconnectPolicyOf } from "./reconnection.ts";
import { ALREADY_DONE_CODES, ENTRY_CODES } from "./refusal_codes.ts";
import { ResumeState, type WelcomeEvent } from "./resume_state.ts";

/** The `ref` of keepalive pings; the refs of pending requests are numbers. */
const KEEPALIVE_REF = "alive";

/** A connection that was open for this long resets the count of attempts, in milliseconds. */
const STABLE_MS = 10_000;

export class Conversation {
  readonly #options: ConversationOptions;
  readonly #listener: ConversationListener;
  readonly #capabilities: Capabilities;
  readonly #pending = new PendingRequests();
  readonly #resume: ResumeState;
  readonly #alarm: Alarm;
  readonly #liveness: Liveness;
  readonly #stopped = Promise.withResolvers<undefined>();
  #connection: ClientConnection | undefined;
  #wasWelcomed = false;
  #isOpen = false;
  #isOver = false;
  #stopAnnounced = false;
  /** Why the server refused the name or the session, on the current connection. */
  #refusal: Pick<ErrorEvent, "code" | "message"> | undefined;
  /** The name asked for, while it is unknown whether the server uses it. */
  #assumedName: string | undefined;
  /** The name to try next, after one that is taken. */
  #otherName: string | undefined;
  #attempt = 0;
  #openedAt = 0;
  #away:
    | { readonly since: number; readonly cause: ConnectionOutcome; readonly limitMs: number }
    | undefined;
  #endPause: () => void = () => {};

  constructor(options: ConversationOptions, listener: ConversationListener) {
    this.#options = options;
    this.#listener = listener;
    this.#capabilities = options.dialect.capabilities;
    this.#resume = new ResumeState(options.name, options.secrets);
    this.#alarm = new Alarm(options.clock);
    this.#liveness = new Liveness(options.clock, {
      ping: () => this.#connection?.send({ verb: "ping", ref: KEEPALIVE_REF }),
      onSilence: () => this.#connection?.abandon(options.texts.noSignOfLife(LOST_MS / 1000)),
    });
  }

  /** Whether this client has claimed its name or proven it with a passphrase. */
  get isProven(): boolean {
    return this.#resume.isProven;
  }

  /** The requests that the server has not answered yet. */
  get pending(): PendingRequests {
    return this.#pending;
  }

  /** Whether the connection was lost and the client has not reconnected yet. */
  get isAway(): boolean {
    return this.#away !== undefined;
  }

  /**
   * Resolves when the conversation is over, with the outcome that ended it. If reconnecting took
   * too long, that is the outcome that started it.
   */
  async run(): Promise<ConnectionOutcome> {
    for (;;) {
      const outcome = await this.#connectOnce();
      if (outcome.kind === "refused" && this.#otherName !== undefined) {
        this.#resume.takeName(this.#otherName);
        this.#otherName = undefined;
        continue;
      }
      const limitMs = this.#limitMs(outcome);
      if (limitMs === 0) return outcome;
      const { since, cause } = this.#away ??= { since: this.#now(), cause: outcome, limitMs };
      const leftMs = since + this.#away.limitMs - this.#now();
      if (leftMs <= 0) return cause;
      await this.#pause(outcome, leftMs);
      if (this.#isOver) return HERE;
      this.#listener.onAttempt(this.#attempt);
    }
  }

  /**
   * Sends `request`, or keeps it until there is a connection ("kept"). Returns "full" if too many
   * requests wait for their answer; else as {@linkcode ClientConnection.send}.
   */
  send(request: Request): SendResult | "kept" | "full" {
    if (!this.#capabilities.resumes) return this.#sendBare(request);
    if (request.verb === "rename" && this.#refusal !== undefined) {
      this.#resume.takeName(request.name);
      this.retryNow();
      return "kept";
    }
    const sent = sendable(this.#options.dialect.client().encoder, request);
    if (sent !== "sent") return sent;
    if ("passphrase" in request && request.passphrase) {
      this.#resume.takePassphrase(request.passphrase);
    }
    if (this.#pending.count >= this.#options.maxPending) return "full";
    this.#pending.add(request, !this.#isOpen);
    this.#flush();
    return this.#isOpen ? "sent" : "kept";
  }

  /**
   * Resolves when at most `mostQueuedBytes` are queued: backpressure for dialects without answers.
   */
  async drained(mostQueuedBytes: number): Promise<void> {
    const connection = this.#connection;
    if (connection !== undefined && connection.queuedBytes > mostQueuedBytes) {
      await connection.drained();
    }
  }

  /** Ends the wait before the next attempt. */
  retryNow(): void {
    this.#endPause();
  }

  /** Sends a goodbye and half-closes; resolves when all queued bytes were written. */
  async leave(): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined) return this.close();
    this.#isOver = true;
    this.#flush(true);
    if (this.#capabilities.goodbye) connection.send({ verb: "bye" });
    await connection.closeWrite();
  }

  /** Ends the conversation now, without a goodbye. */
  close(): void {
    this.#isOver = true;
    this.#alarm.cancel();
    this.#liveness.stop();
    this.#connection?.close();
    this.#stopped.resolve(undefined);
    this.#endPause();
  }

  #now(): number {
    return this.#options.clock.monotonic();
  }

  #sendBare(request: Request): SendResult {
    const sent = this.#connection?.send(request) ?? "sent";
    if (sent === "sent" && this.#options.dialect.confirms) this.#pending.add(request);
    return sent;
  }

  /** How long to try to reconnect after `outcome`, in milliseconds; 0 for not at all. */
  #limitMs(outcome: ConnectionOutcome): number {
    if (!this.#wasWelcomed || !this.#capabilities.resumes || this.#isOver) return 0;
    const { lostMs, announcedMs } = this.#options.timeouts;
    const policy = reconnectPolicyOf(outcome);
    if (policy === "never") return 0;
    return policy === "announced" ? announcedMs : lostMs;
  }

  async #pause(outcome: ConnectionOutcome, leftMs: number): Promise<void> {
    const attempt = ++this.#attempt;
    const delay = reconnectDelayMs(attempt, reconnectPolicyOf(outcome), this.#options.random);
    const inMs = Math.min(delay, leftMs);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#endPause = resolve;
    this.#alarm.set(inMs, resolve);
    this.#listener.onWait({ attempt, inMs, outcome, leftMs });
    await promise;
    this.#alarm.cancel();
    this.#endPause = () => {};
  }

  /** Dials once and handles the connection until it ends. */
  async #connectOnce(): Promise<ConnectionOutcome> {
    const dialling = this.#options.dial();
    const dialled = await Promise.race([dialling, this.#stopped.promise]);
    if (dialled === undefined || this.#isOver) {
      void dialling.then((late) => late.ok && late.wire.close(), () => {});
      return HERE;
    }
    if (!dialled.ok) return { ...dialled, kind: "unreachable" };
    const connection = new ClientConnection(
      dialled.wire,
      this.#options.dialect,
      this.#options.clock,
    );
    this.#connection = connection;
    this.#refusal = undefined;
    this.#hello();
    this.#listener.onConnected();
    let isLate = false;
    if (this.#capabilities.answers) {
      this.#alarm.set(this.#options.welcomeMs, () => {
        isLate = true;
        connection.close();
      });
    }
    const end = await this.#listen(connection);
    if (isLate) return { kind: "no_welcome" };
    const refusal = this.#refusal as Pick<ErrorEvent, "code" | "message"> | undefined; // set by #onRefusal() during #listen()
    if (refusal !== undefined && end.kind === "here" && !this.#isOver) {
      return { kind: "refused", error: refusal.message, code: refusal.code };
    }
    return { kind: "ended", end, stopAnnounced: this.#stopAnnounced };
  }

  async #listen(connection: ClientConnection): Promise<ConnectionEnd> {
    const received = (): void => {
      if (this.#capabilities.resumes) this.#liveness.received();
    };
    const onEvent = (event: ServerEvent): void | Promise<void> => {
      const slow = this.#onEvent(event);
      if (slow === undefined) return;
      // While the client does not read, silence does not mean that the server is gone.
      this.#liveness.stop();
      return slow.then(received);
    };
    try {
      received();
      return await connection.run(onEvent, received);
    } finally {
      this.#alarm.cancel();
      this.#liveness.stop();
      connection.close();
      this.#connection = undefined;
      if (this.#isOpen && this.#now() - this.#openedAt >= STABLE_MS) this.#attempt = 0;
      this.#isOpen = false;
      this.#pending.markUnsent();
    }
  }

  #hello(): void {
    const holds = this.#capabilities.resumes && this.#options.timeouts.lostMs > 0;
    const { secrets } = this.#options;
    const hello = this.#resume.hello(holds);
    const { password: text } = secrets ?? {};
    const password = text === undefined ? [] : [{ verb: "secret", text, means: hello } as const];
    // A dialect whose hello has a field for the password does not encode the verb `secret`.
    const requests = this.#capabilities.namesByLine ? [...password, hello] : [hello, ...password];
    for (const request of requests) this.#connection?.send(request);
  }

  #onEvent(event: ServerEvent): void | Promise<void> {
    if (event.type === "welcome") return this.#onWelcome(event);
    if (event.type === "shutdown") this.#stopAnnounced = event.in !== null;
    if (event.type === "pong" && event.ref === KEEPALIVE_REF) return;
    if (event.type === "you" && !this.#isNewIdentity(event)) return;
    if (event.type === "error" && this.#capabilities.answers && !this.#isOpen) {
      return this.#onRefusal(event);
    }
    if (this.#capabilities.resumes && !this.#resume.isUnseen(event)) return;
    const answered = this.#answeredBy(event);
    const isOldNews = event.type === "error" && ALREADY_DONE_CODES.has(event.code) &&
      answered?.wasDelayed;
    const slow = isOldNews ? undefined : this.#listener.onEvent(event, answered);
    this.#flush();
    return slow;
  }

  /**
   * Whether the listener does not know this yet. Where the server took only the request and not the
   * name in it, the client asks for its name there, and changes it.
   */
  #isNewIdentity({ name, assumed }: ServerEvent & { readonly type: "you" }): boolean {
    const wanted = this.#assumedName;
    this.#assumedName = assumed ? name : undefined;
    if (assumed) this.#connection?.send({ verb: "whoami" });
    if (wanted === undefined) return true;
    if (wanted !== name) this.#connection?.send({ verb: "rename", name: wanted });
    return false;
  }

  #onWelcome(event: WelcomeEvent): void | Promise<void> {
    this.#alarm.cancel();
    const away = this.#away;
    const resumed = away !== undefined && event.resumed === true;
    this.#away = undefined;
    this.#isOpen = true;
    this.#wasWelcomed = true;
    this.#stopAnnounced = false;
    this.#refusal = undefined;
    this.#openedAt = this.#now();
    this.#resume.begin(event, resumed);
    const doubtful = resumed ? [] : this.#pending.takeUncertain();
    const back = away && { afterMs: this.#openedAt - away.since, resumed, doubtful };
    const slow = this.#listener.onWelcome(event, back);
    if (!resumed) {
      for (const request of this.#resume.restoringRequests()) this.#connection?.send(request);
    }
    this.#flush();
    return slow;
  }

  #onRefusal(event: ServerEvent & { readonly type: "error" }): void | Promise<void> {
    if (event.code === "no_such_session" && this.#resume.forgetSession()) return this.#hello();
    this.#refusal = { code: event.code, message: event.message };
    if (event.code === "name_taken" && this.#away === undefined) {
      this.#otherName = this.#options.otherName?.(this.#resume.name ?? "");
    }
    // The next name takes a new connection, so that this one does not time out while a person
    // thinks.
    if (ENTRY_CODES.has(event.code)) this.#connection?.close();
    if (this.#away !== undefined || this.#otherName !== undefined) return;
    return this.#listener.onEvent(event, undefined);
  }

  #answeredBy(event: ServerEvent): PendingRequest | undefined {
    if (event.type === "notice" && event.receipt) return this.#pending.takeOldest();
    if (!("ref" in event) || event.ref === undefined) return undefined;
    return this.#pending.take(event.ref);
  }

  /** Sends pending requests as far as the window allows, or `all`. */
  #flush(all = false): void {
    if (!this.#isOpen || !this.#capabilities.resumes) return;
    for (let kept = this.#pending.next(all); kept !== undefined; kept = this.#pending.next(all)) {
      this.#connection?.send({ ...kept.request, ref: kept.ref });
    }
  }
}

const HERE: ConnectionOutcome = { kind: "ended", end: { kind: "here" }, stopAnnounced: false };
