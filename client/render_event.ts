// How events look on a person's terminal. Pure; the words come from protocol/describe_event.ts, the colours
// from a style, and every string of an event was made safe when it came in.

import type { MessageEvent, ServerEvent } from "../protocol/events.ts";
import { describeEvent, speaker } from "../protocol/describe_event.ts";
import { type Style, terminalStyle } from "../terminal/style.ts";
import type { Texts } from "../texts/texts.ts";

/** Who this client is; `Roster` has it. */
export interface OwnIdentity {
  /** This client's own name, once known. */
  readonly own: string | undefined;
  /** The server gave or took that name: what comes from it was said here. */
  readonly isConfirmed: boolean;
}

/** What the look of an event depends on. */
export interface EventView {
  readonly style: Style;
  readonly self: OwnIdentity;
  /** The time shown for an event that carries none. */
  readonly now: Date;
  readonly texts: Texts;
}

/** The event as one or more lines, without a trailing newline; empty for nothing to show. */
export function renderEvent(event: ServerEvent, view: EventView): string {
  switch (event.type) {
    case "message":
      // One's own words stand where they were typed: what comes back would show them twice (D5).
      if (event.replay) return view.style.dim(showMessage(event, { ...view, style: PLAIN }));
      return isOwn(event, view.self) ? "" : showMessage(event, view);
    case "history":
      if (event.messages.length === 0) {
        return renderNotice(describeEvent(event, view.texts.events), view);
      }
      return event.messages.map((message) => showMessage(message, view)).join("\n");
    case "ack":
      // The message itself comes back too: only that nobody heard it is news.
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
    case "closed": // told at the end, with what can be done
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

/** A line of the program's own, such as an answer to a command. */
export function renderNotice(text: string, { style }: Pick<EventView, "style">): string {
  return text.split("\n").map((line, at) => style.dim(at === 0 ? marked(line) : `   ${line}`))
    .join("\n");
}

/** Whether the event is worth a bell: a private message, or one that names this person. */
export function ringsBell(event: ServerEvent, self: OwnIdentity): boolean {
  const { own } = self;
  if (event.type !== "message" || event.replay || own === undefined || isOwn(event, self)) {
    return false;
  }
  return event.to?.startsWith("@") === true || mentionOf(own).test(event.text);
}

/** What is dim as a whole has no colours inside: their end would end it. */
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
  const line = event.action ? `* ${sender} ${text}` : `${sender}: ${text}`;
  return clock(event.at, view) + line;
}

/** To whom, unless to everyone: `@cooks`, ` (private)`, and for one's own words ` to bob (private)`. */
function recipient(event: MessageEvent, { style, self, texts: { events } }: EventView): string {
  if (event.to === undefined) return "";
  if (isOwn(event, self) && event.to.startsWith("@")) {
    const both = events.privateTo(event.from, event.to.slice(1));
    return style.magenta(both.slice(event.from.length));
  }
  return style.magenta(speaker(event, events).slice(event.from.length));
}

/** The name as a word of its own, in any letter case. */
function mentionOf(name: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}_.-])${RegExp.escape(name)}(?![\\p{L}\\p{N}_-])`, "giu");
}

/** The time in front of a line, `12:34 `, with the day unless it is today; in the person's own zone. */
function clock(at: string, { style, now, texts }: EventView): string {
  const time = new Date(at);
  const shown = Number.isNaN(time.getTime()) ? now : time;
  const digits = (value: number): string => String(value).padStart(2, "0");
  const isToday = shown.toDateString() === now.toDateString();
  const day = isToday ? "" : `${texts.client.date(shown.getDate(), shown.getMonth())} `;
  return style.dim(`${day}${digits(shown.getHours())}:${digits(shown.getMinutes())}`) + " ";
}
