// What a client makes of a server's line that is too long: the end, for nothing behind it can be
// trusted. Pure.

import type { ServerEvent } from "./events.ts";
import type { Failure } from "./failures.ts";

/** The last event of a connection whose server sent too long a line; `failure` says how long it may be. */
export function overlong({ message }: Failure): ServerEvent {
  return { type: "closed", reason: "line_too_long", text: `its line was refused (${message})` };
}
