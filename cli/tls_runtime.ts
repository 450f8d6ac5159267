// Checks whether the runtime supports TLS as `serve` and `connect` need it. Deno before 2.9 does
// not; executables compiled for tests (tools/denort.ts) may contain one.

import { Server } from "node:tls";
import type { Problem } from "../protocol/problem.ts";

/**
 * Returns a problem if this runtime has no TLS, else undefined. `setSecureContext` was added in the same
 * release as TLS servers over a stream and clients that verify the server's key.
 */
export function tlsUnavailable(
  prototype: object = Server.prototype,
): Problem | undefined {
  if ("setSecureContext" in prototype) return undefined;
  return { error: `No TLS: it needs Deno 2.9 or later, and this runs on ${Deno.version.deno}` };
}
