// The operations of clients and operator in the model test.

import type { DialectName } from "../../protocol/dialect.ts";

/** One operation. `slot` is a place that clients take one after the other. */
export type Operation =
  | { does: "connect"; slot: number; dialect: DialectName; name: string }
  | { does: "say"; slot: number; text: string; to?: { sigil: "@" | "#"; name: string } }
  | { does: "reply"; slot: number; text: string }
  | { does: "rename"; slot: number; name: string }
  | { does: "join" | "leave"; slot: number; group: string }
  | { does: "history"; slot: number; limit: number }
  | { does: "who" | "groups" | "bye" | "end" | "cut" | "stall" | "read"; slot: number }
  | { does: "kick" | "ban"; name: string; reason: string }
  | { does: "mute" | "unmute"; name: string }
  | { does: "wall"; text: string };
