// One connection's socket by direct calls. A pending read is one entry in a poller: no buffer, no
// promise.

import type { Socket, SocketReader } from "../socket.ts";
import { ERRNO, errno, type Libc, systemError } from "./libc.ts";
import { type Poller, type ReadinessListener, READY } from "./poller.ts";

const DONTWAIT = 0x40;
const NOSIGNAL = 0x4000;
const SHUT_WR = 1;

/** Asks for the bytes in the send queue: of TCP those not acknowledged (tcp(7), unix(7)). */
const SIOCOUTQ = 0x5411n;
const COUNT = new Int32Array(1);

const READING = READY.in | READY.peerEnded;

/** A write that waits until the peer has read some bytes. */
interface Blocked extends PromiseWithResolvers<number> {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Shared by all sockets of a server. */
export interface SocketContext {
  readonly libc: Libc;
  readonly poller: Poller;
  /** Receive buffer, used by one socket at a time. */
  readonly buffer: Uint8Array<ArrayBuffer>;
  /** Milliseconds after which a machine that no longer answers counts as vanished. */
  readonly vanishedMs: number;
}

/** An accepted socket. */
export class SystemSocket implements Socket, ReadinessListener {
  readonly #context: SocketContext;
  #fd: number;
  #token = 0;
  #reader: SocketReader | undefined;
  #blocked: Blocked | undefined;

  /** Takes over `fd` and closes it. */
  constructor(fd: number, context: SocketContext) {
    this.#fd = fd;
    this.#context = context;
  }

  open(reader: SocketReader): void {
    this.#reader = reader;
    this.#token = this.#context.poller.watch(this.#fd, READING, this);
  }

  receive(): Uint8Array | null | undefined {
    const { libc, buffer } = this.#context;
    const count = libc.recv(this.#fd, buffer, buffer.length, DONTWAIT);
    if (count > 0) return buffer.subarray(0, count);
    if (count === 0) return null;
    const code = errno();
    if (code === ERRNO.EAGAIN) return undefined;
    throw systemError("recv", code);
  }

  write(bytes: Uint8Array<ArrayBuffer>): number | Promise<number> {
    const sent = this.#send(bytes);
    if (sent > 0) return sent;
    this.#blocked = { bytes, ...Promise.withResolvers<number>() };
    // The poller reports room that came meanwhile.
    this.#context.poller.change(this.#fd, READING | READY.out, this.#token);
    return this.#blocked.promise;
  }

  untakenBytes(): number | undefined {
    return this.#context.libc.ioctl(this.#fd, SIOCOUTQ, COUNT) < 0 ? undefined : COUNT[0];
  }

  closeWrite(): void {
    if (this.#context.libc.shutdown(this.#fd, SHUT_WR) < 0) throw systemError("shutdown", errno());
  }

  close(): void {
    if (this.#fd < 0) return;
    if (this.#token !== 0) this.#context.poller.unwatch(this.#fd, this.#token);
    this.#context.libc.close(this.#fd);
    // The system gives this number to the next descriptor that is opened.
    this.#fd = -1;
    this.#reader = undefined;
    this.#blocked?.reject(new Deno.errors.BadResource("The socket was closed"));
    this.#blocked = undefined;
  }

  onReady(ready: number): void {
    if (this.#blocked !== undefined && (ready & ~READING) !== 0) this.#sendBlocked(this.#blocked);
    if ((ready & ~READY.out) !== 0) this.#reader?.onReadable();
  }

  /** Bytes the system took; 0 if it takes none for now. */
  #send(bytes: Uint8Array<ArrayBuffer>): number {
    const sent = this.#context.libc.send(this.#fd, bytes, bytes.length, DONTWAIT | NOSIGNAL);
    if (sent >= 0) return sent;
    const code = errno();
    if (code === ERRNO.EAGAIN) return 0;
    throw systemError("send", code);
  }

  #sendBlocked(blocked: Blocked): void {
    try {
      const sent = this.#send(blocked.bytes);
      if (sent === 0) return;
      this.#context.poller.change(this.#fd, READING, this.#token);
      this.#blocked = undefined;
      blocked.resolve(sent);
    } catch (problem) {
      this.#blocked = undefined;
      blocked.reject(problem);
    }
  }
}
