// The result of a check of a server or a client: one finding for each requirement, with a
// transcript of the bytes that show it. Pure.

/** Bytes that crossed the wire, or text at a program's standard input and output, in order. */
export interface Exchange {
  /** The sender: `us` is the check, `them` the program under check. */
  readonly by: "us" | "them";
  /** The connection or stream: `alice`, `bob`, `stdin`, `stdout`. */
  readonly on: string;
  /** Empty for the end of that side (closed or half-closed), and for an event. */
  readonly bytes: Uint8Array;
  /** An event instead of bytes: the end was a reset, or a signal was sent. */
  readonly event?: "reset" | "SIGINT" | "SIGTERM";
}

/** What a check shows; known before it runs. */
export interface Check {
  /** Short and stable, for scripts: `split-header`. */
  readonly id: string;
  /** The requirements that it shows: `R21`, `D3`. */
  readonly sources: readonly string[];
  /** What a correct program does, without a full stop: `Reads a frame that is cut in its header`. */
  readonly title: string;
  /**
   * `required`: in the sheet; a failure makes the exit code 1. `advised`: the sheet leaves it open; a
   * failure is a warning.
   */
  readonly level: "required" | "advised";
}

/** How a check ended. */
export type CheckVerdict =
  | { readonly kind: "pass" }
  | {
    readonly kind: "fail";
    /** What should have come: `MSG ana hello\n within 2 s`. */
    readonly expected: string;
    /** What came instead: `nothing`, `the connection was closed`, or the bytes as text. */
    readonly received: string;
    /** The likely bug and how to fix it: `A short read is taken for a whole message: read until ...`. */
    readonly hint: string;
    /** The hint is a guess: it fits what came, but no byte proves it. */
    readonly isLikely?: true;
  }
  /** Not tried, or its result could not be seen. */
  | { readonly kind: "skip"; readonly because: string };

/** A check that ran. */
export interface Finding {
  readonly check: Check;
  readonly verdict: CheckVerdict;
  /** All exchanges during the check, oldest first; empty if it was skipped. */
  readonly transcript: readonly Exchange[];
  /** Duration in milliseconds. */
  readonly took: number;
}

/** Whether the program passes: no required check failed, and at least one passed. */
export function passes(findings: readonly Finding[]): boolean {
  const required = findings.filter(({ check }) => check.level === "required");
  return required.some(({ verdict }) => verdict.kind === "pass") &&
    required.every(({ verdict }) => verdict.kind !== "fail");
}
