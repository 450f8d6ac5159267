// A pseudo-terminal for a program under check, by direct calls of the C library (pty(7)): this
// process has its keyboard and its screen.

import { ERRNO, errno, type Libc, libc } from "../server/net/system/libc.ts";
import type { Clock } from "../shared/clock.ts";
import { pause } from "./timing.ts";

// open(2), fcntl(2) and ioctl_tty(2): the same numbers on every architecture that libc.ts supports.
const O_RDWR = 0o2;
const O_NOCTTY = 0o400;
const O_NONBLOCK = 0o4000;
const O_CLOEXEC = 0o2000000;
const F_SETFL = 4;
const TIOCSWINSZ = 0x5414n;
const POLLIN = 1;

const PATH_BYTES = 64;
const READ_BYTES = 64 * 1024;
/** Longest wait for output before looking whether the terminal was closed, in milliseconds. */
const POLL_MS = 50;
/** Between two tries to write to a terminal whose input is full, in milliseconds. */
const RETRY_MS = 10;

/** Lines and columns. */
export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

/** One pseudo-terminal. */
export class PseudoTerminal {
  /** The terminal for the program, as `/dev/pts/3`. */
  readonly path: string;
  readonly #libc: Libc;
  readonly #master: number;
  /** Held open, so that the terminal lasts from before the program opens it until {@linkcode close}. */
  readonly #slave: number;
  #isClosed = false;
  #reading: Promise<unknown> = Promise.resolve();

  private constructor(calls: Libc, fds: { master: number; slave: number }, path: string) {
    this.#libc = calls;
    this.#master = fds.master;
    this.#slave = fds.slave;
    this.path = path;
  }

  /** A new terminal; undefined where there are none, or the C library cannot be called. */
  static open(size: TerminalSize): PseudoTerminal | undefined {
    const calls = libc();
    if (calls === undefined) return undefined;
    const master = calls.posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0) return undefined;
    const path = slavePath(calls, master);
    const slave = path === undefined
      ? -1
      : calls.open(new TextEncoder().encode(`${path}\0`), O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (path === undefined || slave < 0) {
      calls.close(master);
      return undefined;
    }
    calls.ioctl(slave, TIOCSWINSZ, new Uint16Array([size.rows, size.columns, 0, 0]));
    calls.fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK);
    return new PseudoTerminal(calls, { master, slave }, path);
  }

  /** Calls `onOutput` with all that is shown, until {@linkcode close}. */
  read(onOutput: (bytes: Uint8Array) => void): void {
    this.#reading = this.#readAll(onOutput);
  }

  /** Types `bytes`; gives up after `ms`, for a program that never reads. */
  async write(bytes: Uint8Array, ms: number, clock: Clock): Promise<void> {
    const deadline = clock.monotonic() + ms;
    for (let at = 0; at < bytes.length && !this.#isClosed;) {
      const rest = bytes.slice(at);
      const count = this.#libc.write(this.#master, rest, rest.length);
      if (count > 0) at += count;
      else if (errno() !== ERRNO.EAGAIN || clock.monotonic() >= deadline) return;
      else await pause(clock, RETRY_MS);
    }
  }

  /** Closes both ends: what still has the terminal gets SIGHUP. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#reading;
    this.#libc.close(this.#slave);
    this.#libc.close(this.#master);
  }

  async #readAll(onOutput: (bytes: Uint8Array) => void): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    // struct pollfd (poll(2)): an int, and two shorts for what is asked for and what there is.
    const asked = new Int32Array([this.#master, POLLIN]);
    while (!this.#isClosed) {
      await this.#libc.poll_elsewhere(asked, 1n, POLL_MS);
      const count = this.#libc.read(this.#master, buffer, buffer.length);
      if (count > 0) onOutput(buffer.slice(0, count));
    }
  }
}

function slavePath(calls: Libc, master: number): string | undefined {
  const path = new Uint8Array(PATH_BYTES);
  if (calls.grantpt(master) !== 0 || calls.unlockpt(master) !== 0) return undefined;
  if (calls.ptsname_r(master, path, BigInt(PATH_BYTES)) !== 0) return undefined;
  return new TextDecoder().decode(path.subarray(0, path.indexOf(0)));
}
