// What a server says about itself when it starts (R40, D11): every address a client could use and a
// line ready to paste, for people or as JSON.

import { dialectNamed } from "../../protocol/dialects.ts";
import {
  connectLine,
  formatAddress,
  formatPlace,
  type InterfaceAddress,
  type ListenAddress,
  reachableHosts,
} from "../../server/net/address.ts";
import { type HistoryAnnouncement, historyJson, historyLine } from "./history_announcement.ts";

/** What is announced. */
export interface Announcement {
  readonly addresses: readonly ListenAddress[];
  readonly interfaces: readonly InterfaceAddress[];
  readonly maxClients: number;
  /** Why there are fewer clients than asked for, or nothing. */
  readonly fewer: string | undefined;
  readonly history: HistoryAnnouncement;
  readonly controlPath: string;
  /** Where figures are, `http://HOST:PORT`, or nowhere. */
  readonly metricsUrl: string | undefined;
  /** The fingerprint of the certificate shown at an address, where TLS is spoken. */
  readonly fingerprint: (address: ListenAddress) => string | undefined;
}

/** The announcement for people. */
export function announceText(announcement: Announcement): string {
  const { addresses, interfaces, maxClients, fewer, history, metricsUrl } = announcement;
  const lines: string[] = [];
  for (const address of addresses) {
    const { at, dialect, tls } = address;
    const spoken = dialect === undefined ? "" : `, ${dialect} only`;
    const secured = tls === undefined ? "" : ", through TLS";
    const place = formatPlace(at).replace(/^tcp:/, "");
    lines.push(`Listening on ${place}${secured}${spoken}. Join with:`);
    const hosts = at.kind === "unix" ? [""] : reachableHosts(at.host, interfaces);
    for (const host of hosts) lines.push(`  ${connectLine(address, host)}`);
    lines.push(...toolLines(address, hosts.at(-1) ?? "").map((line) => "  " + line));
    const fingerprint = announcement.fingerprint(address);
    if (fingerprint !== undefined) lines.push(`  Its certificate is ${fingerprint}`);
  }
  lines.push(historyLine(history));
  if (metricsUrl !== undefined) lines.push(`Figures at ${metricsUrl}/metrics`);
  lines.push(`At most ${maxClients} clients${fewer === undefined ? "" : `: ${fewer}`}`);
  return lines.join("\n");
}

/** How programs that are not ours join, where that can be done by hand. */
function toolLines({ at, dialect, tls }: ListenAddress, host: string): string[] {
  const byHand = dialect === undefined ? "" : dialectNamed(dialect)?.byHand;
  if (byHand === undefined) return [];
  if (tls !== undefined && at.kind === "tcp") {
    const openssl = `openssl s_client -quiet -connect ${host}:${at.port}`;
    return [byHand === "" ? openssl : `${openssl}    and ${byHand}`];
  }
  const nc = at.kind === "unix" ? `nc -U ${at.path}` : `nc ${host} ${at.port}`;
  if (byHand !== "") return [`${nc}    and ${byHand}`];
  return at.kind === "unix" ? [nc] : [`telnet ${host} ${at.port}    or    ${nc}`];
}

/** The announcement of a dialogue by turns; `first` is the side that begins, `flags` its other side's. */
export function announceTurns(
  { addresses, interfaces }: Pick<Announcement, "addresses" | "interfaces">,
  { first, flags }: { readonly first: string; readonly flags: string },
): string {
  const lines = [`Two people speak in turns here, the ${first} first`];
  for (const { at } of addresses) {
    lines.push(`Listening on ${formatPlace(at).replace(/^tcp:/, "")}. Join with:`);
    const hosts = at.kind === "unix" ? [""] : reachableHosts(at.host, interfaces);
    for (const host of hosts) {
      const where = at.kind === "unix" ? `unix:${at.path}` : `${host} ${at.port}`;
      lines.push(`  minichat connect ${flags} ${where}`);
    }
    const host = hosts.at(-1) ?? "";
    lines.push(at.kind === "unix" ? `  nc -U ${at.path}` : `  nc ${host} ${at.port}`);
  }
  return lines.join("\n");
}

/** The announcement as one JSON object. */
export function announceJson(announcement: Announcement): string {
  const { addresses, interfaces, maxClients, history, controlPath, metricsUrl } = announcement;
  return JSON.stringify({
    type: "listening",
    addresses: addresses.map((address) => {
      const { at, dialect } = address;
      const fingerprint = announcement.fingerprint(address);
      return {
        at: formatAddress(address),
        ...(dialect === undefined ? {} : { dialect }),
        connect: (at.kind === "unix" ? [""] : reachableHosts(at.host, interfaces))
          .map((host) => connectLine(address, host)),
        ...(fingerprint === undefined ? {} : { fingerprint }),
      };
    }),
    maxClients,
    history: historyJson(history),
    control: controlPath,
    ...(metricsUrl === undefined ? {} : { metrics: metricsUrl }),
  });
}
