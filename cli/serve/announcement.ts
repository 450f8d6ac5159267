// The lines that `serve` prints at its start (R40, D11): each address with commands to join, the
// history and the limit on clients, as text or as JSON.

import { dialectNamed } from "../../protocol/dialects.ts";
import {
  connectLine,
  formatAddress,
  formatPlace,
  type InterfaceAddress,
  type ListenAddress,
  reachableHosts,
} from "../../server/net/address.ts";
import { isWildcardPair } from "../../server/net/wildcard_pair.ts";
import type { ServeTexts } from "../../texts/texts.ts";
import { type HistoryAnnouncement, historyJson, historyLine } from "./history_announcement.ts";

/** The facts to announce. */
export interface Announcement {
  readonly addresses: readonly ListenAddress[];
  readonly interfaces: readonly InterfaceAddress[];
  /** Why the addresses of this machine cannot be listed. */
  readonly unlisted?: string | undefined;
  readonly maxClients: number;
  /** The limit on open files, if it allows fewer clients than wanted. */
  readonly openFiles: number | undefined;
  readonly history: HistoryAnnouncement;
  /** The control socket's path; null without one, and `missing` is why. */
  readonly control: { readonly path: string | null; readonly missing?: string };
  /** The metrics endpoint, `http://HOST:PORT`, if there is one. */
  readonly metricsUrl: string | undefined;
  /** What the operator must know of certificates that end soon. */
  readonly warnings: readonly string[];
  /** Returns the fingerprint of the certificate at an address; undefined without TLS. */
  readonly fingerprint: (address: ListenAddress) => string | undefined;
}

/** The announcement as text. */
export function announceText(announcement: Announcement, texts: ServeTexts): string {
  const { addresses, maxClients, openFiles, history, metricsUrl, control } = announcement;
  const lines: string[] = [];
  for (const address of addresses) {
    const { at, dialect, tls } = address;
    const place = formatPlace(at).replace(/^tcp:/, "");
    if (address.proxy) {
      lines.push(texts.listeningForProxy(place));
      continue;
    }
    lines.push(texts.listening(place, tls !== undefined, dialect));
    const hosts = hostsOf(address, announcement);
    for (const host of hosts) lines.push(`  ${connectLine(address, host)}`);
    lines.push(...toolLines(address, hosts.at(-1) ?? "", texts).map((line) => "  " + line));
    const fingerprint = announcement.fingerprint(address);
    if (fingerprint !== undefined) lines.push(`  ${texts.certificateIs(fingerprint)}`);
  }
  lines.push(...unlistedLines(announcement, texts), ...announcement.warnings);
  lines.push(historyLine(history, texts));
  if (control.missing !== undefined) lines.push(texts.noControl(control.missing));
  if (metricsUrl !== undefined) lines.push(texts.metricsAt(`${metricsUrl}/metrics`));
  lines.push(
    openFiles === undefined
      ? texts.maxClients(maxClients)
      : texts.fewerClients(maxClients, openFiles),
  );
  return lines.join("\n");
}

/** That other machines may join although only this one's loopback address is in the commands. */
function unlistedLines(
  { addresses, unlisted }: Pick<Announcement, "addresses" | "unlisted">,
  texts: ServeTexts,
): string[] {
  const isForAll = addresses.some(({ at, proxy }) =>
    at.kind === "tcp" && !proxy && (at.host === "0.0.0.0" || at.host === "::")
  );
  return unlisted === undefined || !isForAll ? [] : [texts.addressesUnlisted(unlisted)];
}

/** The hosts that clients use; none where only a proxy connects. */
function hostsOf(
  address: ListenAddress,
  { addresses, interfaces }: Pick<Announcement, "addresses" | "interfaces">,
): readonly string[] {
  const { at, proxy } = address;
  if (proxy) return [];
  if (at.kind === "unix") return [""];
  const hosts = reachableHosts(at.host, interfaces);
  // IPv4 belongs to 0.0.0.0 where that is beside [::] (O3).
  const isBeside = at.host === "::" && addresses.some((other) => isWildcardPair(address, other));
  return isBeside ? hosts.filter((host) => host.includes(":")) : hosts;
}

/** How to join by hand with nc, telnet or openssl; empty where the dialect needs a program. */
function toolLines(
  { at, dialect, tls }: ListenAddress,
  host: string,
  texts: ServeTexts,
): string[] {
  const byHand = dialect === undefined ? "" : dialectNamed(dialect)?.byHand;
  if (byHand === undefined) return [];
  if (tls !== undefined && at.kind === "tcp") {
    const openssl = `openssl s_client -quiet -connect ${host}:${at.port}`;
    return [byHand === "" ? openssl : texts.commandThen(openssl, byHand)];
  }
  const nc = at.kind === "unix" ? `nc -U ${at.path}` : `nc ${host} ${at.port}`;
  if (byHand !== "") return [texts.commandThen(nc, byHand)];
  return at.kind === "unix" ? [nc] : [texts.eitherCommand(`telnet ${host} ${at.port}`, nc)];
}

/** The announcement of two-person mode; `first` is the side that begins, `flags` are for the other. */
export function announceTurns(
  { addresses, interfaces, unlisted }: Pick<Announcement, "addresses" | "interfaces" | "unlisted">,
  { first, flags }: { readonly first: string; readonly flags: string },
  texts: ServeTexts,
): string {
  const lines = [texts.turns(first)];
  for (const { at } of addresses) {
    lines.push(texts.listening(formatPlace(at).replace(/^tcp:/, ""), false, undefined));
    const hosts = at.kind === "unix" ? [""] : reachableHosts(at.host, interfaces);
    for (const host of hosts) {
      const where = at.kind === "unix" ? `unix:${at.path}` : `${host} ${at.port}`;
      lines.push(`  minichat connect ${flags} ${where}`);
    }
    const host = hosts.at(-1) ?? "";
    lines.push(at.kind === "unix" ? `  nc -U ${at.path}` : `  nc ${host} ${at.port}`);
  }
  lines.push(...unlistedLines({ addresses, unlisted }, texts));
  return lines.join("\n");
}

/** The announcement as one JSON object. */
export function announceJson(announcement: Announcement): string {
  const { addresses, maxClients, history, control, metricsUrl } = announcement;
  return JSON.stringify({
    type: "listening",
    addresses: addresses.map((address) => {
      const { dialect } = address;
      const fingerprint = announcement.fingerprint(address);
      return {
        at: formatAddress(address),
        ...(dialect === undefined ? {} : { dialect }),
        ...(address.proxy ? { proxy: true } : {}),
        connect: hostsOf(address, announcement).map((host) => connectLine(address, host)),
        ...(fingerprint === undefined ? {} : { fingerprint }),
      };
    }),
    maxClients,
    ...(announcement.warnings.length > 0 && { warnings: announcement.warnings }),
    history: historyJson(history),
    control: control.path,
    ...(metricsUrl === undefined ? {} : { metrics: metricsUrl }),
  });
}
