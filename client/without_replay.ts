// Wraps a dialect so that messages sent before joining are left out: scripts must not act on them.

import type { Dialect } from "../protocol/dialect.ts";
import type { ServerEvent } from "../protocol/events.ts";

/**
 * The same dialect without the replay of the first connection. Later connections keep their replay:
 * it may be what was missed while the connection was lost.
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
        pause: (emit) => codec.decoder.pause?.(only(emit)),
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
