// Renders events as lines for a terminal: time, colours, marks. Pure; the texts come from
// protocol/describe_event.ts, and sanitize_event.ts has made every string safe.

import type { MessageEvent, ServerEvent } from "../protocol/events.ts";
import { describeEvent, speaker, spoken } from "../protocol/describe_event.ts";
import { type Style, terminalStyle } from "../terminal/style.ts";
import type { Texts } from "../texts/texts.ts";

/** The name of this client; `Roster` implements it. */
export interface OwnIdentity {
  /** This client's own name, once known. */
  readonly own: string | undefined;
  /** The server gave or took that name, so messages under it are this client's own. */
  readonly isConfirmed: boolean;
}

/** What rendering depends on besides the event. */
export interface EventView {
  readonly style: Style;
  readonly self: OwnIdentity;
  /** The time shown for an event without one, and the day that counts as today. */
  readonly now: Date;
  readonly texts: Texts;
}

/** The event as one or more lines, without a trailing newline; "" if it is not shown. */
export function renderEvent(event: ServerEvent, view: EventView): string {
  switch (event.type) {
    case "message":
      // Own messages stand where they were typed: an echo would show them twice (D5).
      if (event.replay) return view.style.dim(showMessage(event, { ...view, style: PLAIN }));
      return isOwn(event, view.self) ? "" : showMessage(event, view);
    case "history":
      if (event.messages.length === 0) {
        return renderNotice(describeEvent(event, view.texts.events), view);
      }
      return event.messages.map((message) => showMessage(message, view)).join("\n");
    case "ack":
      // The message itself was shown when typed; only that there was no recipient is news.
      return event.recipients === 0
        ? renderNotice(describeEvent(event, view.texts.events), view)
        : "";
    case "joined":
    case "left":
    case "presence":
    case "renamed":
      return clock("", view) + view.style.dim(marked(describeEvent(event, view.texts.events)));
    case "shutdown":
      return clock("", view) + view.style.yellow(marked(describeEvent(event, view.texts.events)));
    case "error":
      return event.message.split("\n")
        .map((line, at) => view.style.red(at === 0 ? `-! ${line}` : `   ${line}`)).join("\n");
    case "pong":
    case "closed": // shown at the end, with the remedy
      return "";
    case "greeting":
    case "welcome":
    case "gap":
    case "you":
    case "who":
    case "groups":
    case "help":
    case "notice":
      return renderNotice(describeEvent(event, view.texts.events), view);
    default:
      event satisfies never;
      return "";
  }
}

/** A line of the client itself, such as an answer to a command. */
export function renderNotice(text: string, { style }: Pick<EventView, "style">): string {
  return text.split("\n").map((line, at) => style.dim(at === 0 ? marked(line) : `   ${line}`))
    .join("\n");
}

/** Whether the event rings the bell: a private message, or one that mentions this name. */
export function ringsBell(event: ServerEvent, self: OwnIdentity): boolean {
  const { own } = self;
  if (event.type !== "message" || event.replay || own === undefined || isOwn(event, self)) {
    return false;
  }
  return event.to?.startsWith("@") === true || mentionOf(own).test(event.text);
}

/** For a line that is dim as a whole: a colour inside would end the dim style. */
const PLAIN = terminalStyle({ enabled: false });

function isOwn({ from }: MessageEvent, { own, isConfirmed }: OwnIdentity): boolean {
  return isConfirmed && from === own;
}

function marked(text: string): string {
  return `-- ${text}`;
}

function showMessage(event: MessageEvent, view: EventView): string {
  const { style, self: { own } } = view;
  const mine = isOwn(event, view.self);
  const text = mine || own === undefined ? event.text : event.text.replace(
    mentionOf(own),
    (found) => style.bold(style.yellow(found)),
  );
  const who = mine ? style.bold(event.from) : style.name(event.from);
  const sender = who + recipient(event, view);
  return clock(event.at, view) + spoken(event, sender, text);
}

/**
 * The recipient, "" for everyone: `@cooks`, ` (private)`, and ` to bob (private)` for own messages.
 */
function recipient(event: MessageEvent, { style, self, texts: { events } }: EventView): string {
  if (event.to === undefined) return "";
  if (isOwn(event, self) && event.to.startsWith("@")) {
    const both = events.privateTo(event.from, event.to.slice(1));
    return style.magenta(both.slice(event.from.length));
  }
  return style.magenta(speaker(event, events).slice(event.from.length));
}

/** Matches the name as a whole word, in any letter case. */
function mentionOf(name: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}_.-])${RegExp.escape(name)}(?![\\p{L}\\p{N}_-])`, "giu");
}

/** The time before a line, `12:34 `, with the day unless it is today; in the local time zone. */
function clock(at: string, { style, now, texts }: EventView): string {
  const time = new Date(at);
  const shown = Number.isNaN(time.getTime()) ? now : time;
  const digits = (value: number): string => String(value).padStart(2, "0");
  const isToday = shown.toDateString() === now.toDateString();
  const day = isToday ? "" : `${texts.client.date(shown.getDate(), shown.getMonth())} `;
  return style.dim(`${day}${digits(shown.getHours())}:${digits(shown.getMinutes())}`) + " ";
}
