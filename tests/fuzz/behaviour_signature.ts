// What distinguishes one behaviour of the server from another, so that the fuzzer finds new ones.

import type { ServerEvent } from "../../protocol/events.ts";

/** The event without the values that differ each time. */
export function eventSignature(event: ServerEvent): string {
  switch (event.type) {
    case "error":
      return `${event.code} ${event.message.slice(0, 12)}`;
    case "closed":
      return `closed ${event.reason}`;
    case "history":
      return `history ${scale(event.messages.length)}`;
    case "message":
      return `message ${event.to?.[0] ?? ""}${event.action ? "*" : ""}${scale(event.text.length)}`;
    case "ack":
      return `ack ${event.to?.[0] ?? ""}${scale(event.recipients)}`;
    default:
      return event.type + ("group" in event && event.group !== undefined ? " group" : "") +
        ("ref" in event ? ` ref ${typeof event.ref}` : "");
  }
}

/** A number as its number of binary digits: 0, 1, 2, 2, 3, ... */
export function scale(count: number): number {
  return 32 - Math.clz32(count);
}
