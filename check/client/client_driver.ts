// The interface to the client under check: start it, type into it, read its output, end it.
// Implemented for a child process (program_driver.ts) and for a person (person_driver.ts).

import type { Problem } from "../../protocol/problem.ts";
import type { ProgramExit } from "../isolated_process.ts";
import type { EmulatedScreen } from "../emulated_screen.ts";
import type { StepTimeouts } from "./step_outcome.ts";

/** Where the check listens for the client. */
export type Endpoint =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

/** Whether the client showed a text; "unseen" if that is not known. */
export type Visibility = "yes" | "no" | "unseen";

/** A program that ran to its end. */
export interface ProgramRun {
  readonly ending: ProgramExit;
  /** Standard output and standard error. */
  readonly output: string;
}

/** What a terminal shows. */
export type TerminalView = Pick<EmulatedScreen, "rows" | "cursorLine">;

/** The client under check. */
export interface Driver {
  readonly timeouts: StepTimeouts;
  /** Whether a person types: long lines and raw bytes are too much to ask. */
  readonly byHand: boolean;
  /** Whether the client runs on a terminal, from its last start on. */
  readonly onTerminal: boolean;
  /** Runs the client on a terminal from its next start on, or on pipes; false if that cannot be. */
  useTerminal(wanted: boolean): boolean;
  /** Starts the client, for which `name` is wanted; returns why it cannot be started, undefined if it runs. */
  start(name: string): Promise<Problem | undefined>;
  /** Whether the name is an argument of the command, from its next start on. */
  readonly namedByArgument: boolean;
  /** Adds the name to the arguments from the next start on, or not; false if that cannot be. */
  nameByArgument(wanted: boolean): boolean;
  /** Records the client's writes from its next start on, or not; false if that cannot be. */
  useTrace(wanted: boolean): boolean;
  /** The sizes of its writes to the connection so far; undefined if they are not known. */
  writes(): readonly number[] | undefined;
  /** Types lines, each with Enter, as one paste. */
  type(...lines: readonly string[]): Promise<void>;
  /** Types `text` and not Enter. */
  typePart(text: string): Promise<void>;
  /** Types the name, in case the client asks for one. */
  typeName(name: string): Promise<void>;
  /** Ends the input, as CTRL-D does. */
  endInput(): Promise<void>;
  /** Sends a signal as a terminal or `kill` would; false if that is impossible. */
  signal(name: "SIGINT" | "SIGTERM"): Promise<boolean>;
  /** Forgets what was shown so far. */
  clearOutput(): void;
  /** Waits until every text has been shown since {@linkcode clearOutput}. */
  waitForOutput(texts: readonly string[]): Promise<Visibility>;
  /** Waits a moment; "yes" if the text has not been shown since {@linkcode clearOutput}. */
  outputLacks(text: string): Promise<Visibility>;
  /** The output since {@linkcode clearOutput}, without escape sequences; undefined if it is not known. */
  screen(): string | undefined;
  /** The rows of its terminal and the line with the cursor; undefined if it is not known. */
  terminal(): TerminalView | undefined;
  /** Waits at most `ms` for the client to end; "unseen" if it is not known whether it ended. */
  ended(ms: number): Promise<ProgramExit | "running" | "unseen">;
  /**
   * The share of one processor that the client uses, over the next `ms` in which it could have one;
   * undefined if it is not known.
   */
  load(ms: number): Promise<number | undefined>;
  /** Ends the client, by SIGKILL if need be. */
  stop(): Promise<void>;
  /** Runs the client with wrong arguments of that kind; undefined if that is impossible. */
  runWithBadArguments(fault: "no-address" | "bad-port"): Promise<ProgramRun | undefined>;
}
