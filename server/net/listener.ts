// Listening sockets: binding with errors in words, and an accept loop that nothing a peer or the
// system does can end (F23, F43).

import type { Problem } from "../../protocol/problem.ts";
import { errorText } from "../../shared/errors.ts";
import type { Clock } from "../../shared/clock.ts";
import type { Limits } from "../limits/limits.ts";
import { formatPlace, type ListenAddress } from "./address.ts";
import { bindUnixSocket } from "./unix_socket.ts";

/** A place where connections are accepted. */
export interface BoundListener {
  /** As it was asked for, with the port the system chose where 0 was asked. */
  readonly address: ListenAddress;
  readonly listener: Deno.Listener;
  /** Removes what `listener.close()` leaves behind. */
  release(): void;
}

/** Binds one address, or tells in one sentence why not and what would help. */
export async function bind(
  address: ListenAddress,
  limits: Pick<Limits, "tcpBacklog">,
): Promise<BoundListener | Problem> {
  const { at } = address;
  if (at.kind === "unix") {
    const bound = await bindUnixSocket(at.path);
    return "error" in bound ? bound : { address, ...bound };
  }
  try {
    const listener = Deno.listen({
      hostname: at.host,
      port: at.port,
      tcpBacklog: limits.tcpBacklog,
    });
    const { port } = listener.addr as Deno.NetAddr;
    return { address: { ...address, at: { ...at, port } }, listener, release: () => {} };
  } catch (problem) {
    return { error: bindError(at, problem) };
  }
}

function bindError(at: ListenAddress["at"] & { kind: "tcp" }, problem: unknown): string {
  const place = formatPlace(at).slice("tcp:".length);
  if (problem instanceof Deno.errors.AddrInUse) {
    return `Port ${at.port} is in use: stop the program that listens there, or choose another with --port`;
  }
  if (problem instanceof Deno.errors.PermissionDenied) {
    return `No permission to listen at ${place}: choose a port above 1023 with --port`;
  }
  if (problem instanceof Deno.errors.AddrNotAvailable) {
    return `${at.host} is no address of this machine: choose another --host, or leave it out`;
  }
  const message = errorText(problem);
  return `Cannot listen at ${place}: ${message}: choose another --host or --port`;
}

/** What the accept loop tells, and needs. */
export interface AcceptOptions<Conn> {
  readonly clock: Clock;
  readonly limits: Pick<Limits, "acceptBackoffMs">;
  readonly onConnection: (conn: Conn) => void;
  /** The system refused to accept; called once for each refusal. */
  readonly onError: (problem: unknown) => void;
}

/** Accepts until the listener is closed. */
export async function acceptLoop<Conn>(
  listener: { accept(): Promise<Conn> },
  options: AcceptOptions<Conn>,
): Promise<void> {
  while (true) {
    let conn: Conn;
    try {
      conn = await listener.accept();
    } catch (problem) {
      if (problem instanceof Deno.errors.BadResource) return; // closed
      if (problem instanceof Deno.errors.Interrupted) return; // closed while waiting
      options.onError(problem);
      // A peer that reset before we accepted is gone and costs nothing; anything else, such as
      // exhausted descriptors, would be refused again at once.
      if (!isPeersFault(problem)) await pause(options);
      continue;
    }
    options.onConnection(conn);
  }
}

function isPeersFault(problem: unknown): boolean {
  return problem instanceof Deno.errors.ConnectionReset ||
    problem instanceof Deno.errors.ConnectionAborted ||
    problem instanceof Deno.errors.NotConnected;
}

function pause({ clock, limits }: Pick<AcceptOptions<never>, "clock" | "limits">): Promise<void> {
  return new Promise((resolve) => clock.after(limits.acceptBackoffMs, resolve));
}

/**
 * Binds every address, or none: answers why one cannot be bound, and undefined if it `isCalledOff`
 * meanwhile.
 */
export async function bindAll(
  addresses: readonly ListenAddress[],
  limits: Pick<Limits, "tcpBacklog">,
  isCalledOff: () => boolean,
): Promise<{ readonly listeners: readonly BoundListener[] } | Problem | undefined> {
  const listeners: BoundListener[] = [];
  for (const address of addresses) {
    const bound = await bind(address, limits);
    if (!("error" in bound)) listeners.push(bound);
    if ("error" in bound || isCalledOff()) {
      for (const { listener, release } of listeners) {
        listener.close();
        release();
      }
      return "error" in bound ? bound : undefined;
    }
  }
  return { listeners };
}
