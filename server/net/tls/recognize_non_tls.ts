// What the first bytes on a port for TLS are, in words for the operator's log. Pure.

import { EN } from "../../../texts/en.ts";
import { detect } from "../../../protocol/detect.ts";

/** The record type every TLS connection begins with (RFC 8446, 5.1). */
const HANDSHAKE_RECORD = 0x16;

/** Whether `head`, at least one byte, begins a TLS handshake. */
export function isTls(head: Uint8Array): boolean {
  return head[0] === HANDSHAKE_RECORD;
}

/** What else it is: a protocol's name, or plain text, or bytes. */
export function describeNonTls(head: Uint8Array): string {
  const detected = detect(head, true);
  switch (detected.kind) {
    case "dialect":
      return `${detected.dialect.name} without TLS`;
    case "refused":
      return detected.failure.code === "unsupported_protocol"
        ? detected.failure.text(EN.refusals).split(" ", 1).join("")
        : "bytes that are neither TLS nor text";
    case "more":
      return "nothing that is known";
  }
}
