// The system calls of sheet 004's servers, through Deno's FFI on the C library. Linux on 64 bits
// only.

const IS_HERE = Deno.build.os === "linux" && ["x86_64", "aarch64"].includes(Deno.build.arch);

if (!IS_HERE) {
  const here = Deno.build.target;
  throw new Error(
    `Cannot run here: these programs need 64-bit Linux's system calls, not "${here}"`,
  );
}

// No size here is near 2 GiB: sizes and results of 64 bits pass as 32, without a bigint.
const { symbols: c } = Deno.dlopen("libc.so.6", {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  listen: { parameters: ["i32", "i32"], result: "i32" },
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  connect: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  accept4: { parameters: ["i32", "pointer", "pointer", "i32"], result: "i32" },
  recv: { parameters: ["i32", "buffer", "u32", "i32"], result: "i32" },
  send: { parameters: ["i32", "buffer", "u32", "i32"], result: "i32" },
  poll: { parameters: ["buffer", "u32", "i32"], result: "i32" },
  epoll_create1: { parameters: ["i32"], result: "i32" },
  epoll_ctl: { parameters: ["i32", "i32", "i32", "buffer"], result: "i32" },
  epoll_wait: { parameters: ["i32", "buffer", "i32", "i32"], result: "i32" },
  shutdown: { parameters: ["i32", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  __errno_location: { parameters: [], result: "pointer" },
});

/** Error numbers that servers must distinguish; calls here return them negated. */
export const SOCKET_ERRNO = {
  EINTR: 4,
  EAGAIN: 11,
  ENFILE: 23,
  EMFILE: 24,
  ECONNABORTED: 103,
} as const;

const AF_INET = 2;
const SOCK_STREAM = 1;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SO_SNDTIMEO = 21;
const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const SHUT_RDWR = 2;
const BACKLOG = 4096;

// errno belongs to a thread, and so does a copy of this module: one address each.
const errnoAt = c.__errno_location();
if (errnoAt === null) throw new Error("Cannot find errno");
const errno = new Deno.UnsafePointerView(errnoAt);

/** The result, or the negated error number. */
function outcome(result: number): number {
  return result < 0 ? -errno.getInt32() : result;
}

function must(call: string, result: number): number {
  if (result < 0) throw new Error(`Cannot ${call}: error ${errno.getInt32()} of the system`);
  return result;
}

/** struct sockaddr_in of 127.0.0.1. */
function loopback(port: number): Uint8Array<ArrayBuffer> {
  const address = new Uint8Array(16);
  new DataView(address.buffer).setUint16(0, AF_INET, true);
  address.set([port >> 8, port & 255, 127, 0, 0, 1], 2);
  return address;
}

function setOption(fd: number, [level, name]: readonly [number, number], value: BufferSource) {
  must("set a socket's option", c.setsockopt(fd, level, name, value, value.byteLength));
}

/** Listens on 127.0.0.1; port 0 takes any free one. Returns the descriptor and the port. */
export function listenOn(port: number, blocking: boolean): { listener: number; port: number } {
  const type = SOCK_STREAM | SOCK_CLOEXEC | (blocking ? 0 : SOCK_NONBLOCK);
  const listener = must("make a socket", c.socket(AF_INET, type, 0));
  setOption(listener, [SOL_SOCKET, SO_REUSEADDR], new Int32Array([1]));
  const address = loopback(port);
  must(`listen on port "${port}"`, c.bind(listener, address, address.length));
  must("listen", c.listen(listener, BACKLOG));
  must("ask for the port", c.getsockname(listener, address, new Int32Array([address.length])));
  return { listener, port: new DataView(address.buffer).getUint16(2) };
}

/** Accepts the next connection: its descriptor, or a negated error number. */
export function accept(listener: number, blocking: boolean): number {
  const flags = SOCK_CLOEXEC | (blocking ? 0 : SOCK_NONBLOCK);
  for (;;) {
    const fd = outcome(c.accept4(listener, null, null, flags));
    if (fd === -SOCKET_ERRNO.EINTR || fd === -SOCKET_ERRNO.ECONNABORTED) continue;
    if (fd >= 0) setOption(fd, [IPPROTO_TCP, TCP_NODELAY], new Int32Array([1]));
    return fd;
  }
}

/** Connects to a port of 127.0.0.1 within `seconds`: a descriptor, or a negated error number. */
export function connectTo(port: number, seconds: number): number {
  const fd = outcome(c.socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (fd < 0) return fd;
  setOption(fd, [SOL_SOCKET, SO_SNDTIMEO], new BigInt64Array([BigInt(seconds), 0n]));
  setOption(fd, [IPPROTO_TCP, TCP_NODELAY], new Int32Array([1]));
  const address = loopback(port);
  const result = outcome(c.connect(fd, address, address.length));
  if (result === 0) return fd;
  c.close(fd);
  return result;
}

/**
 * Receives available bytes, or waits on a blocking socket: their number, 0 at the end, or a negated
 * error.
 */
export function receive(fd: number, buffer: Uint8Array<ArrayBuffer>): number {
  for (;;) {
    const count = outcome(c.recv(fd, buffer, buffer.length, 0));
    if (count !== -SOCKET_ERRNO.EINTR) return count;
  }
}

/** The same on any socket, without waiting. */
export function receiveNow(fd: number, buffer: Uint8Array<ArrayBuffer>): number {
  for (;;) {
    const count = outcome(c.recv(fd, buffer, buffer.length, MSG_DONTWAIT));
    if (count !== -SOCKET_ERRNO.EINTR) return count;
  }
}

/** Sends without waiting and without SIGPIPE: the number of bytes taken, or a negated error. */
export function send(fd: number, bytes: Uint8Array<ArrayBuffer>): number {
  for (;;) {
    const count = outcome(c.send(fd, bytes, bytes.length, MSG_DONTWAIT | MSG_NOSIGNAL));
    if (count !== -SOCKET_ERRNO.EINTR) return count;
  }
}

/**
 * Shuts down both directions, which wakes threads that wait for this socket. The descriptor stays
 * open.
 */
export function hangUp(fd: number): void {
  c.shutdown(fd, SHUT_RDWR);
}

/** Closes the descriptor; the next accept may return the same number. */
export function close(fd: number): void {
  c.close(fd); // the number is free even if this fails
}

/** The event that {@linkcode PollList} requests; errors and ends are reported without a request. */
const POLLIN = 1;

/** The array of struct pollfd that poll() takes: `int fd; short events; short revents`. */
export class PollList {
  readonly #fds: Int32Array<ArrayBuffer>;
  readonly #events: Int16Array<ArrayBuffer>;
  #length = 0;

  constructor(most: number) {
    this.#fds = new Int32Array(most * 2);
    this.#events = new Int16Array(this.#fds.buffer);
  }

  get length(): number {
    return this.#length;
  }

  /** The descriptor in slot `index`. */
  fd(index: number): number {
    return this.#fds[index * 2] ?? -1;
  }

  add(fd: number): void {
    this.#fds[this.#length * 2] = fd;
    this.#events[this.#length * 4 + 2] = POLLIN;
    this.#length++;
  }

  /** Frees slot `index`; the last descriptor moves there. */
  removeAt(index: number): void {
    this.#length--;
    this.#fds.copyWithin(index * 2, this.#length * 2, this.#length * 2 + 2);
  }

  /** Sets whether slot `index` is watched; an unwatched one keeps its place. */
  watch(index: number, watched: boolean): void {
    this.#events[index * 4 + 2] = watched ? POLLIN : 0;
  }

  /** Whether the last {@linkcode wait} reported slot `index`: bytes, an end, an error. */
  isReady(index: number): boolean {
    return this.#events[index * 4 + 3] !== 0;
  }

  /** Waits until a descriptor is ready. */
  wait(): void {
    const count = outcome(c.poll(this.#fds, this.#length, -1));
    if (count < 0 && count !== -SOCKET_ERRNO.EINTR) must("poll", -1);
  }
}

/** An epoll instance, for many more sockets than poll() handles well. */
export class Epoll {
  /** Words of struct epoll_event, which is packed on x86-64 only. */
  readonly #words = Deno.build.arch === "x86_64" ? 3 : 4;
  readonly #events = new Uint32Array(this.#words * 512);
  readonly #epoll = must("make an epoll", c.epoll_create1(SOCK_CLOEXEC));

  /** Watches `fd` from now on; {@linkcode wait} reports it by `token`. */
  add(fd: number, token: number): void {
    const event = new Uint32Array(this.#words);
    event[0] = POLLIN; // EPOLLIN has the same value
    event[this.#words - 2] = token;
    must("watch a socket", c.epoll_ctl(this.#epoll, 1, fd, event));
  }

  /** Calls `ready` with the token of each socket that is ready; waits `ms` for the first. */
  wait(ms: number, ready: (token: number) => void): void {
    const count = c.epoll_wait(this.#epoll, this.#events, 512, ms);
    for (let index = 0; index < count; index++) {
      ready(this.#events[index * this.#words + this.#words - 2] ?? 0);
    }
  }
}
