// Parses the arguments HOST, PORT and NAME of several verbs into an address and a name.

import { type Address, parseAddress, splitPort, splitScheme } from "../client/dial.ts";
import { quoted } from "../protocol/failures.ts";
import { DEFAULT_PORT } from "../protocol/limits.ts";
import type { Problem } from "../protocol/problem.ts";

/** The arguments; without a port the word after HOST may be the name. */
export interface GivenPlace {
  readonly host: string;
  readonly port: number | string | undefined;
  readonly name: string | undefined;
}

/** The address to connect to, and the name to use. */
export type ConnectTarget = { readonly address: Address; readonly name?: string };

/**
 * The address and the name, or why the three arguments contradict each other. `tls` is whether flags
 * ask for TLS; `tls://` before HOST does as well.
 */
export function connectTarget(
  { host: typed, port, name }: GivenPlace,
  tls = false,
): ConnectTarget | Problem {
  const { host, tls: asked } = splitScheme(typed);
  const target = withoutTls({ host, port, name });
  if ("error" in target || !(tls || asked)) return target;
  if (target.address.kind === "unix") {
    return { error: `No TLS to ${quoted(host)}: a Unix socket has none` };
  }
  return { ...target, address: { ...target.address, tls: true } };
}

function withoutTls({ host, port, name }: GivenPlace): ConnectTarget | Problem {
  const joined = splitPort(host);
  if (joined !== undefined) return fromOneWord(joined, { host, port, name });
  const address = parseAddress(host, typeof port === "number" ? port : DEFAULT_PORT);
  const isUnix = address.kind === "unix";
  if (isUnix ? address.path === "" : address.host === "") {
    return { error: `Empty address: ${quoted(host)}` };
  }
  if (port === undefined) return { address };
  if (name === undefined) {
    if (isUnix || typeof port === "string") return { address, name: String(port) };
    return { address };
  }
  if (isUnix) return { error: `Too many arguments: ${quoted(host)} takes a name and no port` };
  if (typeof port === "string") {
    return { error: `Not a port: ${quoted(port)}, expected 1 to 65535` };
  }
  return { address, name };
}

/** `localhost:8080 alice` and `[::1]:8080 alice`. */
function fromOneWord(
  joined: { readonly host: string; readonly port: number },
  { host, port, name }: GivenPlace,
): ConnectTarget | Problem {
  if (joined.port < 1 || joined.port > 65_535) {
    return { error: `Not a port: ${quoted(String(joined.port))}, expected 1 to 65535` };
  }
  if (typeof port === "number") {
    return { error: `Two ports: ${quoted(host)} and ${port}, leave one out` };
  }
  if (name !== undefined) {
    return { error: `Too many arguments: ${quoted(host)} takes a name and no port` };
  }
  const address = parseAddress(joined.host, joined.port);
  return port === undefined ? { address } : { address, name: port };
}

/** The address for a verb without NAME and TLS, or why the arguments contradict each other. */
export function serverAddress(
  { host, port }: { readonly host: string; readonly port: number | undefined },
): Address | Problem {
  const target = connectTarget({ host, port, name: undefined });
  if ("error" in target) return target;
  const { address, name } = target;
  if (address.kind === "tcp" && address.tls) return { error: "No TLS here: leave tls:// out" };
  return name === undefined
    ? address
    : { error: `Too many arguments: ${quoted(host)} takes no port` };
}
