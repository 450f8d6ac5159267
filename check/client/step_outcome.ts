// The words that every part of a client's check uses: how a check comes out, who is told of bytes,
// how long to wait. Nothing of the check is below this file but what a finding is.

import type { Exchange } from "../finding.ts";

/** How a step came out: nothing when all is as it should be, so that steps chain with `??`. */
export type StepOutcome =
  | undefined
  | {
    readonly kind: "miss";
    readonly expected: string;
    readonly received: string;
    readonly hint: string;
  }
  | { readonly kind: "skip"; readonly because: string }
  /** As it should be, and `title` says more exactly what was seen. */
  | { readonly kind: "noted"; readonly title: string };

/** Told of every byte that crosses a connection or a standard stream. */
export type Recorder = (exchange: Exchange) => void;

/** How long to wait for what, in milliseconds. */
export interface StepTimeouts {
  /** From the start of the client to its connection, and to its first words. */
  readonly startMs: number;
  /** Before a name is typed for a client that may have one already. */
  readonly nameMs: number;
  /** For an answer, on the wire or on the screen. */
  readonly answerMs: number;
  /** For the program to end. */
  readonly endMs: number;
  /** Between two packets that must not become one; also how long silence must last to count. */
  readonly quietMs: number;
  /** How long a client that has nothing to do is watched. */
  readonly idleMs: number;
}

/** For a program that is started by us; a slow virtual machine fits in. */
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
