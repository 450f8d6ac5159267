// What an examination finds: one thing looked at, how it is, and what helps. Pure.

/** `warn`: a server would run, but not as well as it could; `fail`: it would not. */
export type DiagnosisLevel = "ok" | "warn" | "fail";

/** One thing that was looked at. */
export interface Diagnosis {
  /** Stable, such as `port`. */
  readonly id: string;
  readonly verdict: DiagnosisLevel;
  /** What is there, as one sentence, safe to print. */
  readonly found: string;
  /** What to do about it; always there when it is not `ok`. */
  readonly remedy?: string;
}

/** All is well. */
export function passing(id: string, found: string): Diagnosis {
  return { id, verdict: "ok", found };
}

/** It would work, but not as well as it could. */
export function warning(id: string, found: string, remedy: string): Diagnosis {
  return { id, verdict: "warn", found, remedy };
}

/** It would not work. */
export function failing(id: string, found: string, remedy: string): Diagnosis {
  return { id, verdict: "fail", found, remedy };
}
