// Binds listening sockets, with error messages that name the remedy, and accepts connections until
// closed, whatever a client or the system does (F23, F43).

import type { Problem } from "../../protocol/problem.ts";
import { errorText } from "../../shared/errors.ts";
import type { Clock } from "../../shared/clock.ts";
import type { ListenTexts } from "../../texts/texts.ts";
import type { Limits } from "../limits/limits.ts";
import { formatPlace, type ListenAddress } from "./address.ts";
import { bindUnixSocket } from "./unix_socket.ts";
import { isWildcardPair } from "./wildcard_pair.ts";

/** A bound listening socket. */
export interface BoundListener {
  /** The requested address, with the port that the system chose where port 0 was requested. */
  readonly address: ListenAddress;
  /** The same for both of a wildcard pair, where one socket takes both families. */
  readonly listener: Deno.Listener;
  /** Removes the files that `listener.close()` does not. */
  release(): void;
}

/** Binds one address; returns why that failed and what would help. */
export async function bind(
  address: ListenAddress,
  limits: Pick<Limits, "tcpBacklog">,
  texts: ListenTexts,
): Promise<BoundListener | Problem> {
  const { at } = address;
  if (at.kind === "unix") {
    const bound = await bindUnixSocket(at.path, texts);
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
    return { error: bindError(at, problem, texts) };
  }
}

function bindError(
  at: ListenAddress["at"] & { kind: "tcp" },
  problem: unknown,
  texts: ListenTexts,
): string {
  const place = formatPlace(at).slice("tcp:".length);
  if (problem instanceof Deno.errors.AddrInUse) return texts.portInUse(at.port);
  if (problem instanceof Deno.errors.PermissionDenied) return texts.portForbidden(place);
  if (problem instanceof Deno.errors.AddrNotAvailable) return texts.notThisMachine(at.host);
  return texts.cannotListen(place, errorText(problem));
}

/** Callbacks of the accept loop. */
export interface AcceptOptions<Conn> {
  readonly clock: Clock;
  readonly limits: Pick<Limits, "acceptBackoffMs">;
  readonly onConnection: (conn: Conn) => void;
  /** Called each time the system refused to accept. */
  readonly onError: (problem: unknown) => void;
}

/** Accepts connections until the listener is closed. */
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
      // A client that reset before it was accepted costs nothing; anything else, such as exhausted
      // descriptors, would fail again immediately.
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
 * Binds every address, or none: returns why one cannot be bound, undefined if it `isCalledOff`
 * meanwhile.
 */
export async function bindAll(
  addresses: readonly ListenAddress[],
  limits: Pick<Limits, "tcpBacklog">,
  texts: ListenTexts,
  isCalledOff: () => boolean,
): Promise<{ readonly listeners: readonly BoundListener[] } | Problem | undefined> {
  const listeners: BoundListener[] = [];
  for (const address of addresses) {
    const bound = await bindBeside(listeners, address, { limits, texts });
    if (!("error" in bound)) listeners.push(bound);
    if ("error" in bound || isCalledOff()) {
      for (const listener of new Set(listeners.map(({ listener }) => listener))) listener.close();
      for (const { release } of listeners) release();
      return "error" in bound ? bound : undefined;
    }
  }
  return { listeners };
}

/** Binds an address of which `listeners` may have bound the other one of a wildcard pair (O3). */
async function bindBeside(
  listeners: BoundListener[],
  address: ListenAddress,
  { limits, texts }: { readonly limits: Pick<Limits, "tcpBacklog">; readonly texts: ListenTexts },
): Promise<BoundListener | Problem> {
  const at = listeners.findIndex((other) => isWildcardPair(other.address, address));
  const other = listeners[at];
  const bound = await bind(address, limits, texts);
  if (!("error" in bound)) return bound;
  if (other === undefined) {
    const { at } = address;
    if (at.kind !== "tcp" || bound.error !== texts.portInUse(at.port)) return bound;
    const own = listeners.find(({ address }) =>
      address.at.kind === "tcp" && address.at.port === at.port
    );
    return own ? { error: texts.besideOwn(formatPlace(at), formatPlace(own.address.at)) } : bound;
  }
  if (address.at.kind !== "tcp" || address.at.host !== "::") return { ...other, address };
  // The socket for both families can be bound only once the one for IPv4 is closed.
  other.listener.close();
  listeners.splice(at, 1);
  const both = await bind(address, limits, texts);
  if (!("error" in both)) listeners.push({ ...both, address: other.address });
  return both;
}
