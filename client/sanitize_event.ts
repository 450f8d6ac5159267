// Makes events safe to show on a terminal: the only place where a client does so, since a server
// may send anything. Pure.

import type { ServerEvent } from "../protocol/events.ts";
import { undecorated, visible } from "../protocol/sanitize.ts";

/** Deepest nesting kept: events need four levels, and a hostile one must not overflow the stack. */
const MAX_DEPTH = 8;

/**
 * The same event with every string, field names included, made {@linkcode visible} and without
 * colours. Notices and
 * errors keep their line ends, since the answer to an operator's command is a table; each of their
 * lines is made visible.
 */
export function sanitizeEvent(event: ServerEvent): ServerEvent {
  const made = safe(event, MAX_DEPTH) as ServerEvent;
  if (event.type === "notice") return { ...made, text: safeLines(event.text) } as ServerEvent;
  if (event.type === "error") return { ...made, message: safeLines(event.message) } as ServerEvent;
  return made;
}

function safeLines(text: string): string {
  return text.split("\n").map(shown).join("\n");
}

/** A text of another program's server may have colours: they are left out. */
function shown(text: string): string {
  return visible(undecorated(text));
}

function safe(value: unknown, depth: number): unknown {
  if (typeof value === "string") return shown(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth === 0) return null;
  if (Array.isArray(value)) return value.map((item) => safe(item, depth - 1));
  // Not by assignment: a field named __proto__ must stay a field.
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [visible(key), safe(item, depth - 1)]),
  );
}
