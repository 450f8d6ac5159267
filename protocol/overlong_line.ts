// What a client makes of a server's line that is too long: the end, for nothing behind it can be
// trusted. Pure.

import type { Texts } from "../texts/texts.ts";
import type { ServerEvent } from "./events.ts";
import type { Failure } from "./failures.ts";

/** The last event of a connection whose server sent too long a line; `failure` says how long it may be. */
export function overlongLineEvent(failure: Failure, texts: Texts): ServerEvent {
  return {
    type: "closed",
    reason: "line_too_long",
    text: texts.refusals.serverLineRefused(failure.text(texts.refusals)),
  };
}
