// English: what the operator's commands answer, and the tables and counters in their answers.
// `quoted` parameters are already in quotes; times are RFC 3339, and null stands for no end.

import { durationText } from "../../shared/duration.ts";

/** To the minute, in UTC: `2026-11-22 08:36Z`. */
function minute(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)}Z`;
}

function until(time: string | null): string {
  return time === null ? "" : ` until ${minute(time)}`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

export const operatorReplies = {
  sentToPeople: (count: number) => `Sent to ${count === 1 ? "1 person" : `${count} people`}`,
  sentToMember: (name: string) => `Sent to ${name}`,
  kicked: (name: string) => `Kicked ${name}`,
  kickedAndBanned: (name: string) => `Kicked and banned ${name}`,
  kickedNotBanned: (name: string, why: string) => `Kicked ${name}, but not banned: ${why}`,
  /** `bits`: an address range covers 2 to that power of addresses. */
  banned: (
    { subject, bits = 0, until: end }: {
      readonly subject: string;
      readonly bits?: number;
      readonly until: string | null;
    },
    kicked: readonly string[],
  ) =>
    `Banned ${subject}${bits === 0 ? "" : ` (${bits > 16 ? `2^${bits}` : 2 ** bits} addresses)`}` +
    `${until(end)}${kicked.length === 0 ? "" : `, kicked ${kicked.join(", ")}`}`,
  unbanned: (subject: string) => `Unbanned ${subject}`,
  muted: (name: string, end: string | null) => `Muted ${name}${until(end)}`,
  unmuted: (name: string) => `Unmuted ${name}`,
  freed: (name: string) => `Freed ${name}`,
  isOperator: (name: string) => `${name} is an operator`,
  isNoOperator: (name: string) => `${name} is no longer an operator`,
  clockConfirmed: "The clock is confirmed: messages that have expired are being deleted",
  shutdownCancelled: "Called off the shutdown",
  stopping: (seconds: number, replaced: boolean) =>
    (seconds === 0 ? "Stopping now" : `Stopping in ${durationText(seconds * 1000)}`) +
    (replaced ? ", instead of the earlier shutdown" : ""),

  messageLength: (maxBytes: number) => `Give a message of 1 to ${maxBytes} bytes`,
  noSuchMember: (quoted: string) => `No member called ${quoted}: see the command who`,
  noSubject: (quoted: string) =>
    `Neither a name nor an IP address: ${quoted}, give a name, an address or a range such as ` +
    `192.0.2.0/24 or 2001:db8::/64`,
  hostName: (quoted: string, name: string) =>
    `A host is not banned by its name ${quoted}: give its address, which the command who shows, ` +
    `or @${name} for a person of that name`,
  bannedByRange: (quoted: string, subject: string) =>
    `No ban on ${quoted} alone, but on ${subject}: unban that`,
  noSuchBan: (quoted: string) => `No ban on ${quoted}: see the command bans`,
  notMuted: (quoted: string) => `Not muted: ${quoted}`,
  notClaimed: (quoted: string) => `Not claimed: ${quoted}, see the command claims`,
  operatorNotClaimed: (quoted: string) =>
    `Not claimed: ${quoted}, its owner must claim it first, with /claim in the chat`,
  isOperatorAlready: (quoted: string) => `${quoted} is an operator already`,
  isNotOperator: (quoted: string) => `${quoted} is not an operator`,
  stillBanned: (why: string) => `Still banned: ${why}`,
  stillMuted: (why: string) => `Still muted: ${why}`,
  stillClaimed: (why: string) => `Still claimed: ${why}`,
  nothingChanged: (why: string) => `Nothing changed: ${why}`,
  /** `done` is an answer such as `Banned bob`; it could not be stored. */
  untilServerEnds: (done: string, why: string) => `${done}, but only until the server ends: ${why}`,
  shutdownSeconds: (max: number, given: number) =>
    `Give whole seconds from 0 to ${max}: got ${given}`,
  stoppingAlready: "Nothing to do: the server is stopping already",
  noShutdown: "Nothing to cancel: no shutdown is announced",
  /** The reason of a ban that was given none. */
  byOperator: "by the operator",
  /** In the goodbye, and after `left` in the chat. */
  kickedFor: (reason: string) => `kicked: ${reason}`,
  /** In place of a private message where the operator watches; `to` without its `@`. */
  privateText: (to: string) => `(to ${to}, not shown)`,
  /** In place of the text of an order `msg`. */
  orderText: "(not shown)",

  noClients: "No client is connected",
  noGroups: "There are no groups",
  noBans: "No bans",
  noMutes: "No mutes",
  noClaims: "No name is claimed",
  noOperators: "No operators in the chat",
  clientHeads: ["ID", "NAME", "DIALECT", "ADDRESS", "SINCE", "QUEUED BYTES", "GROUPS"],
  banHeads: ["BANNED", "KIND", "UNTIL", "REASON"],
  muteHeads: ["MUTED", "UNTIL"],
  claimHeads: ["NAME", "CLAIMED", "LAST PROVEN", "OPERATOR"],
  noNameYet: "(no name yet)",
  /** After a name. */
  isMuted: "(muted)",
  /** After a name whose connection was lost, and which is reserved for the grace time. */
  isAway: "(away)",
  yes: "yes",
  no: "no",
  time: (time: string) => minute(time),
  /** In a column of ends. */
  end: (time: string | null) => time === null ? "for good" : minute(time),
  /** Names of the rows of `stats`. */
  stats: {
    version: "version",
    pid: "pid",
    started: "started",
    listening: "listening",
    metrics: "figures",
    clients: "clients",
    dialects: "dialects",
    groups: "groups",
    messages: "messages",
    history: "history",
    queued: "queued",
    connections: "connections",
    closed: "closed",
    memory: "memory",
    eventLoop: "event loop",
    limits: "limits",
    shutdown: "shutdown",
  },
  started: (at: string, seconds: number) => `${at} (${durationText(seconds * 1000)} ago)`,
  clients: (count: number, max: number, named: number) =>
    `${count} of ${max}, ${named} with a name`,
  messages: (stored: number, deliveries: number) =>
    `${stored} stored, ${deliveries} copies delivered`,
  /**
   * `file` and `bytes` of a history on a disk; `problem` is why it cannot be written, `clock` how
   * the clock contradicts it.
   */
  history: (
    { messages, oldest, file, bytes, problem, clock }: {
      readonly messages: number;
      readonly oldest: string | null;
      readonly file: string | null;
      readonly bytes: number;
      readonly problem: string | null;
      readonly clock: string | null;
    },
  ) => {
    const since = oldest === null ? "" : ` since ${minute(oldest)}`;
    const place = file === null ? "in memory" : `${mebibytes(bytes)} in ${file}`;
    const problems = [problem, clock].filter((text) => text !== null).map((text) => `: ${text}`);
    return `${messages} messages${since}, ${place}${problems.join("")}`;
  },
  queued: (queuedBytes: number, bytes: number, maxBytes: number) =>
    `${queuedBytes} bytes, in ${bytes} of ${maxBytes} bytes of memory`,
  connections: (accepted: number, errors: number) =>
    `${accepted} accepted, ${errors} accept errors`,
  memory: (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MiB resident`,
  /** In milliseconds, of the last ten seconds. */
  eventLoop: (median: number, worst: number) => `${median} ms late, ${worst} ms at worst in 10 s`,
  /** `changed` are names with values. */
  limits: (changed: readonly string[]) =>
    changed.length === 0 ? "all as usual" : `${changed.join(", ")}, others as usual`,
  shutdownIn: (seconds: number) => `in ${durationText(seconds * 1000)}`,
  none: "none",
};
