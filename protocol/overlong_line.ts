// A client received a line over the cap: the connection ends, since the rest of the stream cannot
// be trusted.

import type { Texts } from "../texts/texts.ts";
import type { ServerEvent } from "./events.ts";
import type { Failure } from "./failures.ts";

/** The last event of a connection whose server sent a line over the cap, which `failure` names. */
export function overlongLineEvent(failure: Failure, texts: Texts): ServerEvent {
  return {
    type: "closed",
    reason: "line_too_long",
    text: texts.refusals.serverLineRefused(failure.text(texts.refusals)),
  };
}
