// Where a server is, and opening a connection to it: the only file of the client that asks the
// system for a socket. Every failure becomes one sentence that names the remedy.

import { quoted } from "../protocol/failures.ts";
import type { Wire } from "./client_connection.ts";

/** Where a server listens. */
export type Address =
  | {
    readonly kind: "tcp";
    readonly host: string;
    readonly port: number;
    /** Through TLS, which tls/tls_dial.ts opens. */
    readonly tls?: true;
  }
  | { readonly kind: "unix"; readonly path: string };

/** An open connection, or one sentence saying why there is none and what to do. */
export type DialResult =
  | { readonly ok: true; readonly wire: Wire }
  | {
    readonly ok: false;
    readonly error: string;
    /** Nothing a further attempt would change: somebody has to decide first. */
    readonly final?: true;
  };

/** How long a server may take to answer a connection attempt; the system itself waits minutes. */
const CONNECT_MS = 10_000;

const UNIX_PREFIX = "unix:";

const TLS_PREFIX = "tls://";

/** The address of HOST and PORT as typed; `unix:PATH` has no port. */
export function parseAddress(host: string, port: number): Address {
  if (host.startsWith(UNIX_PREFIX)) return { kind: "unix", path: host.slice(UNIX_PREFIX.length) };
  return { kind: "tcp", host: host.replace(/^\[(.*)\]$/, "$1"), port };
}

/** HOST without `tls://` in front, and whether that was there. */
export function splitScheme(host: string): { readonly host: string; readonly tls: boolean } {
  const tls = host.startsWith(TLS_PREFIX);
  return { host: tls ? host.slice(TLS_PREFIX.length) : host, tls };
}

/** The parts of `localhost:8080` or `[::1]:8080`; nothing for any other form of HOST. */
export function splitPort(
  host: string,
): { readonly host: string; readonly port: number } | undefined {
  const [, name, port] = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(host) ?? [];
  if (name === undefined || port === undefined || host.startsWith(UNIX_PREFIX)) return undefined;
  return { host: name, port: Number(port) };
}

/** The address as people write it: `localhost:8080`, `[::1]:8080`, `unix:/tmp/chat`, `tls://...`. */
export function addressText(address: Address): string {
  if (address.kind === "unix") return UNIX_PREFIX + address.path;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return `${address.tls ? TLS_PREFIX : ""}${host}:${address.port}`;
}

/** The first thing a client says (R25): `connected to: (localhost, 8080)`. */
export function connectedText(address: Address): string {
  return address.kind === "unix"
    ? `connected to: (${address.path})`
    : `connected to: (${address.host}, ${address.port})${address.tls ? " through TLS" : ""}`;
}

/** The command that joins this server again, ready to paste. */
export function rejoinCommand(address: Address, extra: readonly string[]): string {
  const where = address.kind === "unix"
    ? [UNIX_PREFIX + address.path]
    : [address.host, String(address.port)];
  return ["minichat connect", ...[...where, ...extra].map(shellWord)].join(" ");
}

/** As a shell takes it for one word. */
export function shellWord(word: string): string {
  return /^[\p{L}\p{N}_@%+=:,./[\]-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** What to do where no server is: start one with the command `serve`. */
export function startRemedy(address: Address, serve = "minichat serve"): string {
  if (address.kind === "unix") return `start a server with ${serve} --listen unix:${address.path}`;
  const there = isHere(address.host) ? "" : " there";
  const tls = address.tls ? " --tls --tls-cert FILE --tls-key FILE" : "";
  return `start one${there} with ${serve} --port ${address.port}${tls}`;
}

/**
 * Opens a connection; never throws for anything that a server, a network or a typo can cause.
 * `remedy` is for whoever finds no server there.
 */
export async function dial(address: Address, remedy = startRemedy(address)): Promise<DialResult> {
  try {
    if (address.kind === "unix") {
      return { ok: true, wire: await Deno.connect({ transport: "unix", path: address.path }) };
    }
    const { host, port } = address;
    const conn = await Deno.connect({
      hostname: host,
      port,
      signal: AbortSignal.timeout(CONNECT_MS),
    });
    conn.setNoDelay(true); // one message is one small packet
    return { ok: true, wire: conn };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { ok: false, error: dialError(address, error, remedy) };
  }
}

/** The failure in one sentence with its remedy. */
export function dialError(address: Address, error: Error, remedy = startRemedy(address)): string {
  return address.kind === "unix"
    ? unixError(address.path, error, remedy)
    : tcpError(address, error, remedy);
}

function tcpError(address: Address & { kind: "tcp" }, error: Error, remedy: string): string {
  const where = addressText(address);
  if (error instanceof Deno.errors.ConnectionRefused) {
    return `No server at ${where}: ${remedy}`;
  }
  if (error.name === "TimeoutError" || error instanceof Deno.errors.TimedOut) {
    return `No answer from ${where}: check the address, the network and the firewall`;
  }
  // The runtime has no class for a failed name lookup; a malformed name is a URIError.
  if (error instanceof URIError || error.message.includes("lookup")) {
    return `Unknown host ${quoted(address.host)}: check the spelling, or use its IP address`;
  }
  return `Cannot reach ${where}: ${error.message}`;
}

function isHere(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.|^0\.0\.0\.0$/.test(host);
}

function unixError(path: string, error: Error, remedy: string): string {
  if (error instanceof Deno.errors.NotFound) return `No such socket ${quoted(path)}: ${remedy}`;
  if (error instanceof Deno.errors.ConnectionRefused) {
    return `No server behind ${quoted(path)}: ${remedy}`;
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return `Not allowed to use ${quoted(path)}: ask its owner for access to the socket`;
  }
  return `Cannot reach ${quoted(path)}: ${error.message}`;
}
