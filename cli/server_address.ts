// Where to connect: HOST, PORT and NAME as they stand on the command line of several verbs.

import { type Address, parseAddress, splitPort, splitScheme } from "../client/dial.ts";
import { quoted } from "../protocol/failures.ts";
import { DEFAULT_PORT } from "../protocol/limits.ts";

/** The arguments as parsed; without a port the word after HOST may be the name. */
export interface GivenPlace {
  readonly host: string;
  readonly port: number | string | undefined;
  readonly name: string | undefined;
}

/** Where to connect, and as whom. */
export type ConnectTarget = { readonly address: Address; readonly name?: string };

/**
 * The address and the name, or why the three arguments make no sense together. `tls` is whether flags
 * ask for it; `tls://` in front of HOST does as well.
 */
export function connectTarget(
  { host: typed, port, name }: GivenPlace,
  tls = false,
): ConnectTarget | string {
  const { host, tls: asked } = splitScheme(typed);
  const where = plainly({ host, port, name });
  if (typeof where === "string" || !(tls || asked)) return where;
  if (where.address.kind === "unix") return `No TLS to ${quoted(host)}: a Unix socket has none`;
  return { ...where, address: { ...where.address, tls: true } };
}

function plainly({ host, port, name }: GivenPlace): ConnectTarget | string {
  const joined = splitPort(host);
  if (joined !== undefined) return whereInOneWord(joined, { host, port, name });
  const address = parseAddress(host, typeof port === "number" ? port : DEFAULT_PORT);
  const isUnix = address.kind === "unix";
  if (isUnix ? address.path === "" : address.host === "") return `Empty address: ${quoted(host)}`;
  if (port === undefined) return { address };
  if (name === undefined) {
    if (isUnix || typeof port === "string") return { address, name: String(port) };
    return { address };
  }
  if (isUnix) return `Too many arguments: ${quoted(host)} takes a name and no port`;
  if (typeof port === "string") return `Not a port: ${quoted(port)}, expected 1 to 65535`;
  return { address, name };
}

/** `localhost:8080 alice` and `[::1]:8080 alice`. */
function whereInOneWord(
  joined: { readonly host: string; readonly port: number },
  { host, port, name }: GivenPlace,
): ConnectTarget | string {
  if (joined.port < 1 || joined.port > 65_535) {
    return `Not a port: ${quoted(String(joined.port))}, expected 1 to 65535`;
  }
  if (typeof port === "number") return `Two ports: ${quoted(host)} and ${port}, leave one out`;
  if (name !== undefined) return `Too many arguments: ${quoted(host)} takes a name and no port`;
  const address = parseAddress(joined.host, joined.port);
  return port === undefined ? { address } : { address, name: port };
}

/** The address for a verb without a NAME and without TLS, or why the arguments make no sense together. */
export function serverAddress(
  { host, port }: { readonly host: string; readonly port: number | undefined },
): Address | string {
  const where = connectTarget({ host, port, name: undefined });
  if (typeof where === "string") return where;
  const { address, name } = where;
  if (address.kind === "tcp" && address.tls) return "No TLS here: leave tls:// out";
  return name === undefined ? address : `Too many arguments: ${quoted(host)} takes no port`;
}
