// Parses and prints the addresses a server listens at, and the command that connects to them. Pure:
// the list of this machine's addresses is passed in.

import type { DialectName } from "../../protocol/dialect.ts";
import {
  DIALECT_NAMES,
  dialectNamed,
  OWN_DIALECT,
  unknownDialect,
} from "../../protocol/dialects.ts";
import { quoted } from "../../protocol/failures.ts";
import {
  type FrameLayout,
  headerName,
  LAYOUT_NAMES,
  layoutNamed,
} from "../../protocol/frame_layouts.ts";
import { framed } from "../../protocol/framed.ts";
import type { Problem } from "../../protocol/problem.ts";

/** One address to listen at. */
export interface ListenAddress {
  readonly at:
    | { readonly kind: "tcp"; readonly host: string; readonly port: number }
    | { readonly kind: "unix"; readonly path: string };
  /** Dialect of every client that connects here; without it the first bytes decide. */
  readonly dialect?: DialectName;
  /** The layout of every client's frames, where `dialect` is framed; else the first one shows it. */
  readonly layout?: FrameLayout;
  /** Whether `framed` and `usermsg` clients receive joins, leaves and refusals (D17). */
  readonly notices: boolean;
  /** Whether senders get their own messages; without it the dialect decides (D5). */
  readonly echo?: boolean;
  /** Sent to each client first, as it is, in place of the greeting. */
  readonly greet?: string;
  /** Whether a proxy makes each connection and begins it with a PROXY header. */
  readonly proxy?: true;
  /** Requires TLS, with the certificate and private key in these PEM files. */
  readonly tls?: { readonly cert?: string; readonly key?: string };
}

/**
 * Parses `tcp:HOST:PORT`, `tls:HOST:PORT` or `unix:PATH`, each with optional `,dialect=NAME`,
 * `,header=LAYOUT` (framed), `,greet=TEXT`, `,proxy`, `,notices`, `,echo`, `,no-echo`, and `tls` with `,cert=FILE` and `,key=FILE`. An IPv6 host may stand
 * in brackets.
 */
export function parseListenAddress(text: string): ListenAddress | Problem {
  const [place = "", ...settings] = text.split(",");
  const at = parsePlace(place);
  if ("error" in at) return at;
  let address: ListenAddress = { at, notices: false };
  if (place.startsWith("tls:")) address = { ...address, tls: {} };
  for (const setting of settings) {
    const changed = withSetting(address, setting);
    if ("error" in changed) return changed;
    address = changed;
  }
  if (address.layout !== undefined && (address.dialect ?? framed.name) !== framed.name) {
    return { error: `Only framed has headers: leave out dialect=${address.dialect}` };
  }
  return address.layout === undefined ? address : { ...address, dialect: framed.name };
}

function withSetting(address: ListenAddress, setting: string): ListenAddress | Problem {
  const [, key = setting, value] = /^([^=]*)=(.+)$/.exec(setting) ?? [];
  switch (key) {
    case "notices":
      if (value === undefined) return { ...address, notices: true };
      break;
    case "proxy":
      if (value === undefined) return { ...address, proxy: true };
      break;
    case "echo":
    case "no-echo":
      if (value === undefined) return { ...address, echo: key === "echo" };
      break;
    case "greet":
      if (value !== undefined) return { ...address, greet: unescaped(value) };
      break;
    case "cert":
    case "key":
      if (value === undefined || address.tls === undefined) break;
      return { ...address, tls: { ...address.tls, [key]: value } };
    case "dialect": {
      const dialect = dialectNamed(value ?? "");
      if (dialect !== undefined) return { ...address, dialect: dialect.name };
      if (value === undefined) break;
      return { error: unknownDialect(value) };
    }
    case "header": {
      const layout = layoutNamed(value ?? "");
      if (layout !== undefined) return { ...address, layout };
      const expected = LAYOUT_NAMES.join(", ");
      return { error: `Unknown header ${quoted(value ?? "")}: expected one of ${expected}` };
    }
  }
  const expected =
    `dialect=${
      DIALECT_NAMES.join("|")
    }, header=LAYOUT, greet=TEXT, proxy, notices, echo or no-echo` +
    (address.tls ? ", cert=FILE, key=FILE" : "");
  return { error: `Unknown setting ${quoted(setting)}: expected ${expected}` };
}

function parsePlace(place: string): ListenAddress["at"] | Problem {
  const path = /^unix:(.+)$/.exec(place)?.[1];
  if (path !== undefined) {
    // sun_path of sockaddr_un holds 108 bytes with its final NUL (unix(7)).
    if (new TextEncoder().encode(path).length > 100) {
      const error = `Choose a shorter path than ${
        quoted(path)
      }: a Unix socket's may have 100 bytes`;
      return { error };
    }
    return { kind: "unix", path };
  }
  const [, host, port] = /^t(?:cp|ls):(\[[^\]]+\]|[^:]*):(\d+)$/.exec(place) ?? [];
  if (host === undefined || port === undefined) {
    const expected = "tcp:HOST:PORT, tls:HOST:PORT or unix:PATH";
    return { error: `Cannot listen at ${quoted(place)}: expected ${expected}` };
  }
  if (Number(port) > 65_535) return { error: `Not a port: ${quoted(port)}, expected 0 to 65535` };
  const bare = host.replace(/^\[|\]$/g, "");
  return { kind: "tcp", host: bare === "" ? "0.0.0.0" : bare, port: Number(port) };
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", 0: "\0" };

/** `\n`, `\r`, `\t`, `\0` and `\xHH` as the characters they stand for: `\x2c` is a comma. */
function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([\da-f]{2})|(.))/gi,
    (_, hex?: string, one = "") =>
      hex ? String.fromCharCode(parseInt(hex, 16)) : ESCAPES[one] ?? one,
  );
}

/** Whether a listener asks for a name: not on a Unix socket, which may carry raw text (D3). */
export function asksName({ at, greet }: Pick<ListenAddress, "at" | "greet">): boolean {
  return at.kind === "tcp" || greet !== undefined;
}

/** `tcp:HOST:PORT` or `unix:PATH`. */
export function formatPlace(at: ListenAddress["at"]): string {
  if (at.kind === "unix") return `unix:${at.path}`;
  return `tcp:${at.host.includes(":") ? `[${at.host}]` : at.host}:${at.port}`;
}

/** {@linkcode formatPlace}, with `tls:` in front where TLS is required. */
export function formatAddress({ at, tls }: Pick<ListenAddress, "at" | "tls">): string {
  const place = formatPlace(at);
  return tls === undefined ? place : place.replace(/^tcp:/, "tls:");
}

/** A network interface's address, as the runtime lists them. */
export type InterfaceAddress = Pick<Deno.NetworkInterfaceInfo, "address" | "family">;

/**
 * The hosts a client can use to reach a server bound to `host` (D11): those of every interface for a
 * wildcard, the widest reach first and this machine itself last; else the host alone.
 */
export function reachableHosts(host: string, interfaces: readonly InterfaceAddress[]): string[] {
  if (host !== "0.0.0.0" && host !== "::") return [host];
  const usable = interfaces.filter(({ address, family }) =>
    (host === "::" || family === "IPv4") && !/^(127\.|::1$|fe80:)/i.test(address)
  );
  return [...usable.map(({ address }) => address), host === "::" ? "::1" : "127.0.0.1"];
}

/** The command that connects to the server at that address, ready to paste (D11). */
export function connectLine(
  { at, dialect, layout, tls }:
    & Pick<ListenAddress, "at" | "layout" | "tls">
    & { dialect?: DialectName | undefined },
  host: string,
): string {
  const isOwn = dialect === undefined || dialect === OWN_DIALECT.name;
  const header = layout === undefined ? "" : `--header ${headerName(layout)} `;
  const flag = isOwn ? "" : `--dialect ${dialect} ${header}`;
  if (at.kind === "unix") return `minichat connect ${flag}unix:${at.path} NAME`;
  return `minichat connect ${tls ? "--tls " : ""}${flag}${host} ${at.port} NAME`;
}
