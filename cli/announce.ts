// What a server says about itself when it starts (R40, D11): every address a client could use and a
// line ready to paste, for people or as JSON.

import type { DialectName } from "../protocol/dialect.ts";
import { dialectNamed } from "../protocol/dialects.ts";
import {
  connectLine,
  formatPlace,
  type InterfaceAddress,
  type ListenAddress,
  reachableHosts,
} from "../server/net/address.ts";
import { type HistoryAnnouncement, historyJson, historyLine } from "./history_line.ts";

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
}

/** The announcement for people. */
export function announceText(announcement: Announcement): string {
  const { addresses, interfaces, maxClients, fewer, history, metricsUrl } = announcement;
  const lines: string[] = [];
  for (const { at, dialect } of addresses) {
    const spoken = dialect === undefined ? "" : `, ${dialect} only`;
    lines.push(`Listening on ${formatPlace(at).replace(/^tcp:/, "")}${spoken}. Join with:`);
    const hosts = at.kind === "unix" ? [""] : reachableHosts(at.host, interfaces);
    for (const host of hosts) lines.push(`  ${connectLine({ at, dialect }, host)}`);
    lines.push(...toolLines(at, hosts.at(-1) ?? "", dialect).map((line) => "  " + line));
  }
  lines.push(historyLine(history));
  if (metricsUrl !== undefined) lines.push(`Figures at ${metricsUrl}/metrics`);
  lines.push(`At most ${maxClients} clients${fewer === undefined ? "" : `: ${fewer}`}`);
  return lines.join("\n");
}

/** How programs that are not ours join, where that can be done by hand. */
function toolLines(at: ListenAddress["at"], host: string, dialect?: DialectName): string[] {
  const byHand = dialect === undefined ? "" : dialectNamed(dialect)?.byHand;
  if (byHand === undefined) return [];
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
    addresses: addresses.map(({ at, dialect }) => ({
      at: formatPlace(at),
      ...(dialect === undefined ? {} : { dialect }),
      connect: (at.kind === "unix" ? [""] : reachableHosts(at.host, interfaces))
        .map((host) => connectLine({ at, dialect }, host)),
    })),
    maxClients,
    history: historyJson(history),
    control: controlPath,
    ...(metricsUrl === undefined ? {} : { metrics: metricsUrl }),
  });
}
