// What one check of a client is made of, and how it can come out. The dialects write their checks as
// lists of steps; who drives the client and who listens for it is not their business.

import type { Check, Exchange } from "./finding.ts";
import type { Stage } from "./client_stage.ts";

/** How a step came out: nothing when all is as it should be, so that steps chain with `??`. */
export type Outcome =
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

/** How far a client must be for a step: not started, connected, or introduced as its dialect asks. */
export type Readiness = "off" | "connected" | "chatting";

/** One check and how it is made. */
export interface Step {
  readonly check: Check;
  readonly needs: Readiness;
  /** How far the client is behind a step that passed; whatever fails is followed by a new start. */
  readonly leaves: Readiness;
  run(stage: Stage): Promise<Outcome>;
}

/** How the clients of one dialect are checked. */
export interface Sheet {
  /** Whether such a client may read its user's name as the first line of its input. */
  readonly asksName: boolean;
  /** What the client must say once it is connected, before anything else can be checked. */
  greet(stage: Stage): Promise<Outcome>;
  /** In the order in which they are made. */
  readonly steps: readonly Step[];
}

/** Told of every byte that crosses a connection or a standard stream. */
export type Recorder = (exchange: Exchange) => void;

/** How long to wait for what, in milliseconds. */
export interface Patience {
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
export const PROGRAM_PATIENCE: Patience = {
  startMs: 10_000,
  nameMs: 1_500,
  answerMs: 2_000,
  endMs: 3_000,
  quietMs: 150,
  idleMs: 500,
};

/** For a client that a person starts and types into. */
export const PERSON_PATIENCE: Patience = {
  ...PROGRAM_PATIENCE,
  startMs: 300_000,
  nameMs: 5_000,
  answerMs: 90_000,
  endMs: 10_000,
};
