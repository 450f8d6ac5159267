// Accepts connections of a plain listener and hands each on after its TLS handshake, limited in
// number and time (F13).

import { errorText } from "../../../shared/errors.ts";
import type { Clock, Timer } from "../../../shared/clock.ts";
import type { Limits } from "../../limits/limits.ts";
import { type Prelude, PreludeAcceptor, type PreludeEvents } from "../prelude_acceptor.ts";
import type { Accepted, Acceptor, SocketReader } from "../socket.ts";
import type { Handshake, NodeEngine } from "./node_engine.ts";
import { describeNonTls, isTls } from "./recognize_non_tls.ts";

/** Why a connection closed before its handshake was done. */
export type HandshakeFailureReason =
  /** The handshake took longer than the time limit of registration. */
  | "handshake_timeout"
  /** The first bytes were not TLS. */
  | "not_tls"
  /** No common TLS version or cipher, or the client did not trust the certificate. */
  | "handshake_failed"
  /** Too many other handshakes were in progress. */
  | "crowded"
  /** The client disconnected before. */
  | "left"
  | "shutdown";

/** A connection that closed before its handshake was done. */
export interface FailedHandshake {
  readonly address: string;
  readonly reason: HandshakeFailureReason;
  /** What happened, for the log. */
  readonly detail: string;
}

/** Settings and callbacks of a {@linkcode tlsAcceptor}. */
export interface TlsAcceptorOptions {
  readonly clock: Clock;
  readonly limits: Pick<Limits, "registrationMs" | "lingerMs" | "maxHandshakes">;
  /** Whether a handshake from that address may begin (default yes). */
  readonly admits?: (address: string) => boolean;
  /** Begins each handshake. */
  readonly engine: Pick<NodeEngine, "begin">;
  /** Line sent to a client that does not speak TLS. */
  readonly hint: string;
  readonly onHandshakeFailed: (one: FailedHandshake) => void;
}

const ENCODER = new TextEncoder();

/** Accepts the connections of `plain` after their handshake; takes it over and closes it. */
export function tlsAcceptor(plain: Acceptor, options: TlsAcceptorOptions): PreludeAcceptor {
  const { clock, limits } = options;
  return new PreludeAcceptor(plain, {
    clock,
    most: () => limits.maxHandshakes,
    ...(options.admits && { admits: options.admits }),
    crowded: "too many others were in their TLS handshake",
    begin: (accepted, events) => new PendingHandshake(accepted, options, events),
  });
}

/** A connection that has not finished its handshake. */
class PendingHandshake implements Prelude, SocketReader {
  readonly #accepted: Accepted;
  readonly #options: TlsAcceptorOptions;
  readonly #events: PreludeEvents;
  #state: "silent" | "handshake" | "secured" | "refused" | "ended" = "silent";
  #handshake: Handshake | undefined;
  #timer: Timer | undefined;

  constructor(accepted: Accepted, options: TlsAcceptorOptions, events: PreludeEvents) {
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

  /** Closes the connection, and reports why unless that was reported before. */
  fail(reason: HandshakeFailureReason, detail: string): void {
    if (this.#state === "ended" || this.#state === "secured") return;
    if (this.#state !== "refused") this.#report(reason, detail);
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
      this.#events.done({ socket, address: this.#accepted.address });
    }, (problem) => {
      this.fail("handshake_failed", errorText(problem));
    });
  }

  /** Sends the hint, and gives the client a moment to read it. */
  #refuse(detail: string): void {
    this.#report("not_tls", detail);
    this.#state = "refused";
    const { clock, limits, hint } = this.#options;
    this.#timer?.cancel();
    this.#timer = clock.after(limits.lingerMs, () => this.fail("not_tls", detail));
    const { socket } = this.#accepted;
    void Promise.resolve(socket.write(ENCODER.encode(`${hint}\r\n`)))
      .then(() => socket.closeWrite())
      .catch(() => this.fail("left", detail));
  }

  #report(reason: HandshakeFailureReason, detail: string): void {
    this.#options.onHandshakeFailed({ address: this.#accepted.address, reason, detail });
  }

  #end(state: "ended" | "secured"): void {
    this.#state = state;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#events.ended();
  }
}
