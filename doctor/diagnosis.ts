// The result of one check of the machine: verdict, finding and remedy. Pure.

/** `warn`: a server would run, but not as well as it could; `fail`: it would not run. */
export type DiagnosisLevel = "ok" | "warn" | "fail";

/** The result of one check. */
export interface Diagnosis {
  /** A stable name, such as `port`. */
  readonly id: string;
  readonly verdict: DiagnosisLevel;
  /** The finding, as one line, safe to print. */
  readonly found: string;
  /** What to do about it; absent only with `ok`. */
  readonly remedy?: string;
}

/** A check that passed. */
export function passing(id: string, found: string): Diagnosis {
  return { id, verdict: "ok", found };
}

/** A finding with which a server would run, but not as well as it could. */
export function warning(id: string, found: string, remedy: string): Diagnosis {
  return { id, verdict: "warn", found, remedy };
}

/** A finding with which a server would not run. */
export function failing(id: string, found: string, remedy: string): Diagnosis {
  return { id, verdict: "fail", found, remedy };
}
