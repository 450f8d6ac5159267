// What a check finds out about somebody's program: one finding a requirement, with the bytes that show
// it. Pure: who plays the protocol is in the files of the dialects, who prints it in report files.

/** Bytes that crossed the wire, or text at a program's standard input and output, in order. */
export interface Exchange {
  /** Who wrote them: we, or the program that is checked. */
  readonly by: "us" | "them";
  /** Which connection or stream, when there are several: `alice`, `bob`, `stdin`, `stdout`. */
  readonly on: string;
  /** Empty for the end, that side has closed, or will send no more; and for an event. */
  readonly bytes: Uint8Array;
  /** What happened instead of bytes: the end was a reset, or a signal was sent. */
  readonly event?: "reset" | "SIGINT" | "SIGTERM";
}

/** What a check tries to show: fixed before it runs. */
export interface Check {
  /** Short and stable, for scripts: `split-header`. */
  readonly id: string;
  /** Where it is asked for: `R21`, `D3`, several when one check shows several. */
  readonly sources: readonly string[];
  /** What a right program does, as a sentence without a full stop: `Reads a frame whose header comes in two pieces`. */
  readonly title: string;
  /**
   * `required` is in the sheet, and a failure fails the whole check. `advised` is what the sheet
   * leaves open: a failure is told and changes no exit code.
   */
  readonly level: "required" | "advised";
}

/** How a check ended. */
export type CheckVerdict =
  | { readonly kind: "pass" }
  | {
    readonly kind: "fail";
    /** What should have come, for people: `MSG ana hello\n within 2 s`. */
    readonly expected: string;
    /** What came instead: `nothing`, `the connection was closed`, or the bytes made visible. */
    readonly received: string;
    /** The likely bug and its remedy, one sentence: `A short read is taken for a whole message: read until ...`. */
    readonly hint: string;
  }
  /** It could not be tried, because of what failed before. */
  | { readonly kind: "skip"; readonly because: string };

/** A check that ran. */
export interface Finding {
  readonly check: Check;
  readonly verdict: CheckVerdict;
  /** Everything that crossed the wire in it, oldest first; empty when it was skipped. */
  readonly transcript: readonly Exchange[];
  /** Milliseconds it took. */
  readonly took: number;
}

/** Whether the program passes: no required check failed, and at least one was tried. */
export function passes(findings: readonly Finding[]): boolean {
  const required = findings.filter(({ check }) => check.level === "required");
  return required.some(({ verdict }) => verdict.kind === "pass") &&
    required.every(({ verdict }) => verdict.kind !== "fail");
}
