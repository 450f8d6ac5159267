// Encodes the events of a server of `framed`: frames in its client's layout, `ok` for each message
// received. The rest of the dialect is in framed.ts.

import { perLanguage } from "../texts/per_language.ts";
import type { EventTexts, Texts } from "../texts/texts.ts";
import type { BlockWriter } from "./block.ts";
import type { Encoder } from "./dialect.ts";
import type { ServerEvent } from "./events.ts";
import { type Failure, NOT_STORED_CODES, SECRET_CODES } from "./failures.ts";
import { type FrameLayout, layoutKey } from "./frame_layouts.ts";
import { frame, type Nature } from "./frames.ts";
import { countdownText, describeEvent, describeMessage } from "./describe_event.ts";

const MESSAGE: Nature = 1;

/** All encoders: connections with the same layout and settings share one. */
const serverEncoders = perLanguage(({ events }) => {
  const made = new Map<string, Encoder<ServerEvent>>();
  return (layout: FrameLayout, notices: boolean): Encoder<ServerEvent> => {
    const key = `${layoutKey(layout)} ${notices}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const encoder: Encoder<ServerEvent> = {
      encode: (event, out) => encodeEvent(event, out, { layout, notices, events }),
    };
    made.set(key, encoder);
    return encoder;
  };
});

/** The shared encoder for one layout and one setting of `notices`. */
export function serverEncoder(
  layout: FrameLayout,
  notices: boolean,
  texts: Texts,
): Encoder<ServerEvent> {
  return serverEncoders(texts)(layout, notices);
}

const OK = new TextEncoder().encode("ok");

function encodeEvent(
  event: ServerEvent,
  out: BlockWriter,
  { layout, notices, events }: { layout: FrameLayout; notices: boolean; events: EventTexts },
): void {
  // In a layout of no sheet there is no `ok`, and a client may wait for an answer to its name.
  const isOfSheet = layout.shape === undefined;
  const send = (text: string): void => out.bytes(frame(layout, MESSAGE, text));
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
