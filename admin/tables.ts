// Lists and counters for the operator as aligned text. Pure; the server renders them from sanitised
// strings, so that `minichat admin` does not load string-width.

import stringWidth from "string-width";
import { describeEvent } from "../protocol/describe_event.ts";
import type { GroupInfo } from "../protocol/events.ts";
import { visible } from "../protocol/sanitize.ts";
import type { Ban, ClaimInfo, Mute, PersonInfo, Stats, WatchedEvent } from "../server/control.ts";
import type { EventTexts, OperatorReplyTexts } from "../texts/texts.ts";

/** Joins cells into columns two spaces apart, each as wide on a terminal as its widest cell. */
function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, at) => widths[at] = Math.max(widths[at] ?? 0, stringWidth(cell)));
  }
  return rows.map((row) =>
    row.map((cell, at) => cell + " ".repeat((widths[at] ?? 0) - stringWidth(cell)))
      .join("  ").trimEnd()
  ).join("\n");
}

/** All connected clients. */
export function peopleTable(people: readonly PersonInfo[], texts: OperatorReplyTexts): string {
  if (people.length === 0) return texts.noClients;
  return alignColumns([
    texts.clientHeads,
    ...people.map((person) => [
      String(person.id),
      (person.name === "" ? texts.noNameYet : person.name) +
      (person.muted ? ` ${texts.isMuted}` : "") + (person.away ? ` ${texts.isAway}` : ""),
      person.dialect,
      person.address,
      texts.time(person.since),
      String(person.queuedBytes),
      person.groups.map((group) => "#" + group).join(" "),
    ]),
  ]);
}

/** The groups with their members. */
export function groupsTable(groups: readonly GroupInfo[], texts: OperatorReplyTexts): string {
  if (groups.length === 0) return texts.noGroups;
  return alignColumns(groups.map(({ name, members }) => ["#" + name, members.join(", ")]));
}

/** The bans, with their ends and reasons. */
export function bansTable(bans: readonly Ban[], texts: OperatorReplyTexts): string {
  if (bans.length === 0) return texts.noBans;
  return alignColumns([
    texts.banHeads,
    ...bans.map(({ subject, kind, until, reason }) => [subject, kind, texts.end(until), reason]),
  ]);
}

/** The mutes, with their ends. */
export function mutesTable(mutes: readonly Mute[], texts: OperatorReplyTexts): string {
  if (mutes.length === 0) return texts.noMutes;
  return alignColumns([
    texts.muteHeads,
    ...mutes.map(({ name, until }) => [name, texts.end(until)]),
  ]);
}

/** Claimed names; returns `none` for an empty list. */
export function claimsTable(
  claims: readonly ClaimInfo[],
  none: string,
  texts: OperatorReplyTexts,
): string {
  if (claims.length === 0) return none;
  return alignColumns([
    texts.claimHeads,
    ...claims.map(({ name, since, used, operator }) => [
      name,
      texts.time(since),
      texts.time(used),
      operator ? texts.yes : texts.no,
    ]),
  ]);
}

/** The counters, one per line. */
export function statsTable(stats: Stats, texts: OperatorReplyTexts): string {
  const { queueMemory, history, metrics, shutdownIn } = stats;
  const names = texts.stats;
  const file = history.file === null ? null : visible(history.file);
  return alignColumns([
    [names.version, stats.version],
    [names.pid, String(stats.pid)],
    [names.started, texts.started(stats.startedAt, stats.uptimeSeconds)],
    [names.listening, stats.listening.join(" ")],
    ...(metrics === null ? [] : [[names.metrics, `${metrics}/metrics`]]),
    [names.clients, texts.clients(stats.clients, stats.maxClients, stats.registered)],
    [names.dialects, counts(stats.dialects, texts)],
    [names.groups, String(stats.groups)],
    [names.messages, texts.messages(stats.messages, stats.deliveries)],
    [names.history, texts.history({ ...history, file })],
    [names.queued, texts.queued(stats.queuedBytes, queueMemory.bytes, queueMemory.maxBytes)],
    [names.connections, texts.connections(stats.accepted, stats.acceptErrors)],
    [names.closed, counts(stats.closed, texts)],
    [names.memory, texts.memory(stats.residentBytes)],
    [names.eventLoop, texts.eventLoop(stats.lagMs.median, stats.lagMs.worst)],
    [names.limits, texts.limits(changed(stats.limits))],
    ...(shutdownIn === null ? [] : [[names.shutdown, texts.shutdownIn(shutdownIn)]]),
  ]);
}

/** One event: the time of day (UTC) and its text. */
export function watchedLine({ at, event }: WatchedEvent, texts: EventTexts): string {
  return `${at.slice(11, 19)}Z ${describeEvent(event, texts)}`;
}

/** The limits that differ from their defaults; all of them would hide the counters (see `--json`). */
function changed(limits: Stats["limits"]): string[] {
  return limits.filter((limit) => limit.value !== limit.default)
    .map(({ name, text }) => `${name} ${text}`);
}

function counts(record: Readonly<Record<string, number>>, texts: OperatorReplyTexts): string {
  const known = Object.entries(record).filter(([, count]) => count > 0);
  if (known.length === 0) return texts.none;
  return known.map(([name, count]) => `${name} ${count}`).join(", ");
}
