// Events in words, for people: one place for what `plain` sends, what the server's terminal and the
// clients show. Pure; every string an event carries has been sanitised where it came in.

import { durationText } from "../shared/duration.ts";
import type { MessageEvent, ServerEvent, UserInfo } from "./events.ts";

/** The event for a person, one or more lines without a trailing newline; empty for nothing to say. */
export function describe(event: ServerEvent): string {
  switch (event.type) {
    case "message":
      return describeMessage(event);
    case "greeting":
      return [
        `Welcome to minichat. ${people(event.here, "here now")}.`,
        ...commandLines(event.commands),
        `Type your name within ${event.within} s (Enter alone gives you one):`,
      ].join("\n");
    case "welcome":
      return [
        `You are ${event.name}. ${hereBesides(event.users, event.name, event.total)}`,
        ...earlier(event.replay ?? 0),
      ].join("\n");
    case "gap":
      return event.from === event.to
        ? "A message that you may have missed is no longer stored"
        : "Messages that you may have missed are no longer stored";
    case "ack":
      return describeAck(event.to, event.recipients);
    case "joined":
      if (event.group === undefined) return `${event.name} joined`;
      return event.you
        ? `You joined #${event.group}: @${event.group} TEXT writes to it`
        : `${event.name} joined #${event.group}`;
    case "left": {
      const why = event.reason ? ` (${event.reason})` : "";
      if (event.group === undefined) return `${event.name} left${why}`;
      return event.you ? `You left #${event.group}` : `${event.name} left #${event.group}${why}`;
    }
    case "presence":
      return [
        ...crowd(event.joined, event.names, "joined"),
        ...crowd(event.left, event.gone, "left"),
        people(event.total, "here now"),
      ].join("; ");
    case "renamed":
      return event.you ? `You are now ${event.name}` : `${event.was} is now ${event.name}`;
    case "you":
      return event.id === undefined
        ? `You are ${event.name}`
        : `You are ${event.name}, number ${event.id}`;
    case "who":
      return [
        `${people(event.total, "here")}: ${event.users.map(describeUser).join(", ")}`,
        ...rest(event.total, event.users.length),
      ].join("\n");
    case "groups":
      if (event.total === 0) return "There are no groups: /join NAME makes one";
      return [
        ...event.groups.map((group) => `#${group.name}: ${group.members.join(", ")}`),
        ...rest(event.total, event.groups.length),
      ].join("\n");
    case "history":
      if (event.messages.length > 0) return event.messages.map(describeMessage).join("\n");
      return event.more ? "None of the newest messages is for you" : "Nothing has been said yet";
    case "help":
      return commandLines(event.commands).join("\n");
    case "notice":
      return event.text;
    case "shutdown":
      return stopsIn(event.in);
    case "pong":
      return "pong";
    case "closed":
      return `Goodbye: ${event.text}`;
    case "error":
      return event.message;
    default:
      event satisfies never;
      return "";
  }
}

/** A message as one line: `name: text`, with the clock (UTC) when it comes from history. */
export function describeMessage(event: MessageEvent): string {
  const clock = event.replay ? `[${event.at.slice(11, 16)}Z] ` : "";
  const sender = event.replay ? speakerAndListener(event) : speaker(event);
  return clock + (event.action ? `* ${sender} ${event.text}` : `${sender}: ${event.text}`);
}

/** The opposite, for dialects whose servers send words: the message a line holds, else a notice. */
export function parseMessage(line: string): ServerEvent {
  const [, from, group, priv, text] = SAID_REGEXP.exec(line) ?? [];
  if (from === undefined || text === undefined) return { type: "notice", text: line };
  const to = group !== undefined ? { to: `#${group}` } : priv !== undefined ? { to: "@" } : {};
  return { type: "message", seq: 0, at: "", from, ...to, text };
}

const SAID_REGEXP = /^([\p{L}\p{N}_][\p{L}\p{M}\p{N}_.-]*)(?:@([^\s:]+)|( \(private\)))?: (.*)$/su;

/** Who speaks and to whom: `bob`, `bob@cooks` to a group, `bob (private)` to one person. */
export function speaker({ from, to }: Pick<MessageEvent, "from" | "to">): string {
  if (to === undefined) return from;
  return to.startsWith("#") ? `${from}@${to.slice(1)}` : `${from} (private)`;
}

/** The same where one's own words may be among them: a private message names both. */
export function speakerAndListener(
  { from, to }: Pick<MessageEvent, "from" | "to">,
): string {
  return to?.startsWith("@")
    ? `${from} to ${to.slice(1)} (private)`
    : speaker({ from, ...to && { to } });
}

/** The countdown in words. */
export function stopsIn(seconds: number | null): string {
  if (seconds === null) return "The shutdown was called off";
  if (seconds === 0) return "The server stops now";
  return `The server stops in ${durationText(seconds * 1000)}`;
}

function describeAck(to: string | undefined, recipients: number): string {
  if (to?.startsWith("@")) return `sent to ${to.slice(1)}`;
  const whom = to === undefined ? "everyone" : to;
  return recipients === 0
    ? `sent to ${whom}, but nobody else is there`
    : `sent to ${whom} (${recipients})`;
}

function describeUser({ name, groups }: UserInfo): string {
  return groups.length === 0 ? name : `${name} (${groups.map((group) => "#" + group).join(" ")})`;
}

function hereBesides(names: readonly string[], own: string, total: number): string {
  const others = names.filter((name) => name !== own);
  if (others.length === 0) return "Nobody else is here yet.";
  const more = total - 1 - others.length;
  return `Here: ${others.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}

/** Above what was said before somebody came. */
function earlier(count: number): string[] {
  return count === 0 ? [] : [count === 1 ? "1 earlier message:" : `${count} earlier messages:`];
}

function people(count: number, where: string): string {
  if (count === 0) return `Nobody is ${where}`;
  return count === 1 ? `1 person is ${where}` : `${count} people are ${where}`;
}

/** `3 joined: ana, bob, eve`, `153 joined, among them ana, bob`, or nothing for nobody. */
function crowd(count: number, names: readonly string[], verb: string): string[] {
  if (count === 0) return [];
  if (names.length === 0) return [`${count} ${verb}`];
  return [`${count} ${verb}${names.length < count ? ", among them" : ":"} ${names.join(", ")}`];
}

function rest(total: number, shown: number): string[] {
  return total > shown ? [`... and ${total - shown} more`] : [];
}

/** Widest column of commands: somebody else's server may send any usage, and any number of them. */
const MAX_USAGE_COLUMNS = 40;

function commandLines(commands: readonly { usage: string; help: string }[]): string[] {
  const longest = commands.reduce((most, { usage }) => Math.max(most, usage.length), 0);
  const width = Math.min(longest, MAX_USAGE_COLUMNS);
  return commands.map(({ usage, help }) => `  ${usage.padEnd(width)}  ${help}`);
}
