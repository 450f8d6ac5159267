// Renders events as text for people: the lines that `plain` sends and that clients and the
// operator's console show. Every string in an event is already sanitised.

import { durationText } from "../shared/duration.ts";
import type { EventTexts } from "../texts/texts.ts";
import type { MessageEvent, ServerEvent, UserInfo } from "./events.ts";
import { imitatesSender } from "./imitated_marks.ts";
import { undecorated } from "./sanitize.ts";

/** The event as one or more lines without a trailing newline; "" if it has no text. */
export function describeEvent(event: ServerEvent, texts: EventTexts): string {
  switch (event.type) {
    case "message":
      return describeMessage(event, texts);
    case "greeting":
      return [
        `${texts.welcome} ${texts.peopleHereNow(event.here)}.`,
        ...commandLines(event.commands),
        texts.typeYourName(event.within),
      ].join("\n");
    case "welcome":
      return [
        `${texts.youAre(event.name)}. ${othersHere(event, texts)}`,
        ...event.replay ? [texts.earlierMessages(event.replay)] : [],
      ].join("\n");
    case "gap":
      return event.from === event.to ? texts.missedOne : texts.missedSeveral;
    case "ack":
      return event.to?.startsWith("@")
        ? texts.sentToOne(event.to.slice(1))
        : texts.sentToMany(event.to, event.recipients);
    case "joined":
      if (event.group === undefined) return texts.joined(event.name);
      return event.you ? texts.youJoined(event.group) : texts.joinedGroup(event.name, event.group);
    case "left": {
      const why = event.reason ?? "";
      if (event.group === undefined) return texts.left(event.name, why);
      return event.you ? texts.youLeft(event.group) : texts.leftGroup(event.name, event.group, why);
    }
    case "presence":
      return [
        ...event.joined === 0 ? [] : [texts.manyJoined(event.joined, event.names)],
        ...event.left === 0 ? [] : [texts.manyLeft(event.left, event.gone)],
        texts.peopleHereNow(event.total),
      ].join("; ");
    case "renamed":
      return event.you ? texts.youAreNow(event.name) : texts.renamed(event.was, event.name);
    case "you":
      return texts.youAre(event.name, event.id);
    case "who":
      return [
        `${texts.peopleHere(event.total)}: ${event.users.map(describeUser).join(", ")}`,
        ...moreLine(event.total, event.users.length, texts),
      ].join("\n");
    case "groups":
      if (event.total === 0) return texts.noGroups;
      return [
        ...event.groups.map((group) => `#${group.name}: ${group.members.join(", ")}`),
        ...moreLine(event.total, event.groups.length, texts),
      ].join("\n");
    case "history":
      if (event.messages.length === 0) return event.more ? texts.noneForYou : texts.noMessages;
      return event.messages.map((message) => describeMessage(message, texts)).join("\n");
    case "help":
      return commandLines(event.commands).join("\n");
    case "notice":
      return event.text;
    case "shutdown":
      return countdownText(event.in, texts);
    case "pong":
      return texts.pong;
    case "closed":
      return texts.goodbye(event.text);
    case "error":
      return event.message;
    default:
      event satisfies never;
      return "";
  }
}

/** A message as one line, `name: text`, preceded by its time (UTC) if it comes from the history. */
export function describeMessage(event: MessageEvent, texts: EventTexts): string {
  const clock = event.replay ? `[${event.at.slice(11, 16)}Z] ` : "";
  const sender = event.replay ? speakerAndListener(event, texts) : speaker(event, texts);
  return clock + spoken(event, sender);
}

/**
 * `sender: text`; an action as `* bob waves`, but a private one as `bob (private): *waves*`, so that
 * whatever stands before the colon was never typed (A10). `sender` is {@linkcode speaker} or
 * {@linkcode speakerAndListener}, `text` the event's text, maybe with colours.
 */
export function spoken(
  { action, to, text: typed }: Pick<MessageEvent, "action" | "to" | "text">,
  sender: string,
  text: string = typed,
): string {
  if (!action) return `${sender}: ${text}`;
  if (to?.startsWith("@")) return `${sender}: *${text}*`;
  return `* ${sender} ${imitatesSender(typed) ? "\\" : ""}${text}`;
}

/**
 * The inverse of {@linkcode describeMessage}, for dialects whose servers send text: the message of
 * a line, or a notice if it is none.
 */
export function parseMessage(line: string, texts: Pick<EventTexts, "private">): ServerEvent {
  const [, from, group, mark, text] = MESSAGE_REGEXP.exec(undecorated(line)) ?? [];
  const isOther = mark !== undefined && mark !== texts.private;
  if (from === undefined || text === undefined || isOther) return { type: "notice", text: line };
  const to = group !== undefined ? { to: `#${group}` } : mark !== undefined ? { to: "@" } : {};
  return { type: "message", seq: 0, at: "", from, ...to, text };
}

const MESSAGE_REGEXP =
  /^([\p{L}\p{N}_][\p{L}\p{M}\p{N}_.-]*)(?:@([^\s:]+)| \(([^()]+)\))?: (.*)$/su;

/**
 * The sender, marked by the kind of recipient: `bob` (everyone), `bob@cooks` (a group), `bob
 * (private)` (one person).
 */
export function speaker(
  { from, to }: Pick<MessageEvent, "from" | "to">,
  texts: EventTexts,
): string {
  if (to === undefined) return from;
  return to.startsWith("#") ? `${from}@${to.slice(1)}` : `${from} (${texts.private})`;
}

/**
 * The same for lists that may contain the reader's own messages: a private message names both
 * people.
 */
export function speakerAndListener(
  { from, to }: Pick<MessageEvent, "from" | "to">,
  texts: EventTexts,
): string {
  return to?.startsWith("@")
    ? texts.privateTo(from, to.slice(1))
    : speaker({ from, ...to && { to } }, texts);
}

/** The text of a `shutdown` event; `seconds` until the stop, null if it was cancelled. */
export function countdownText(seconds: number | null, texts: EventTexts): string {
  if (seconds === null) return texts.shutdownCancelled;
  return seconds === 0 ? texts.stopsNow : texts.stopsIn(durationText(seconds * 1000));
}

function describeUser({ name, groups }: UserInfo): string {
  return groups.length === 0 ? name : `${name} (${groups.map((group) => "#" + group).join(" ")})`;
}

function othersHere(
  { users, name, total }: ServerEvent & { readonly type: "welcome" },
  texts: EventTexts,
): string {
  const others = users.filter((user) => user !== name);
  if (others.length === 0) return texts.nobodyElse;
  return texts.alsoHere(others, total - 1 - others.length);
}

function moreLine(total: number, shown: number, texts: EventTexts): string[] {
  return total > shown ? [texts.andMore(total - shown)] : [];
}

/** Maximum width of the usage column: another program's server may send usages of any length. */
const MAX_USAGE_COLUMNS = 40;

function commandLines(commands: readonly { usage: string; help: string }[]): string[] {
  const longest = commands.reduce((most, { usage }) => Math.max(most, usage.length), 0);
  const width = Math.min(longest, MAX_USAGE_COLUMNS);
  return commands.map(({ usage, help }) => `  ${usage.padEnd(width)}  ${help}`);
}
