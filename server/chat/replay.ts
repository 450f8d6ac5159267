// What somebody who has just come is shown of what was said before. Pure; what was said, and to whom,
// the history knows.

import type { MessageEvent } from "../../protocol/events.ts";
import { MAX_REPLAY_CHARS } from "../../protocol/limits.ts";
import type { History } from "../history/history.ts";
import type { Peer } from "./member.ts";

/** How much is shown. */
export interface ReplayLimits {
  /** Messages at most; 0 for none. */
  readonly replayMessages: number;
}

/** Numbers looked back: in a chat that is mostly private, nobody is to search for long on joining. */
const LOOK_BACK = 1_000;

/**
 * The newest messages that were for everyone, oldest first; none where a program could not tell them
 * from new ones.
 */
export function replayFor(
  { flagsReplay }: Pick<Peer, "flagsReplay">,
  history: History,
  { replayMessages: limit }: ReplayLimits,
): MessageEvent[] {
  if (limit === 0 || !flagsReplay) return [];
  const since = Math.max(0, history.lastSeq - LOOK_BACK);
  const visible = ({ kind }: { kind: string }): boolean => kind === "everyone";
  const { messages } = history.newest({ since, limit, chars: MAX_REPLAY_CHARS, visible });
  return asReplay(messages);
}

/** The same messages, marked as coming from the history. */
export function asReplay(messages: readonly MessageEvent[]): MessageEvent[] {
  return messages.map((message) => ({ ...message, replay: true }));
}
