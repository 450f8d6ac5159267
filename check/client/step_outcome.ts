// How a step of a client's check comes out, and how long it waits.

import type { Exchange } from "../finding.ts";

/** The outcome of a step: undefined if the client did as expected, so that steps chain with `??`. */
export type StepOutcome =
  | undefined
  | {
    readonly kind: "miss";
    readonly expected: string;
    readonly received: string;
    readonly hint: string;
    /** The hint is a guess: it fits what came, but no byte proves it. */
    readonly isLikely?: true;
  }
  | { readonly kind: "skip"; readonly because: string }
  /** As expected; `title` replaces the check's title and says more exactly what was seen. */
  | { readonly kind: "noted"; readonly title: string };

/** Called with all bytes that cross a connection or a standard stream, in order. */
export type Recorder = (exchange: Exchange) => void;

/** Deadlines and pauses, in milliseconds. */
export interface StepTimeouts {
  /** From the start of the client to its connection, and to its first bytes. */
  readonly startMs: number;
  /** Before a name is typed for a client that may have one already. */
  readonly nameMs: number;
  /** For an answer, on the wire or on the screen. */
  readonly answerMs: number;
  /** For the program to end. */
  readonly endMs: number;
  /** Between two packets that must not become one; also how long silence must last to count. */
  readonly quietMs: number;
  /** How long the load of an idle client is measured. */
  readonly idleMs: number;
}

/** For a client that the check starts; long enough for a slow virtual machine. */
export const PROGRAM_TIMEOUTS: StepTimeouts = {
  startMs: 10_000,
  nameMs: 1_500,
  answerMs: 2_000,
  endMs: 3_000,
  quietMs: 150,
  idleMs: 500,
};

/** For a client that a person starts and types into. */
export const PERSON_TIMEOUTS: StepTimeouts = {
  ...PROGRAM_TIMEOUTS,
  startMs: 300_000,
  nameMs: 5_000,
  answerMs: 90_000,
  endMs: 10_000,
};
