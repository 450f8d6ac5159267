// Accepts connections that a proxy makes for its clients: each begins with a PROXY header, which
// has the client's address (`--listen ...,proxy`).

import { concatBuffers } from "../../protocol/first_bytes.ts";
import { parseProxyHeader } from "../../protocol/proxy_header.ts";
import type { Clock, Timer } from "../../shared/clock.ts";
import type { Limits } from "../limits/limits.ts";
import { type Prelude, PreludeAcceptor, type PreludeEvents } from "./prelude_acceptor.ts";
import type { Accepted, Acceptor, Socket, SocketReader } from "./socket.ts";

/** Why a connection closed before its header was complete. */
export type ProxyFailureReason =
  /** The first bytes were no header. */
  | "no_proxy_header"
  /** The header was not complete within the time limit of registration. */
  | "proxy_timeout"
  /** Too many others had not sent theirs. */
  | "crowded"
  | "shutdown";

/** Settings and callbacks of {@linkcode proxyAcceptor}. */
export interface ProxyAcceptorOptions {
  readonly clock: Clock;
  readonly limits: Pick<Limits, "registrationMs" | "maxHandshakes">;
  /** Not called for a health check, which connects and closes. */
  readonly onFailed: (
    one: { readonly address: string; readonly reason: ProxyFailureReason; readonly detail: string },
  ) => void;
}

/** Accepts the connections of `plain` after their header; takes it over and closes it. */
export function proxyAcceptor(plain: Acceptor, options: ProxyAcceptorOptions): PreludeAcceptor {
  const { clock, limits } = options;
  return new PreludeAcceptor(plain, {
    clock,
    most: () => limits.maxHandshakes,
    crowded: "too many others had not sent their PROXY header",
    begin: (accepted, events) => new PendingHeader(accepted, options, events),
  });
}

/** A connection whose header is not complete; after that, its socket. */
class PendingHeader implements Prelude, Socket, SocketReader {
  readonly #accepted: Accepted;
  readonly #options: ProxyAcceptorOptions;
  readonly #events: PreludeEvents;
  #timer: Timer | undefined;
  /** Bytes of the header, then those after it until they are received; undefined after that. */
  #head: Uint8Array | undefined = new Uint8Array(0);
  #state: "header" | "open" | "ended" = "header";
  #reader: SocketReader | undefined;

  constructor(accepted: Accepted, options: ProxyAcceptorOptions, events: PreludeEvents) {
    this.#accepted = accepted;
    this.#options = options;
    this.#events = events;
  }

  start(): void {
    const { clock, limits } = this.#options;
    this.#timer = clock.after(limits.registrationMs, () => {
      this.fail("proxy_timeout", "did not send its PROXY header in time");
    });
    this.#accepted.socket.open(this);
  }

  onReadable(): void {
    if (this.#state === "open") return this.#reader?.onReadable();
    try {
      while (this.#state === "header") {
        const chunk = this.#accepted.socket.receive();
        if (chunk === undefined) return;
        if (chunk === null) return this.#end();
        this.#onBytes(concatBuffers(this.#head ?? chunk, chunk));
      }
    } catch {
      this.#end(); // reset: a health check may end so
    }
  }

  fail(reason: ProxyFailureReason, detail: string): void {
    if (this.#state !== "header") return;
    this.#options.onFailed({ address: this.#accepted.address, reason, detail });
    this.#end();
  }

  #onBytes(head: Uint8Array): void {
    this.#head = head;
    const header = parseProxyHeader(head);
    if (header.kind === "more") return;
    if (header.kind === "none") {
      return this.fail("no_proxy_header", "did not begin with a PROXY header");
    }
    this.#timer?.cancel();
    this.#state = "open";
    this.#head = head.subarray(header.bytes);
    this.#events.ended();
    this.#events.done({ socket: this, address: header.source ?? this.#accepted.address });
  }

  #end(): void {
    this.#timer?.cancel();
    this.#state = "ended";
    this.#events.ended();
    this.#accepted.socket.close();
  }

  open(reader: SocketReader): void {
    this.#reader = reader;
    // The bytes after the header have been received already, and the system reports no more.
    queueMicrotask(() => this.#reader?.onReadable());
  }

  receive(): Uint8Array | null | undefined {
    const rest = this.#head;
    this.#head = undefined;
    return rest === undefined || rest.length === 0 ? this.#accepted.socket.receive() : rest;
  }

  write(bytes: Uint8Array<ArrayBuffer>): number | Promise<number> {
    return this.#accepted.socket.write(bytes);
  }

  untakenBytes(): number | undefined {
    return this.#accepted.socket.untakenBytes?.();
  }

  closeWrite(): void | Promise<void> {
    return this.#accepted.socket.closeWrite();
  }

  close(): void {
    this.#reader = undefined;
    this.#accepted.socket.close();
  }
}
