// Renders a refusal as the `error` event for a peer, in the peer's language.

import type { Texts } from "../texts/texts.ts";
import type { ErrorEvent } from "./events.ts";
import type { Failure } from "./failures.ts";
import { type Ref, withRef } from "./requests.ts";

/** The event that refuses a request; `ref` is the request's, if it had one. */
export function refusalEvent(
  { code, text }: Failure,
  { refusals }: Pick<Texts, "refusals">,
  ref?: Ref,
): ErrorEvent {
  return { type: "error", code, message: text(refusals), ...withRef(ref) };
}
