// Which engine a server's TLS runs on: the one that needs nothing but the socket, where the runtime has
// it.

import { Server as TlsServer } from "node:tls";
import type { KeyPair, TlsEngine } from "./engine.ts";
import { LoopbackEngine, type LoopbackLimits } from "./loopback_engine.ts";
import { NodeEngine } from "./node_engine.ts";

/** Opens an engine with that certificate; throws for a pair it cannot use. */
export function openEngine(pair: KeyPair, limits: LoopbackLimits): TlsEngine {
  // What came into the runtime together with servers over streams.
  const overStreams = "setSecureContext" in TlsServer.prototype;
  const engine = overStreams ? new NodeEngine() : new LoopbackEngine(limits);
  engine.use(pair);
  return engine;
}
