// Encodes the events of a server of `framed`: frames in its client's layout, `ok` for each message
// received. The rest of the dialect is in framed.ts.

import { perLanguage } from "../texts/per_language.ts";
import type { EventTexts, Texts } from "../texts/texts.ts";
import type { BlockWriter } from "./block.ts";
import type { Encoder } from "./dialect.ts";
import type { ServerEvent } from "./events.ts";
import { type Failure, NOT_STORED_CODES, SECRET_CODES } from "./failures.ts";
import { type FrameLayout, layoutKey, longestPayload } from "./frame_layouts.ts";
import { frame, framesOf, type Nature } from "./frames.ts";
import { countdownText, describeEvent, describeMessage } from "./describe_event.ts";

const MESSAGE: Nature = 1;

/** What decides how a client is answered. */
export interface FramedAnswers {
  readonly layout: FrameLayout;
  readonly notices: boolean;
  /** Whether each frame holds an event of native. */
  readonly speaksJson: boolean;
}

/** All encoders: connections with the same layout and settings share one. */
const serverEncoders = perLanguage(({ events }) => {
  const made = new Map<string, Encoder<ServerEvent>>();
  return (answers: FramedAnswers): Encoder<ServerEvent> => {
    const { layout, notices, speaksJson } = answers;
    const key = `${layoutKey(layout)} ${notices} ${speaksJson}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const encoder: Encoder<ServerEvent> = speaksJson
      ? { encode: (event, out) => encodeJson(event, out, layout) }
      : { encode: (event, out) => encodeEvent(event, out, { layout, notices, events }) };
    made.set(key, encoder);
    return encoder;
  };
});

/** The shared encoder for these answers. */
export function serverEncoder(answers: FramedAnswers, texts: Texts): Encoder<ServerEvent> {
  return serverEncoders(texts)(answers);
}

/** Writes an event of native, unless the header has no room for its length. */
function encodeJson(event: ServerEvent, out: BlockWriter, layout: FrameLayout): void {
  if (event.type === "greeting") return;
  const bytes = frame(layout, MESSAGE, JSON.stringify(event));
  if (bytes.length - layout.headerBytes <= longestPayload(layout)) out.bytes(bytes);
}

const OK = new TextEncoder().encode("ok");

function encodeEvent(
  event: ServerEvent,
  out: BlockWriter,
  { layout, notices, events }: { layout: FrameLayout; notices: boolean; events: EventTexts },
): void {
  // In a layout of no sheet there is no `ok`, and a client may wait for an answer to its name.
  const isOfSheet = layout.shape === undefined;
  const send = (text: string): void =>
    framesOf(layout, MESSAGE, text).forEach((bytes) => out.bytes(bytes));
  switch (event.type) {
    case "message":
      return send(describeMessage(event, events));
    case "ack":
      return isOfSheet ? out.bytes(OK) : undefined;
    case "shutdown":
      return send(`server: ${countdownText(event.in, events)}`);
    case "closed":
      return event.reason === "bye" ? undefined : send(`server: ${events.goodbye(event.text)}`);
    case "history":
      return event.messages.forEach((message) => send(describeMessage(message, events)));
    case "error":
      // Refusals that close the connection, or concern storage or secrets, are always sent; others
      // only with notices (D17), which sheet 000 does not have.
      if (notices || !isOfSheet || ALWAYS_SENT.has(event.code)) {
        send(`server: ${event.message}`);
      }
      return;
    case "welcome": // without the list of members, which would not fit a small program's buffer
      if (notices || !isOfSheet) send(`server: ${events.youAre(event.name)}`);
      return;
    case "joined":
    case "left":
    case "presence":
    case "renamed":
    case "notice":
      if (notices) send(`server: ${describeEvent(event, events)}`);
      return;
    case "greeting":
    case "gap":
    case "you":
    case "who":
    case "groups":
    case "help":
    case "pong":
      return; // this dialect has no request for them
    default:
      event satisfies never;
  }
}

const ALWAYS_SENT: ReadonlySet<string> = new Set<Failure["code"]>([
  ...NOT_STORED_CODES,
  ...SECRET_CODES,
  "bad_frame",
  "binary_input",
]);
