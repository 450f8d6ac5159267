// The earlier messages that a new member is shown.

import type { MessageEvent } from "../../protocol/events.ts";
import { MAX_REPLAY_CHARS } from "../../protocol/limits.ts";
import type { History } from "../history/history.ts";
import type { Peer } from "./member.ts";

/** How many messages are replayed. */
export interface ReplayLimits {
  /** Most messages; 0 for none. */
  readonly replayMessages: number;
}

/** Message numbers searched: in a mostly private chat a join must not read many rows. */
const LOOK_BACK = 1_000;

/**
 * The newest messages for everyone, oldest first; none if the peer could not tell them from new
 * ones.
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
