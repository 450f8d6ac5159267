// Messages as a document: text, Markdown, JSON Lines. Whatever is in the file, nothing of it moves a
// cursor or becomes markup. Pure.

import { EN } from "../../texts/en.ts";
import type { MessageEvent } from "../../protocol/events.ts";
import { visible } from "../../protocol/sanitize.ts";
import { speakerAndListener } from "../../protocol/describe_event.ts";

/** Writes messages one by one; a line or several for each, with their ends. */
export type Formatter = (message: MessageEvent) => string;

/** Makes a formatter for one document: some begin a new section each day. */
const FORMATS = {
  text: () => textOf,
  md: () => markdown(),
  json: () => (message: MessageEvent) => JSON.stringify(message) + "\n",
} as const satisfies Record<string, () => Formatter>;

/** The name of a format. */
export type HistoryFormat = keyof typeof FORMATS;

/** The formats there are. */
export const FORMAT_NAMES: readonly HistoryFormat[] = Object.keys(FORMATS) as HistoryFormat[];

/** A formatter for one document. */
export function formatterFor(format: HistoryFormat): Formatter {
  const write = FORMATS[format]();
  return (message) => write(safe(message));
}

/** What the server has made safe is left as it is; a file may have been written by others. */
function safe(message: MessageEvent): MessageEvent {
  const { from, to, text } = message;
  return {
    ...message,
    from: visible(from),
    ...(to === undefined ? {} : { to: visible(to) }),
    text: visible(text),
  };
}

function textOf(message: MessageEvent): string {
  const { date, clock } = localTime(message.at);
  const who = speakerAndListener(message, EN.events);
  const said = message.action ? `* ${who} ${message.text}` : `${who}: ${message.text}`;
  return `${date} ${clock} ${said}\n`;
}

function markdown(): Formatter {
  let day = "";
  return (message) => {
    const { date, clock } = localTime(message.at);
    const heading = date === day ? "" : `${day === "" ? "" : "\n"}## ${date}\n\n`;
    day = date;
    const who = `**${escaped(speakerAndListener(message, EN.events))}**`;
    const text = escaped(message.text.trim());
    return `${heading}- ${clock} ${message.action ? `\\* ${who} ${text}` : `${who}: ${text}`}\n`;
  };
}

/**
 * Text that Markdown shows as it is in the middle of a line. Addresses are no links: where one began,
 * what is escaped behind it would be taken for a part of it.
 */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>&~|$@]|:(?=\/\/)|(?<=www)\./gi, "\\$&");
}

/** The date and the time of day of an RFC 3339 time, where this program runs. */
export function localTime(at: string): { readonly date: string; readonly clock: string } {
  const time = new Date(at);
  const two = (value: number): string => String(value).padStart(2, "0");
  return {
    date: `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`,
    clock: [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(":"),
  };
}
