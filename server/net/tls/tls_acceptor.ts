// Connections of a plain listener, each handed on once its TLS handshake is done. Who is slow at that,
// never finishes or speaks something else holds up nobody: handshakes go on side by side, so many and
// so long as the limits allow (F13). Knows neither certificates nor sessions.

import { errorText } from "../../../shared/errors.ts";
import type { Clock, Timer } from "../../../shared/clock.ts";
import type { Limits } from "../../limits/limits.ts";
import type { Accepted, Acceptor, SocketReader } from "../socket.ts";
import type { Handshake, NodeEngine } from "./node_engine.ts";
import { describeNonTls, isTls } from "./recognize_non_tls.ts";

/** Why somebody did not get as far as a session. */
export type HandshakeFailureReason =
  /** Did not finish in the time to register. */
  | "handshake_timeout"
  /** Spoke something else. */
  | "not_tls"
  /** Could not agree on TLS, or did not trust the certificate. */
  | "handshake_failed"
  /** Too many others were at it. */
  | "crowded"
  /** Hung up before. */
  | "left"
  | "shutdown";

/** One who did not get as far as a session. */
export interface FailedHandshake {
  readonly address: string;
  readonly reason: HandshakeFailureReason;
  /** What happened, for the log. */
  readonly detail: string;
}

/** What such an acceptor needs. */
export interface TlsAcceptorOptions {
  readonly clock: Clock;
  readonly limits: Pick<Limits, "registrationMs" | "lingerMs" | "maxHandshakes">;
  /** The one in force when a handshake begins. */
  readonly engine: Pick<NodeEngine, "begin">;
  /** What whoever speaks no TLS is told, one line. */
  readonly hint: string;
  readonly onHandshakeFailed: (one: FailedHandshake) => void;
}

const ENCODER = new TextEncoder();

/** Accepts what has passed its handshake. */
export class TlsAcceptor implements Acceptor {
  readonly #plain: Acceptor;
  readonly #options: TlsAcceptorOptions;
  /** Oldest first. */
  readonly #newcomers = new Set<PendingHandshake>();
  readonly #ready: (Accepted | { readonly problem: unknown })[] = [];
  #wake: (() => void) | undefined;
  #goOn: (() => void) | undefined;

  /** Owns `plain` from now on. */
  constructor(plain: Acceptor, options: TlsAcceptorOptions) {
    this.#plain = plain;
    this.#options = options;
    void this.#acceptPlain();
  }

  /** How many are at it. */
  get handshakes(): number {
    return this.#newcomers.size;
  }

  async accept(): Promise<Accepted> {
    this.#goOn?.();
    while (true) {
      const next = this.#ready.shift();
      if (next !== undefined && "problem" in next) throw next.problem;
      if (next !== undefined) return next;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  close(): void {
    this.#plain.close();
    for (const newcomer of this.#newcomers) newcomer.fail("shutdown", "the server stops");
  }

  async #acceptPlain(): Promise<void> {
    while (true) {
      try {
        this.#begin(await this.#plain.accept());
      } catch (problem) {
        this.#push({ problem });
        if (problem instanceof Deno.errors.BadResource) return; // closed
        if (problem instanceof Deno.errors.Interrupted) return; // closed while waiting
        // Whoever calls accept() knows how long to wait before the system is asked again.
        await new Promise<void>((resolve) => this.#goOn = resolve);
        this.#goOn = undefined;
      }
    }
  }

  #begin(accepted: Accepted): void {
    const { clock } = this.#options;
    const newcomer = new PendingHandshake(accepted, this.#options, {
      secured: (socket) => {
        this.#push({ socket, address: accepted.address, connectedAt });
      },
      ended: () => this.#newcomers.delete(newcomer),
    });
    const connectedAt = clock.monotonic();
    this.#newcomers.add(newcomer);
    // The oldest has had the longest to finish: so a crowd that never does keeps nobody out.
    const [oldest] = this.#newcomers;
    if (this.#newcomers.size > this.#options.limits.maxHandshakes) {
      oldest?.fail("crowded", "too many others were in their TLS handshake");
    }
    newcomer.start();
  }

  #push(next: Accepted | { readonly problem: unknown }): void {
    this.#ready.push(next);
    this.#wake?.();
  }
}

/** Told by a newcomer, `ended` in any case. */
interface HandshakeEvents {
  readonly secured: (socket: Accepted["socket"]) => void;
  readonly ended: () => void;
}

/** A connection that has not finished its handshake. */
class PendingHandshake implements SocketReader {
  readonly #accepted: Accepted;
  readonly #options: TlsAcceptorOptions;
  readonly #events: HandshakeEvents;
  #state: "silent" | "handshake" | "secured" | "refused" | "ended" = "silent";
  #handshake: Handshake | undefined;
  #timer: Timer | undefined;

  constructor(accepted: Accepted, options: TlsAcceptorOptions, events: HandshakeEvents) {
    this.#accepted = accepted;
    this.#options = options;
    this.#events = events;
  }

  start(): void {
    const { clock, limits } = this.#options;
    this.#timer = clock.after(limits.registrationMs, () => {
      this.fail("handshake_timeout", "did not finish its TLS handshake in time");
    });
    this.#accepted.socket.open(this);
  }

  onReadable(): void {
    if (this.#handshake !== undefined) return this.#handshake.reader.onReadable();
    try {
      for (let chunk; (chunk = this.#accepted.socket.receive()) !== undefined;) {
        if (chunk === null) return this.fail("left", "left before its TLS handshake");
        if (this.#state === "silent") this.#onFirstBytes(chunk);
        if (this.#handshake !== undefined) return;
      }
    } catch {
      this.fail("left", "left before its TLS handshake");
    }
  }

  /** Ends the connection, and tells why unless that has been told. */
  fail(reason: HandshakeFailureReason, detail: string): void {
    if (this.#state === "ended" || this.#state === "secured") return;
    if (this.#state !== "refused") this.#tell(reason, detail);
    this.#end("ended");
    this.#handshake?.abort();
    this.#accepted.socket.close();
  }

  #onFirstBytes(head: Uint8Array): void {
    if (!isTls(head)) return this.#refuse(`spoke ${describeNonTls(head)} on a port for TLS`);
    this.#state = "handshake";
    const handshake = this.#options.engine.begin(this.#accepted.socket, head.slice());
    this.#handshake = handshake;
    handshake.secured.then((socket) => {
      if (this.#state !== "handshake") return socket.close();
      this.#end("secured");
      this.#events.secured(socket);
    }, (problem) => {
      this.fail("handshake_failed", errorText(problem));
    });
  }

  /** Says in plain words what is wanted here, and gives the peer a moment to read them. */
  #refuse(detail: string): void {
    this.#tell("not_tls", detail);
    this.#state = "refused";
    const { clock, limits, hint } = this.#options;
    this.#timer?.cancel();
    this.#timer = clock.after(limits.lingerMs, () => this.fail("not_tls", detail));
    const { socket } = this.#accepted;
    void Promise.resolve(socket.write(ENCODER.encode(`${hint}\r\n`)))
      .then(() => socket.closeWrite())
      .catch(() => this.fail("left", detail));
  }

  #tell(reason: HandshakeFailureReason, detail: string): void {
    this.#options.onHandshakeFailed({ address: this.#accepted.address, reason, detail });
  }

  #end(state: "ended" | "secured"): void {
    this.#state = state;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#events.ended();
  }
}
