// The HTTP endpoint beside a chat. Connections are few, short and limited in bytes, so that they
// cannot take resources from the chat.

import type { Problem } from "../../protocol/problem.ts";
import { errorText } from "../../shared/errors.ts";
import { writeAll } from "../../shared/write_all.ts";
import type { Clock } from "../../shared/clock.ts";
import type { Limits } from "../limits/limits.ts";
import { acceptLoop } from "../net/listener.ts";
import { encodeResponse, headEnd, type HttpPage, lineResponse, respond } from "./http.ts";

/**
 * Most connections at the same time; one more closes the oldest, so that no client can block the
 * others.
 */
export const MAX_CONNECTIONS = 16;
/** Milliseconds from connecting to closing: a page is a few kilobytes. */
export const HTTP_DEADLINE_MS = 5_000;
/** Longest head of a request, in bytes. */
export const MAX_HEAD_BYTES = 8 * 1024;
/** Connections the system queues until they are accepted. */
const BACKLOG = 16;

const LF = 0x0a;
const ENCODER = new TextEncoder();

/** Address and pages of an endpoint. */
export interface HttpEndpointOptions {
  readonly host: string;
  /** The port; 0 for any free one. */
  readonly port: number;
  /** Pages by path. */
  readonly pages: ReadonlyMap<string, HttpPage>;
  readonly clock: Clock;
  readonly limits: Pick<Limits, "acceptBackoffMs">;
  /** Called with an exception of a page: a bug. */
  readonly onFault: (fault: unknown) => void;
}

/** Listens; returns an error message if it cannot. */
export function openHttpEndpoint(options: HttpEndpointOptions): HttpEndpoint | Problem {
  const { host, port } = options;
  try {
    return new HttpEndpoint(Deno.listen({ hostname: host, port, tcpBacklog: BACKLOG }), options);
  } catch (problem) {
    return { error: bindError(host, port, problem) };
  }
}

function bindError(host: string, port: number, problem: unknown): string {
  if (problem instanceof Deno.errors.AddrInUse) {
    return `Metrics port ${port} is in use: stop the program that listens there, or choose ` +
      "another with --metrics";
  }
  const why = problem instanceof Deno.errors.PermissionDenied
    ? "no permission"
    : problem instanceof Deno.errors.AddrNotAvailable
    ? "no address of this machine"
    : errorText(problem);
  return `Cannot listen for metrics at ${host}:${port}: ${why}: choose another --metrics`;
}

/** An open endpoint. */
export class HttpEndpoint {
  readonly #listener: Deno.TcpListener;
  readonly #options: HttpEndpointOptions;
  readonly #accepting: Promise<void>;
  /** Open connections, oldest first; calling the key closes one. */
  readonly #connections = new Map<() => void, Promise<void>>();

  constructor(listener: Deno.TcpListener, options: HttpEndpointOptions) {
    this.#listener = listener;
    this.#options = options;
    this.#accepting = acceptLoop(listener, {
      clock: options.clock,
      limits: options.limits,
      onError: () => {}, // no descriptors left: the chat reports that
      onConnection: (conn) => this.#take(conn),
    });
  }

  /** `http://HOST:PORT`. */
  get url(): string {
    const { hostname, port } = this.#listener.addr;
    return `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
  }

  /** Stops listening and closes all connections. */
  async close(): Promise<void> {
    this.#listener.close();
    for (const hangUp of this.#connections.keys()) hangUp();
    await this.#accepting;
    await Promise.all(this.#connections.values());
  }

  #take(conn: Deno.TcpConn): void {
    const [oldest] = this.#connections.keys();
    if (this.#connections.size >= MAX_CONNECTIONS) oldest?.();
    let open = true;
    const hangUp = () => {
      if (open) conn.close();
      open = false;
      this.#connections.delete(hangUp);
    };
    const late = this.#options.clock.after(HTTP_DEADLINE_MS, hangUp);
    const served = this.#serve(conn).catch(() => {}).finally(() => { // the client has disconnected
      late.cancel();
      hangUp();
    });
    this.#connections.set(hangUp, served);
  }

  async #serve(conn: Deno.TcpConn): Promise<void> {
    const head = await receiveHead(conn);
    if (head === undefined) return;
    const answer = ENCODER.encode(this.#answer(head));
    await writeAll(conn, answer);
    await conn.closeWrite();
    // Bytes that are not received would be answered with a reset, which destroys the response on
    // its way.
    const rest = new Uint8Array(MAX_HEAD_BYTES);
    while (await conn.read(rest) !== null);
  }

  #answer(head: string | "too long"): string {
    if (head === "too long") {
      return encodeResponse(lineResponse(431, `At most ${MAX_HEAD_BYTES} bytes`));
    }
    try {
      return respond(head, this.#options.pages);
    } catch (fault) {
      this.#options.onFault(fault);
      return encodeResponse(lineResponse(500, "A fault of the server: its log has it"));
    }
  }
}

/** The head of a request; undefined if the client ends before it is complete. */
async function receiveHead(conn: Deno.TcpConn): Promise<string | "too long" | undefined> {
  const buffer = new Uint8Array(MAX_HEAD_BYTES);
  let length = 0;
  while (length < buffer.length) {
    const count = await conn.read(buffer.subarray(length));
    if (count === null) return undefined;
    length += count;
    // A TLS handshake, or anything else that is not text, never ends in an empty line.
    if (!isUpperCase(buffer[0])) return "";
    if (!buffer.subarray(length - count, length).includes(LF)) continue;
    const received = String.fromCharCode(...buffer.subarray(0, length)); // HTTP heads are Latin-1
    const end = headEnd(received);
    if (end >= 0) return received.slice(0, end);
  }
  return "too long";
}

function isUpperCase(byte = 0): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}
