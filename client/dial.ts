// Where a server is, and opening a connection to it: the only file of the client that asks the
// system for a socket. Every failure becomes one sentence that names the remedy.

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

/** An open connection, or one sentence saying why there is none and what to do. */
export type DialResult =
  | { readonly ok: true; readonly wire: Wire }
  | Problem & {
    readonly ok: false;
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
export function connectedText(address: Address, texts: ClientTexts): string {
  return address.kind === "unix"
    ? texts.connectedTo(address.path, false)
    : texts.connectedTo(`${address.host}, ${address.port}`, address.tls === true);
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
 * Opens a connection; never throws for anything that a server, a network or a typo can cause.
 * `remedy` is for whoever finds no server there.
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

/** The language of an error message, and what helps where no server is. */
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
  // The runtime has no class for a failed name lookup; a malformed name is a URIError.
  if (error instanceof URIError || error.message.includes("lookup")) {
    return texts.unknownHost(quoted(address.host));
  }
  return texts.cannotReach(where, error.message);
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
