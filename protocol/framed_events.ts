// How a server of `framed` writes events: frames in its client's layout, `ok` for each message received.
// The rest of the dialect is in framed.ts.

import { perLanguage } from "../texts/per_language.ts";
import type { EventTexts, Texts } from "../texts/texts.ts";
import type { BlockWriter } from "./block.ts";
import type { Encoder } from "./dialect.ts";
import type { ServerEvent } from "./events.ts";
import { type Failure, NOT_STORED_CODES, SECRET_CODES } from "./failures.ts";
import { frame, type Layout, LAYOUTS, type Nature } from "./frames.ts";
import { countdownText, describeEvent, describeMessage } from "./describe_event.ts";

const MESSAGE: Nature = 1;

/** Every encoder there is: connections in one layout share theirs. */
const serverEncoders = perLanguage(({ events }) =>
  LAYOUTS.flatMap((layout) =>
    [false, true].map((notices) => ({
      layout,
      notices,
      encoder: {
        encode: (event, out) => encodeEvent(event, out, { layout, notices, events }),
      } satisfies Encoder<ServerEvent>,
    }))
  )
);

/** The encoder of a server that has found out its client's layout; the same one for the same layout. */
export function serverEncoder(
  layout: Layout,
  notices: boolean,
  texts: Texts,
): Encoder<ServerEvent> {
  const found = serverEncoders(texts).find((row) =>
    row.notices === notices && row.layout.headerBytes === layout.headerBytes &&
    row.layout.littleEndian === layout.littleEndian
  );
  if (found === undefined) throw new RangeError(`No such layout: "${layout.headerBytes}"`);
  return found.encoder;
}

const OK = new TextEncoder().encode("ok");

function encodeEvent(
  event: ServerEvent,
  out: BlockWriter,
  { layout, notices, events }: { layout: Layout; notices: boolean; events: EventTexts },
): void {
  const tell = (text: string): void => out.bytes(frame(layout, MESSAGE, text));
  switch (event.type) {
    case "message":
      return tell(describeMessage(event, events));
    case "ack":
      return out.bytes(OK);
    case "shutdown":
      return tell(`server: ${countdownText(event.in, events)}`);
    case "closed":
      return event.reason === "bye" ? undefined : tell(`server: ${events.goodbye(event.text)}`);
    case "history":
      return event.messages.forEach((message) => tell(describeMessage(message, events)));
    case "error":
      // Whoever is closed for its bytes, or not heard at all, is told why; the rest on request (D17).
      if (notices || TOLD.has(event.code)) {
        tell(`server: ${event.message}`);
      }
      return;
    case "welcome": // without the list of people: it would not fit a small program's buffer
      if (notices) tell(`server: ${events.youAre(event.name)}`);
      return;
    case "joined":
    case "left":
    case "presence":
    case "renamed":
    case "notice":
      if (notices) tell(`server: ${describeEvent(event, events)}`);
      return;
    case "greeting":
    case "gap":
    case "you":
    case "who":
    case "groups":
    case "help":
    case "pong":
      return; // nothing in this dialect asks for them
    default:
      event satisfies never;
  }
}

const TOLD: ReadonlySet<string> = new Set<Failure["code"]>([
  ...NOT_STORED_CODES,
  ...SECRET_CODES,
  "bad_frame",
  "binary_input",
]);
