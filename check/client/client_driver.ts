// The program that is checked, as a check uses it: typed into, looked at, interrupted. A program we
// started is one (client_program.ts), a person who works at the program's terminal another
// (person_driver.ts).

import type { Problem } from "../../protocol/problem.ts";
import type { StepTimeouts } from "./step_outcome.ts";

/** Where we listen for the client. */
export type Endpoint =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

/** Whether the client showed something; "unseen" when nobody can tell. */
export type Visibility = "yes" | "no" | "unseen";

/** How a program ended. */
export interface ProgramExit {
  readonly code: number;
  /** The signal that killed it, as `SIGPIPE`. */
  readonly signal: string | null;
}

/** How a program that was run to its end came out. */
export interface ProgramRun {
  readonly ending: ProgramExit;
  /** Standard output and standard error. */
  readonly said: string;
}

/** The client under check. */
export interface Driver {
  readonly timeouts: StepTimeouts;
  /** Whether a person types: long lines and raw bytes are too much to ask. */
  readonly byHand: boolean;
  /** Starts the client; answers why that cannot be. */
  start(): Promise<Problem | undefined>;
  /** Types a line and Enter. */
  type(line: string): Promise<void>;
  /** Types the name, in case the client asks for one. */
  typeName(name: string): Promise<void>;
  /** Ends the input, as CTRL-D does. */
  endInput(): Promise<void>;
  /** Sends a signal as a terminal or `kill` would; false when that cannot be done. */
  signal(name: "SIGINT" | "SIGTERM"): Promise<boolean>;
  /** Forgets what was shown so far. */
  clearOutput(): void;
  /** Whether every text has been shown since {@linkcode look}; waits for it. */
  waitForOutput(texts: readonly string[]): Promise<Visibility>;
  /** Whether the text has not been shown since {@linkcode look}, after a moment of silence. */
  outputLacks(text: string): Promise<Visibility>;
  /** All that was shown since {@linkcode look}, without escape sequences; nothing when unseen. */
  screen(): string | undefined;
  /** How the client ended, waiting for it; "unseen" when nobody can tell. */
  ended(ms: number): Promise<ProgramExit | "running" | "unseen">;
  /**
   * The share of one processor that the client uses, over the next `ms` in which it could have one;
   * nothing when unseen.
   */
  load(ms: number): Promise<number | undefined>;
  /** Ends the client whatever it does. */
  stop(): Promise<void>;
  /** Runs it with wrong arguments, in a way that `fault` names; nothing when that cannot be done. */
  runWithBadArguments(fault: "no-address" | "bad-port"): Promise<ProgramRun | undefined>;
}
