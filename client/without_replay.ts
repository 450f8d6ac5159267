// A dialect that does not tell what was said before: for scripts, which must not act on it. It knows no
// connection.

import type { Dialect } from "../protocol/dialect.ts";
import type { ServerEvent } from "../protocol/events.ts";

/**
 * The same dialect for a client who wants none of what was said before it came. Of later connections it
 * gets what is marked as replay: it was away then, and that may be what it has missed.
 */
export function withoutReplay<Spoken extends Pick<Dialect, "client">>(dialect: Spoken): Spoken {
  let hasCome = false;
  const client: Dialect["client"] = (options) => {
    const codec = dialect.client(options);
    const isFirst = !hasCome;
    const only = (emit: (event: ServerEvent) => void) => (event: ServerEvent): void => {
      if (event.type === "welcome") hasCome = true;
      if (!isFirst) return emit(event);
      if (event.type === "message" && event.replay) return;
      emit(event.type === "welcome" ? withoutCount(event) : event);
    };
    return {
      decoder: {
        feed: (chunk, emit) => codec.decoder.feed(chunk, only(emit)),
        end: (emit) => codec.decoder.end(only(emit)),
      },
      get encoder() {
        return codec.encoder;
      },
    };
  };
  return { ...dialect, client };
}

function withoutCount({ replay: _, ...welcome }: ServerEvent & { type: "welcome" }): ServerEvent {
  return welcome;
}
