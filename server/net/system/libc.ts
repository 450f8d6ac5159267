// The functions of the C library that sockets need, on Linux with glibc; only this file loads
// foreign code. Each returns the call's result, or -1 for a failure; errno() then has the reason.

/** Loaded once and never closed: sockets in use could not survive that. */
const LIBRARY = load();

/**
 * The failures that are distinguished (errno(3)); the same numbers on every supported architecture.
 */
export const ERRNO = {
  EINTR: 4,
  EAGAIN: 11,
  EPIPE: 32,
  ECONNABORTED: 103,
  ENETUNREACH: 101,
  ECONNRESET: 104,
  ENOTCONN: 107,
  ETIMEDOUT: 110,
  EHOSTUNREACH: 113,
} as const;

function load() {
  const known = Deno.build.arch === "x86_64" || Deno.build.arch === "aarch64";
  if (Deno.build.os !== "linux" || !known) return undefined;
  try {
    // Queried first, so that a user who did not allow it gets no permission prompt.
    if (Deno.permissions.querySync({ name: "ffi" }).state !== "granted") return undefined;
    return open();
  } catch {
    return undefined; // another C library
  }
}

// Lengths are u32 and results i32 where C has size_t and ssize_t: the values are small, and 64-bit
// numbers cost three times as much to pass.
function open() {
  const { symbols } = Deno.dlopen("libc.so.6", {
    __errno_location: { parameters: [], result: "pointer" },
    strerror: { parameters: ["i32"], result: "pointer" },
    accept4: { parameters: ["i32", "buffer", "buffer", "i32"], result: "i32" },
    close: { parameters: ["i32"], result: "i32" },
    epoll_create1: { parameters: ["i32"], result: "i32" },
    epoll_ctl: { parameters: ["i32", "i32", "i32", "buffer"], result: "i32" },
    epoll_wait: { parameters: ["i32", "buffer", "i32", "i32"], result: "i32" },
    epoll_wait_elsewhere: {
      name: "epoll_wait",
      parameters: ["i32", "buffer", "i32", "i32"],
      result: "i32",
      nonblocking: true,
    },
    eventfd: { parameters: ["u32", "i32"], result: "i32" },
    fcntl: { parameters: ["i32", "i32", "i32"], result: "i32" },
    getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
    getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },
    grantpt: { parameters: ["i32"], result: "i32" },
    ioctl: { parameters: ["i32", "u64", "buffer"], result: "i32" },
    open: { parameters: ["buffer", "i32"], result: "i32" },
    poll: { parameters: ["buffer", "u64", "i32"], result: "i32" },
    poll_elsewhere: {
      name: "poll",
      parameters: ["buffer", "u64", "i32"],
      result: "i32",
      nonblocking: true,
    },
    posix_openpt: { parameters: ["i32"], result: "i32" },
    prctl: { parameters: ["i32", "usize", "usize", "usize", "usize"], result: "i32" },
    ptsname_r: { parameters: ["i32", "buffer", "u64"], result: "i32" },
    read: { parameters: ["i32", "buffer", "u32"], result: "i32" },
    recv: { parameters: ["i32", "buffer", "u32", "i32"], result: "i32" },
    send: { parameters: ["i32", "buffer", "u32", "i32"], result: "i32" },
    sendto: {
      parameters: ["i32", "buffer", "u32", "i32", "buffer", "u32"],
      result: "i32",
    },
    setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
    unlockpt: { parameters: ["i32"], result: "i32" },
    socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
    shutdown: { parameters: ["i32", "i32"], result: "i32" },
    waitpid: { parameters: ["i32", "pointer", "i32"], result: "i32" },
    write: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  });
  const place = symbols.__errno_location();
  if (place === null) return undefined;
  return { symbols, errno: new Int32Array(Deno.UnsafePointerView.getArrayBuffer(place, 4)) };
}

/** The functions of the C library. */
export type Libc = NonNullable<typeof LIBRARY>["symbols"];

/** The C library; undefined where it cannot be called. */
export function libc(): Libc | undefined {
  return LIBRARY?.symbols;
}

/**
 * Why the last call failed (errno). To be read right after that call: whatever the runtime does in
 * between, such as collecting garbage, may set it too.
 */
export function errno(): number {
  return LIBRARY?.errno[0] ?? 0;
}

/** The error for errno `code` of `call`, of the class that the runtime would throw. */
export function systemError(call: string, code: number): Error {
  const text = LIBRARY?.symbols.strerror(code) ?? null;
  const words = text === null ? call : Deno.UnsafePointerView.getCString(text);
  const message = `${words} (os error ${code})`;
  switch (code) {
    case ERRNO.EPIPE:
      return new Deno.errors.BrokenPipe(message);
    case ERRNO.ECONNABORTED:
      return new Deno.errors.ConnectionAborted(message);
    case ERRNO.ECONNRESET:
      return new Deno.errors.ConnectionReset(message);
    case ERRNO.ENOTCONN:
      return new Deno.errors.NotConnected(message);
    // What a router or this machine reported last about a peer that did not answer (tcp(7)).
    case ERRNO.EHOSTUNREACH:
    case ERRNO.ENETUNREACH:
    case ERRNO.ETIMEDOUT:
      return new Deno.errors.TimedOut(message);
    default:
      return new Error(message);
  }
}
