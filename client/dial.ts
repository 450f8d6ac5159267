// Addresses of servers as typed and as shown, and opening a connection to one. The only file of the
// client that opens plain sockets; each failure becomes an error message with its remedy.

import { quoted } from "../protocol/failures.ts";
import type { Problem } from "../protocol/problem.ts";
import type { ClientTexts } from "../texts/texts.ts";
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

/** An open connection, or an error message with the remedy. */
export type DialResult =
  | { readonly ok: true; readonly wire: Wire }
  | Problem & {
    readonly ok: false;
    /** Another attempt would fail in the same way: a person has to decide first. */
    readonly final?: true;
  };

/** How long a connection attempt may take, in milliseconds; the system's own limit is minutes. */
const CONNECT_MS = 10_000;

const UNIX_PREFIX = "unix:";

const TLS_PREFIX = "tls://";

/** The address of HOST and PORT as typed; `unix:PATH` ignores the port. */
export function parseAddress(host: string, port: number): Address {
  if (host.startsWith(UNIX_PREFIX)) return { kind: "unix", path: host.slice(UNIX_PREFIX.length) };
  return { kind: "tcp", host: host.replace(/^\[(.*)\]$/, "$1"), port };
}

/** HOST without its `tls://`, and whether it had one. */
export function splitScheme(host: string): { readonly host: string; readonly tls: boolean } {
  const tls = host.startsWith(TLS_PREFIX);
  return { host: tls ? host.slice(TLS_PREFIX.length) : host, tls };
}

/** The parts of `localhost:8080` or `[::1]:8080`; undefined for any other form of HOST. */
export function splitPort(
  host: string,
): { readonly host: string; readonly port: number } | undefined {
  const [, name, port] = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(host) ?? [];
  if (name === undefined || port === undefined || host.startsWith(UNIX_PREFIX)) return undefined;
  return { host: name, port: Number(port) };
}

/**
 * The address as text: `localhost:8080`, `[::1]:8080`, `unix:/tmp/chat`, `tls://localhost:8080`.
 */
export function addressText(address: Address): string {
  if (address.kind === "unix") return UNIX_PREFIX + address.path;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return `${address.tls ? TLS_PREFIX : ""}${host}:${address.port}`;
}

/** The first line a client prints (R25): `connected to: (localhost, 8080)`. */
export function connectedText(address: Address, texts: ClientTexts): string {
  return address.kind === "unix"
    ? texts.connectedTo(address.path, false)
    : texts.connectedTo(`${address.host}, ${address.port}`, address.tls === true);
}

/** The command that joins this server again, quoted for a shell; `extra` are further arguments. */
export function rejoinCommand(address: Address, extra: readonly string[]): string {
  const where = address.kind === "unix"
    ? [UNIX_PREFIX + address.path]
    : [address.host, String(address.port)];
  return ["minichat connect", ...[...where, ...extra].map(shellWord)].join(" ");
}

/** `word` quoted, where a shell would not take it as one word. */
export function shellWord(word: string): string {
  return /^[\p{L}\p{N}_@%+=:,./[\]-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The remedy if no server listens at `address`: start one with the command `serve`. */
export function startRemedy(
  address: Address,
  texts: ClientTexts,
  serve = "minichat serve",
): string {
  if (address.kind === "unix") {
    return texts.startServer(`${serve} --listen ${UNIX_PREFIX}${address.path}`);
  }
  const tls = address.tls ? " --tls --tls-cert FILE --tls-key FILE" : "";
  return texts.startOne(`${serve} --port ${address.port}${tls}`, !isLocal(address.host));
}

/**
 * Opens a connection; returns an error message for every failure of the network or of the address.
 * `remedy` is the remedy if no server listens there.
 */
export async function dial(
  address: Address,
  texts: ClientTexts,
  remedy = startRemedy(address, texts),
): Promise<DialResult> {
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
    return { ok: false, ...dialProblem(address, error, { texts, remedy }) };
  }
}

/** The language of an error message, and the remedy if no server listens there. */
export interface DialProblemOptions {
  readonly texts: ClientTexts;
  readonly remedy: string;
}

/** The error message for a failed attempt to connect, with its remedy. */
export function dialProblem(
  address: Address,
  error: Error,
  options: DialProblemOptions,
): Problem {
  const text = address.kind === "unix"
    ? unixError(address.path, error, options)
    : tcpError(address, error, options);
  return { error: text };
}

function tcpError(
  address: Address & { kind: "tcp" },
  error: Error,
  { texts, remedy }: DialProblemOptions,
): string {
  const where = addressText(address);
  if (error instanceof Deno.errors.ConnectionRefused) return texts.noServer(where, remedy);
  if (error.name === "TimeoutError" || error instanceof Deno.errors.TimedOut) {
    return texts.noAnswer(where);
  }
  if (isLinkLocal(address.host)) return texts.zoneNeeded(address.host);
  // The runtime has no class for a failed name lookup; a malformed name is a URIError.
  if (error instanceof URIError || error.message.includes("lookup")) {
    return texts.unknownHost(quoted(address.host));
  }
  return texts.cannotReach(where, error.message);
}

/**
 * Whether the address is one of `fe80::/10` without a zone: each network interface has its own such
 * addresses (RFC 4007, section 6).
 */
function isLinkLocal(host: string): boolean {
  return /^fe[89ab][\da-f]?:[\da-f:.]*$/i.test(host);
}

function isLocal(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.|^0\.0\.0\.0$/.test(host);
}

function unixError(
  path: string,
  error: Error,
  { texts, remedy }: DialProblemOptions,
): string {
  if (error instanceof Deno.errors.NotFound) return texts.noSocket(quoted(path), remedy);
  if (error instanceof Deno.errors.ConnectionRefused) {
    return texts.noServerOnSocket(quoted(path), remedy);
  }
  if (error instanceof Deno.errors.PermissionDenied) return texts.socketForbidden(quoted(path));
  return texts.cannotReach(quoted(path), error.message);
}
