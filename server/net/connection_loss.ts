// Maps the error of a failed read or write to the reason why the connection was lost. Pure.

import type { CloseReason } from "../../protocol/failures.ts";

/** Reasons for a lost connection. */
export type ConnectionLoss = Extract<CloseReason, "reset" | "timeout">;

/** `timeout` if the client's machine no longer answers, else `reset`. */
export function connectionLoss(problem: unknown): ConnectionLoss {
  const isSilent = problem instanceof Deno.errors.TimedOut ||
    problem instanceof Deno.errors.NetworkUnreachable;
  return isSilent ? "timeout" : "reset";
}
