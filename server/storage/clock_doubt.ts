// Decides whether the system's clock and the history contradict each other: then old messages are
// kept until the operator confirms the clock. Pure.

import { BELIEVED_MS } from "./age_clock.ts";

/** How the clock contradicts the history. */
export interface ClockDoubt {
  /**
   * `ahead`: by the clock messages have expired that were not seen to age; `back`: the newest
   * message is dated in the future.
   */
  readonly kind: "ahead" | "back";
  /** By how much, in milliseconds. */
  readonly ms: number;
}

/** The facts; times in milliseconds since the epoch. */
export interface DoubtFacts {
  readonly now: number;
  /** When the oldest and the newest message were sent; undefined if there are none. */
  readonly oldest: number | undefined;
  readonly newest: number | undefined;
  /** How long messages are kept, in milliseconds. */
  readonly retainMs: number;
  /** By how much the clock has jumped forward, unconfirmed. */
  readonly jumpMs: number;
}

/** The contradiction, after a round of purging; differences of a day are none. */
export function clockDoubt(facts: DoubtFacts): ClockDoubt | undefined {
  const { now, oldest = now, newest = now, retainMs, jumpMs } = facts;
  if (newest - now > BELIEVED_MS) return { kind: "back", ms: newest - now };
  const overdue = now - retainMs - oldest;
  if (overdue <= BELIEVED_MS) return undefined;
  return { kind: "ahead", ms: Math.max(jumpMs, overdue) };
}
