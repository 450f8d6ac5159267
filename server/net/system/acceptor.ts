// Accepts by direct calls on a socket that the runtime has bound, so that error messages of binding
// and the files of Unix sockets have one implementation.

import { nextTurn } from "../next_turn.ts";
import type { Accepted, Acceptor } from "../socket.ts";
import { ERRNO, errno, type Libc, systemError } from "./libc.ts";
import { type ReadinessListener, READY } from "./poller.ts";
import { ADDRESS_BYTES, readAddress } from "./sockaddr.ts";
import { type SocketContext, SystemSocket } from "./system_socket.ts";

const SOL_SOCKET = 1;
const SO_KEEPALIVE = 9;
const SO_ACCEPTCONN = 30;
const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;
const TCP_KEEPIDLE = 4;
const TCP_KEEPINTVL = 5;
const TCP_KEEPCNT = 6;
const TCP_USER_TIMEOUT = 18;
const F_DUPFD_CLOEXEC = 1030;
const SOCK_CLOEXEC_NONBLOCK = 0o2004000;

/** Keep-alive probes in the second half of `vanishedMs`. */
const PROBES = 3;

/** Most seconds that the system takes for each of them (tcp(7)). */
const MAX_SECONDS = 32_767;

/** Connections accepted in one turn of the event loop; connected clients have theirs in between. */
const ACCEPTS_PER_TURN = 64;

const ADDRESS = new Uint8Array(ADDRESS_BYTES);
const LENGTH = new Uint32Array(1);
const VALUE = new Int32Array(1);

/** Descriptors tried where they cannot be listed: those of a start are the lowest. */
const TRIED_DESCRIPTORS = 1024;

/** A new descriptor of the socket of `listener`; undefined if none is found. */
export function listenerDescriptor(listener: Deno.Listener, libc: Libc): number | undefined {
  const wanted = place(listener.addr);
  for (const fd of openDescriptors()) {
    LENGTH[0] = VALUE.byteLength;
    if (libc.getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, VALUE, LENGTH) < 0) continue;
    if (VALUE[0] === 0 || boundAt(fd, libc) !== wanted) continue;
    const own = libc.fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return own < 0 ? undefined : own;
  }
  return undefined;
}

/** The descriptors of this process, or all that may be, without /proc or the permission to read it. */
function openDescriptors(): number[] {
  try {
    return [...Deno.readDirSync("/proc/self/fd")].map(({ name }) => Number(name));
  } catch {
    return Array.from({ length: TRIED_DESCRIPTORS }, (_, fd) => fd);
  }
}

function place(address: Deno.Addr): string {
  if ("path" in address) return address.path;
  if (!("hostname" in address)) return "";
  return `${address.hostname.replace(/^::ffff:(?=\d+\.)/, "")} ${address.port}`;
}

function boundAt(fd: number, libc: Libc): string | undefined {
  LENGTH[0] = ADDRESS_BYTES;
  if (libc.getsockname(fd, ADDRESS, LENGTH) < 0) return undefined;
  const address = readAddress(ADDRESS, LENGTH[0]);
  return address?.kind === "tcp" ? `${address.host} ${address.port}` : address?.path;
}

/** Accepts the connections of one of the runtime's listeners. */
export class SystemAcceptor implements Acceptor, ReadinessListener {
  readonly #context: SocketContext;
  readonly #listener: Deno.Listener;
  /** -1 after close(). */
  #fd: number;
  readonly #token: number;
  #waiting: PromiseWithResolvers<void> | undefined;
  #inThisTurn = 0;

  /** Takes over `listener` and `fd`, a descriptor of the same socket, and closes both. */
  constructor(listener: Deno.Listener, fd: number, context: SocketContext) {
    this.#listener = listener;
    this.#fd = fd;
    this.#context = context;
    if (listener.addr.transport === "tcp") setOptions(fd, context);
    this.#token = context.poller.watch(fd, READY.in, this);
  }

  async accept(): Promise<Accepted> {
    while (true) {
      if (this.#inThisTurn >= ACCEPTS_PER_TURN) await this.#nextTurn();
      if (this.#fd < 0) throw new Deno.errors.BadResource("The listener was closed");
      const { libc } = this.#context;
      LENGTH[0] = ADDRESS_BYTES;
      const fd = libc.accept4(this.#fd, ADDRESS, LENGTH, SOCK_CLOEXEC_NONBLOCK);
      if (fd >= 0) {
        this.#inThisTurn++;
        const peer = readAddress(ADDRESS, LENGTH[0]);
        const address = peer?.kind === "tcp" ? peer.host : "unix";
        return { socket: new SystemSocket(fd, this.#context), address };
      }
      const code = errno();
      if (code === ERRNO.EAGAIN) await this.#untilReadable();
      else if (code !== ERRNO.EINTR) throw systemError("accept4", code);
    }
  }

  close(): void {
    if (this.#fd < 0) return;
    const { libc, poller } = this.#context;
    poller.unwatch(this.#fd, this.#token);
    libc.close(this.#fd);
    this.#fd = -1;
    this.#listener.close();
    this.#waiting?.resolve();
  }

  onReady(): void {
    this.#waiting?.resolve();
  }

  async #untilReadable(): Promise<void> {
    this.#waiting = Promise.withResolvers<void>();
    await this.#waiting.promise;
    this.#waiting = undefined;
    this.#inThisTurn = 0;
  }

  async #nextTurn(): Promise<void> {
    await new Promise<void>((resolve) => nextTurn(resolve));
    this.#inThisTurn = 0;
  }
}

/**
 * Sets options on the listening socket, from which accepted sockets inherit them;
 * accepted_socket.ts has the reasons. Keep-alive probes find a vanished machine on an idle
 * connection, unacknowledged bytes on a busy one (F26).
 */
function setOptions(fd: number, { libc, vanishedMs }: SocketContext): void {
  const set = (level: number, option: number, value: number): void => {
    VALUE[0] = value;
    libc.setsockopt(fd, level, option, VALUE, VALUE.byteLength);
  };
  set(IPPROTO_TCP, TCP_NODELAY, 1);
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  const seconds = Math.min(vanishedMs / 1000, MAX_SECONDS);
  set(IPPROTO_TCP, TCP_KEEPIDLE, Math.floor(seconds / 2));
  set(IPPROTO_TCP, TCP_KEEPINTVL, Math.floor(seconds / 2 / PROBES));
  set(IPPROTO_TCP, TCP_KEEPCNT, PROBES);
  set(IPPROTO_TCP, TCP_USER_TIMEOUT, vanishedMs);
}
