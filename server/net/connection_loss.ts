// How a connection was lost, by what the system said to a read or a write. Pure.

import type { CloseReason } from "../../protocol/failures.ts";

/** What a connection may be lost by. */
export type ConnectionLoss = Extract<CloseReason, "reset" | "timeout">;

/** A machine that no longer answers is told from one whose program has gone. */
export function connectionLoss(problem: unknown): ConnectionLoss {
  const isSilent = problem instanceof Deno.errors.TimedOut ||
    problem instanceof Deno.errors.NetworkUnreachable;
  return isSilent ? "timeout" : "reset";
}
