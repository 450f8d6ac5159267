// What the operator asked to see, as text with aligned columns. Pure; every string in it has been
// sanitised by the server where it came in. Rendered where the server is: whoever only sends orders
// does not load what measures columns.

import { EN } from "../texts/en.ts";
import stringWidth from "string-width";
import type { GroupInfo } from "../protocol/events.ts";
import { describeEvent } from "../protocol/describe_event.ts";
import { visible } from "../protocol/sanitize.ts";
import { durationText } from "../shared/duration.ts";
import { minute } from "./format_values.ts";
import type {
  Ban,
  ClaimInfo,
  HistoryStats,
  Mute,
  PersonInfo,
  Stats,
  WatchedEvent,
} from "../server/control.ts";

/** Rows in columns two spaces apart, as wide on a terminal as their widest cell. */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, at) => widths[at] = Math.max(widths[at] ?? 0, stringWidth(cell)));
  }
  return rows.map((row) =>
    row.map((cell, at) => cell + " ".repeat((widths[at] ?? 0) - stringWidth(cell)))
      .join("  ").trimEnd()
  ).join("\n");
}

/** Everybody connected. */
export function peopleTable(people: readonly PersonInfo[]): string {
  if (people.length === 0) return "Nobody is connected";
  return alignColumns([
    ["ID", "NAME", "DIALECT", "ADDRESS", "SINCE", "QUEUED BYTES", "GROUPS"],
    ...people.map((person) => [
      String(person.id),
      (person.name === "" ? "(no name yet)" : person.name) + (person.muted ? " (muted)" : ""),
      person.dialect,
      person.address,
      minute(person.since),
      String(person.queuedBytes),
      person.groups.map((group) => "#" + group).join(" "),
    ]),
  ]);
}

/** The groups and who is in them. */
export function groupsTable(groups: readonly GroupInfo[]): string {
  if (groups.length === 0) return "There are no groups";
  return alignColumns(groups.map(({ name, members }) => ["#" + name, members.join(", ")]));
}

/** Who is kept out, until when and why. */
export function bansTable(bans: readonly Ban[]): string {
  if (bans.length === 0) return "Nobody is banned";
  return alignColumns([
    ["BANNED", "KIND", "UNTIL", "REASON"],
    ...bans.map(({ subject, kind, until, reason }) => [
      subject,
      kind,
      until === null ? "for good" : minute(until),
      reason,
    ]),
  ]);
}

/** Who may not speak, and until when. */
export function mutesTable(mutes: readonly Mute[]): string {
  if (mutes.length === 0) return "Nobody is muted";
  return alignColumns([
    ["MUTED", "UNTIL"],
    ...mutes.map(({ name, until }) => [name, until === null ? "for good" : minute(until)]),
  ]);
}

/** Claimed names; `none` where there are none. */
export function claimsTable(claims: readonly ClaimInfo[], none: string): string {
  if (claims.length === 0) return none;
  return alignColumns([
    ["NAME", "CLAIMED", "LAST PROVEN", "OPERATOR"],
    ...claims.map(({ name, since, used, operator }) => [
      name,
      minute(since),
      minute(used),
      operator ? "yes" : "no",
    ]),
  ]);
}

/** The counters, one a line. */
export function statsTable(stats: Stats): string {
  return alignColumns([
    ["version", stats.version],
    ["pid", String(stats.pid)],
    ["started", `${stats.startedAt} (${durationText(stats.uptimeSeconds * 1000)} ago)`],
    ["listening", stats.listening.join(" ")],
    ...(stats.metrics === null ? [] : [["figures", `${stats.metrics}/metrics`]]),
    ["clients", `${stats.clients} of ${stats.maxClients}, ${stats.registered} with a name`],
    ["dialects", counts(stats.dialects)],
    ["groups", String(stats.groups)],
    ["messages", `${stats.messages} stored, ${stats.deliveries} copies delivered`],
    ["history", historyLine(stats.history)],
    ["queued", queued(stats)],
    ["connections", `${stats.accepted} accepted, ${stats.acceptErrors} accept errors`],
    ["closed", counts(stats.closed)],
    ["memory", `${Math.round(stats.residentBytes / 1024 / 1024)} MiB resident`],
    ["event loop", `${stats.lagMs.median} ms late, ${stats.lagMs.worst} ms at worst in 10 s`],
    ["limits", changed(stats.limits)],
    ...(stats.shutdownIn === null
      ? []
      : [["shutdown", `in ${durationText(stats.shutdownIn * 1000)}`]]),
  ]);
}

/** One thing that happened: the clock (UTC) and the words. */
export function watchedLine({ at, event }: WatchedEvent): string {
  return `${at.slice(11, 19)}Z ${describeEvent(event, EN.events)}`;
}

function historyLine({ file, messages, bytes, oldest, problem }: HistoryStats): string {
  const since = oldest === null ? "" : ` since ${minute(oldest)}`;
  const size = `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
  const place = file === null ? "in memory" : `${size} in ${visible(file)}`;
  const trouble = problem === null ? "" : `: ${problem}`;
  return `${messages} messages${since}, ${place}${trouble}`;
}

function queued({ queuedBytes, queueMemory: { bytes, maxBytes } }: Stats): string {
  return `${queuedBytes} bytes, in ${bytes} of ${maxBytes} bytes of memory`;
}

/** Those that somebody set; all of them would hide the counters, and `--json` has them. */
function changed(limits: Stats["limits"]): string {
  const set = limits.filter((limit) => limit.value !== limit.default);
  if (set.length === 0) return "all as usual";
  return set.map(({ name, text }) => `${name} ${text}`).join(", ") + ", others as usual";
}

function counts(record: Readonly<Record<string, number>>): string {
  const known = Object.entries(record).filter(([, count]) => count > 0);
  return known.length === 0 ? "none" : known.map(([name, count]) => `${name} ${count}`).join(", ");
}
