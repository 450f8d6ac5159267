// What an examination finds: one thing looked at, how it is, and what helps. Pure.

/** `warn`: a server would run, but not as well as it could; `fail`: it would not. */
export type Verdict = "ok" | "warn" | "fail";

/** One thing that was looked at. */
export interface Finding {
  /** Stable, such as `port`. */
  readonly id: string;
  readonly verdict: Verdict;
  /** What is there, as one sentence, safe to print. */
  readonly found: string;
  /** What to do about it; always there when it is not `ok`. */
  readonly remedy?: string;
}

/** All is well. */
export function ok(id: string, found: string): Finding {
  return { id, verdict: "ok", found };
}

/** It would work, but not as well as it could. */
export function warn(id: string, found: string, remedy: string): Finding {
  return { id, verdict: "warn", found, remedy };
}

/** It would not work. */
export function fail(id: string, found: string, remedy: string): Finding {
  return { id, verdict: "fail", found, remedy };
}
