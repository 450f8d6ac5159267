// One person's place in a dialogue, seen by the dialogue: a terminal or a pipe. Types only.

import type { Problem } from "../protocol/problem.ts";
import type { TurnOwner } from "./turn_state.ts";

/** What was entered: a line or several, Ctrl-C, or the end of the input. */
export type TurnInput =
  | { readonly kind: "line"; readonly text: string }
  | { readonly kind: "eof" }
  | { readonly kind: "interrupt" };

/** Where somebody sits. */
export interface TurnIO {
  /** Whether lines are taken while it is not this side's turn. */
  readonly typesAhead: boolean;
  /** Lines read and not sent yet, that would be lost now. */
  readonly unsent: readonly string[];
  /** Whether input was refused, so that not all of it was said. */
  readonly refusedInput: boolean;
  /**
   * Begins to take input. `onGone` is called when nobody can read what is shown any more: with a
   * sentence, or with nothing when the reader has just left.
   */
  start(onOutputClosed: (problem: Problem | undefined) => void): void;
  /** The next thing entered. */
  next(): Promise<TurnInput>;
  /** Shows whose turn it is; when it is nobody's, no line is wanted any more. */
  showTurn(owner: TurnOwner): void;
  /** Shows that there is nobody to speak with yet. */
  showWaitingForPeer(): void;
  /** Prints text that nobody of the two has said; clean it first. */
  print(text: string): void;
  /** Shows a line of the other side; a promise when more should wait. */
  showReceived(text: string): Promise<void> | undefined;
  /** Shows that a line typed earlier has gone out. */
  showSentAhead(text: string): void;
  /** Tells news. */
  notify(text: string): void;
  /** Tells what went wrong. */
  printError(text: string): void;
  /** Takes no more input; what is printed from now on is still shown. */
  close(): void;
  /** Resolves when all that was printed is out. */
  flushed(): Promise<void>;
}
