// What a server says about its history when it starts: where it is, how much, for how long. Pure.

import { visible } from "../../protocol/sanitize.ts";
import { durationText } from "../../shared/duration.ts";
import type { HistoryDirectory } from "../history_directory.ts";

/** What is announced of a history. */
export interface HistoryAnnouncement {
  readonly place: HistoryDirectory;
  /** How long messages are kept, in milliseconds. */
  readonly retainMs: number;
  /** Messages it has. */
  readonly messages: number;
}

/** One line for people. */
export function historyLine({ place, retainMs, messages }: HistoryAnnouncement): string {
  if (place.kind === "memory") return `History: in memory only (${place.why})`;
  const count = `${messages.toLocaleString("en")} message${messages === 1 ? "" : "s"}`;
  const age = retainMs === Infinity ? "for good" : durationText(retainMs);
  return `History: ${visible(place.directory)}, ${count}, kept ${age}`;
}

/** The same for programs: `null` where nothing outlives the server. */
export function historyJson(
  { place, retainMs, messages }: HistoryAnnouncement,
): Record<string, unknown> | null {
  if (place.kind === "memory") return null;
  const retainSeconds = retainMs === Infinity ? null : retainMs / 1000;
  return { directory: place.directory, messages, retainSeconds };
}
