// Whether the runtime can do TLS as `serve` and `connect` need it. Deno before 2.9 cannot, which
// `deno task compile` builds executables for testing with (tools/denort.ts).

import { Server } from "node:tls";
import type { Problem } from "../protocol/problem.ts";

/**
 * Why TLS is not possible with this runtime; undefined if it is. `setSecureContext` came in the same
 * release as TLS servers over a stream and clients that make a server prove that it has its key.
 */
export function tlsUnavailable(
  prototype: object = Server.prototype,
): Problem | undefined {
  if ("setSecureContext" in prototype) return undefined;
  return { error: `No TLS: it needs Deno 2.9 or later, and this runs on ${Deno.version.deno}` };
}
