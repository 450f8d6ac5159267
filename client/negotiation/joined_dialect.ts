// Wraps a dialect whose server was given the name before the chat began, so that it is not given it
// twice.

import { BlockWriter } from "../../protocol/block.ts";
import type { Codec, Dialect } from "../../protocol/dialect.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import type { Request } from "../../protocol/requests.ts";

/** The same dialect without the `hello` of its first connection. */
export function withoutHello(dialect: Dialect): Dialect {
  let isFirst = true;
  const client: Dialect["client"] = (options) => {
    const codec = dialect.client(options);
    if (!isFirst) return codec;
    isFirst = false;
    return { decoder: codec.decoder, encoder: silentlyJoining(codec) };
  };
  return { ...dialect, client };
}

function silentlyJoining(
  codec: Codec<ServerEvent, Request>,
): Codec<ServerEvent, Request>["encoder"] {
  return {
    encode(request, out) {
      // The codec takes the name from it; its bytes were sent before.
      const target = request.verb === "hello" ? new BlockWriter(1024) : out;
      if (target !== out) target.begin();
      codec.encoder.encode(request, target);
    },
  };
}
