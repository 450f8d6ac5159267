// The history's part of what `serve` prints at its start: directory, messages, retention. Pure.

import { visible } from "../../protocol/sanitize.ts";
import type { ServeTexts } from "../../texts/texts.ts";
import type { HistoryDirectory } from "../history_directory.ts";

/** A history to announce. */
export interface HistoryAnnouncement {
  readonly place: HistoryDirectory;
  /** How long messages are kept, in milliseconds. */
  readonly retainMs: number;
  /** Messages in it. */
  readonly messages: number;
}

/** One line of text. */
export function historyLine(
  { place, retainMs, messages }: HistoryAnnouncement,
  texts: ServeTexts,
): string {
  return place.kind === "memory"
    ? texts.historyInMemory(texts.inMemory[place.why])
    : texts.historyKept(visible(place.directory), messages, retainMs);
}

/** JSON; `null` for a history in memory. */
export function historyJson(
  { place, retainMs, messages }: HistoryAnnouncement,
): Record<string, unknown> | null {
  if (place.kind === "memory") return null;
  const retainSeconds = retainMs === Infinity ? null : retainMs / 1000;
  return { directory: place.directory, messages, retainSeconds };
}
