// The HTTP endpoint beside a chat: so many connections at once and no more, each with little time and
// little room, so that nobody there can take from the chat what it needs. Knows pages, not what they say.

import type { Problem } from "../../protocol/problem.ts";
import { errorText } from "../../shared/errors.ts";
import { writeAll } from "../../shared/write_all.ts";
import type { Clock } from "../../shared/clock.ts";
import type { Limits } from "../limits/limits.ts";
import { acceptLoop } from "../net/listener.ts";
import { encodeResponse, headEnd, type HttpPage, lineResponse, respond } from "./http.ts";

/** Connections at once; one more costs the oldest its place, so that nobody can block the others. */
export const MAX_CONNECTIONS = 16;
/** From connecting to hanging up, in milliseconds: a page is a few kilobytes. */
export const HTTP_DEADLINE_MS = 5_000;
/** Longest head of a request, in bytes. */
export const MAX_HEAD_BYTES = 8 * 1024;
/** Connections the system keeps until they are accepted. */
const BACKLOG = 16;

const LF = 0x0a;
const ENCODER = new TextEncoder();

/** Where to listen, and what to show there. */
export interface HttpEndpointOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** By path. */
  readonly pages: ReadonlyMap<string, HttpPage>;
  readonly clock: Clock;
  readonly limits: Pick<Limits, "acceptBackoffMs">;
  /** Hears of bugs in a page. */
  readonly onFault: (fault: unknown) => void;
}

/** Listens, or tells in one sentence why it cannot. */
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
  /** Oldest first; each call hangs up. */
  readonly #connections = new Map<() => void, Promise<void>>();

  constructor(listener: Deno.TcpListener, options: HttpEndpointOptions) {
    this.#listener = listener;
    this.#options = options;
    this.#accepting = acceptLoop(listener, {
      clock: options.clock,
      limits: options.limits,
      onError: () => {}, // no descriptors, as for the chat, which tells
      onConnection: (conn) => this.#take(conn),
    });
  }

  /** `http://HOST:PORT`. */
  get url(): string {
    const { hostname, port } = this.#listener.addr;
    return `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
  }

  /** Hangs up on everyone and listens no more. */
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
    const served = this.#serve(conn).catch(() => {}).finally(() => { // a peer that is gone
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
    // What the peer still sends would be answered with a reset, which destroys the answer on its way.
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

/** A request's head; nothing when the peer ends before it is whole. */
async function receiveHead(conn: Deno.TcpConn): Promise<string | "too long" | undefined> {
  const buffer = new Uint8Array(MAX_HEAD_BYTES);
  let length = 0;
  while (length < buffer.length) {
    const count = await conn.read(buffer.subarray(length));
    if (count === null) return undefined;
    length += count;
    // A handshake of TLS, or whatever else is no text, never ends in an empty line.
    if (!isUpperCase(buffer[0])) return "";
    if (!buffer.subarray(length - count, length).includes(LF)) continue;
    const received = String.fromCharCode(...buffer.subarray(0, length)); // Latin-1, as HTTP has it
    const end = headEnd(received);
    if (end >= 0) return received.slice(0, end);
  }
  return "too long";
}

function isUpperCase(byte = 0): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}
