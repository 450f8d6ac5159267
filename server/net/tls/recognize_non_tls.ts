// Recognises what a client without TLS sent to a port for TLS. Pure.

import { detect } from "../../../protocol/detect.ts";

/** The type of the first record of every TLS connection (RFC 8446, 5.1). */
const HANDSHAKE_RECORD = 0x16;

/** Whether `head`, at least one byte, begins a TLS handshake. */
export function isTls(head: Uint8Array): boolean {
  return head[0] === HANDSHAKE_RECORD;
}

/** What else `head` begins, for the operator's log: a protocol, plain text or bytes. */
export function describeNonTls(head: Uint8Array): string {
  const detected = detect(head, true);
  switch (detected.kind) {
    case "dialect":
      return `${detected.dialect.name} without TLS`;
    case "refused":
      return detected.protocol ?? "bytes that are neither TLS nor text";
    case "more":
      return "nothing that is known";
  }
}
