// The one place where what a server sends is made safe to show: somebody else's server may send
// anything. Pure; knows no event in particular.

import type { ServerEvent } from "../protocol/events.ts";
import { visible } from "../protocol/sanitize.ts";

/** Deepest nesting kept: events need four levels, and a hostile one must not exhaust the stack. */
const MAX_DEPTH = 8;

/**
 * The same event with every string, field names included, made {@linkcode visible}. Only what the
 * server itself says to this client keeps its lines, each made safe: an order's answer is a table.
 */
export function sanitizeEvent(event: ServerEvent): ServerEvent {
  const made = safe(event, MAX_DEPTH) as ServerEvent;
  if (event.type === "notice") return { ...made, text: safeLines(event.text) } as ServerEvent;
  if (event.type === "error") return { ...made, message: safeLines(event.message) } as ServerEvent;
  return made;
}

function safeLines(text: string): string {
  return text.split("\n").map(visible).join("\n");
}

function safe(value: unknown, depth: number): unknown {
  if (typeof value === "string") return visible(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth === 0) return null;
  if (Array.isArray(value)) return value.map((item) => safe(item, depth - 1));
  // Not by assignment: a field named __proto__ must stay a field.
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [visible(key), safe(item, depth - 1)]),
  );
}
