// Chooses how a server uses sockets: by direct calls where that works, else through the runtime.

import type { Limits } from "../limits/limits.ts";
import { RuntimeSockets } from "./runtime_sockets.ts";
import type { Acceptor, SocketKind, Sockets } from "./socket.ts";
import { listenerDescriptor, SystemAcceptor } from "./system/acceptor.ts";
import { type Libc, libc } from "./system/libc.ts";
import { Poller } from "./system/poller.ts";
import type { SocketContext } from "./system/system_socket.ts";

type SocketLimits = Pick<Limits, "readBufferBytes" | "vanishedMs">;

/** Sockets of the requested kind, or the runtime's where direct calls do not work. */
export function openSockets(kind: SocketKind, limits: SocketLimits): Sockets {
  const runtime = new RuntimeSockets(limits.readBufferBytes);
  const functions = kind === "system" ? libc() : undefined;
  if (functions === undefined) return runtime;
  try {
    return new SystemSockets(functions, limits, runtime);
  } catch {
    return runtime; // no descriptors left for a poller
  }
}

class SystemSockets implements Sockets {
  readonly kind = "system";
  readonly #context: SocketContext;
  readonly #runtime: RuntimeSockets;

  constructor(functions: Libc, limits: SocketLimits, runtime: RuntimeSockets) {
    const poller = new Poller(functions);
    const buffer = new Uint8Array(limits.readBufferBytes.max);
    this.#context = { libc: functions, poller, buffer, vanishedMs: limits.vanishedMs };
    this.#runtime = runtime;
  }

  acceptor(listener: Deno.Listener): Acceptor {
    const fd = listenerDescriptor(listener, this.#context.libc);
    if (fd === undefined) return this.#runtime.acceptor(listener);
    return new SystemAcceptor(listener, fd, this.#context);
  }

  close(): Promise<void> {
    return this.#context.poller.stop();
  }
}
