// What a chat in a pipe prints of an event: messages on standard output, the rest on standard
// error. Pure.

import { describeEvent } from "../protocol/describe_event.ts";
import type { ServerEvent } from "../protocol/events.ts";
import { visible } from "../protocol/sanitize.ts";
import type { EventTexts } from "../texts/texts.ts";

/** What a line depends on besides the event. */
export interface LineContext {
  /** This client's name: messages under it are not printed. */
  readonly own: string | undefined;
  /** The server's lines are text for people: all are standard output. */
  readonly typedCommands: boolean;
  readonly texts: EventTexts;
}

/** The line of standard output, if the event has one. */
export function outputLine(
  event: ServerEvent,
  { own, typedCommands, texts }: LineContext,
): string | undefined {
  // Own messages are left out: most dialects do not echo them (D5), so scripts see the same in all.
  if (event.type === "message" && event.from !== own) return describeEvent(event, texts);
  // One line per event: a second line could be taken for another message.
  return event.type === "notice" && typedCommands ? visible(event.text) : undefined;
}

/** The text on standard error of an event that is no message, if it has one. */
export function noticeLine(
  event: ServerEvent,
  { typedCommands, texts }: LineContext,
): string | undefined {
  switch (event.type) {
    case "message":
    case "ack":
    case "pong":
    case "closed": // printed with the end, where it matters
      return undefined;
    case "notice":
      return typedCommands ? undefined : event.text;
    default:
      return describeEvent(event, texts) || undefined; // empty for an event type of a later version
  }
}
