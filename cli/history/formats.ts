// Formats messages as text, Markdown or JSON Lines; control characters and markup in them are
// escaped. Pure.

import type { MessageEvent } from "../../protocol/events.ts";
import { visible } from "../../protocol/sanitize.ts";
import { speakerAndListener, spoken } from "../../protocol/describe_event.ts";
import type { EventTexts } from "../../texts/texts.ts";

/** Formats messages one by one: one or more lines each, with their line ends. */
export type Formatter = (message: MessageEvent) => string;

/** Makers of a formatter for one document; `md` begins a new section each day. */
const FORMATS = {
  text: (texts: EventTexts) => (message: MessageEvent) => textOf(message, texts),
  md: (texts: EventTexts) => markdown(texts),
  json: () => (message: MessageEvent) => JSON.stringify(message) + "\n",
} as const satisfies Record<string, (texts: EventTexts) => Formatter>;

/** The name of a format. */
export type HistoryFormat = keyof typeof FORMATS;

/** The names of all formats. */
export const FORMAT_NAMES: readonly HistoryFormat[] = Object.keys(FORMATS) as HistoryFormat[];

/** Makes a formatter for one document. */
export function formatterFor(format: HistoryFormat, texts: EventTexts): Formatter {
  const write = FORMATS[format](texts);
  return (message) => write(safe(message));
}

/** Sanitises a message again, since another program may have written the file. */
function safe(message: MessageEvent): MessageEvent {
  const { from, to, text } = message;
  return {
    ...message,
    from: visible(from),
    ...(to === undefined ? {} : { to: visible(to) }),
    text: visible(text),
  };
}

function textOf(message: MessageEvent, texts: EventTexts): string {
  const { date, clock, zone } = localTime(message.at);
  const who = speakerAndListener(message, texts);
  return `${date} ${clock}${zone} ${spoken(message, who)}\n`;
}

function markdown(texts: EventTexts): Formatter {
  let section = "";
  return (message) => {
    const { date, clock, zone } = localTime(message.at);
    const title = `${date} (UTC${zone})`; // the zone changes with daylight saving, also within a day
    const heading = title === section ? "" : `${section === "" ? "" : "\n"}## ${title}\n\n`;
    section = title;
    const who = `**${escaped(speakerAndListener(message, texts))}**`;
    const text = escaped(message.text.trim());
    return `${heading}- ${clock} ${message.action ? `\\* ${who} ${text}` : `${who}: ${text}`}\n`;
  };
}

/**
 * Escapes text for the middle of a Markdown line. Addresses do not become links, since a link would
 * include the escaped characters after it.
 */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>&~|$@]|:(?=\/\/)|(?<=www)\./gi, "\\$&");
}

/** A time as people read it. */
export interface LocalTime {
  /** Such as `2026-11-22`. */
  readonly date: string;
  /** Such as `09:05:07`. */
  readonly clock: string;
  /** The zone's offset from UTC at that time, such as `+01:00` (RFC 3339, section 5.6). */
  readonly zone: string;
}

/** An RFC 3339 time in the local time zone. */
export function localTime(at: string): LocalTime {
  const time = new Date(at);
  const two = (value: number): string => String(value).padStart(2, "0");
  const offset = -time.getTimezoneOffset();
  const ahead = Math.abs(offset);
  return {
    date: `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`,
    clock: [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(":"),
    zone: `${offset < 0 ? "-" : "+"}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`,
  };
}
