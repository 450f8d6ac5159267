// The input and output of one side of a dialogue: a terminal or a pipe. Types only.

import type { Problem } from "../protocol/problem.ts";
import type { TurnOwner } from "./turn_state.ts";

/** The input: one line or several, Ctrl-C, or the end. */
export type TurnInput =
  | { readonly kind: "line"; readonly text: string }
  | { readonly kind: "eof" }
  | { readonly kind: "interrupt" };

/** One side's input and output. */
export interface TurnIO {
  /** Whether lines are read while it is not this side's turn. */
  readonly typesAhead: boolean;
  /** Lines that were read and not sent yet. */
  readonly unsent: readonly string[];
  /** Whether a line of the input was refused, for example for its encoding. */
  readonly refusedInput: boolean;
  /**
   * Begins to read input. `onOutputClosed` is called once when the output cannot be written: with
   * the error, or with undefined if its reader has closed it.
   */
  start(onOutputClosed: (problem: Problem | undefined) => void): void;
  /** The next input. */
  next(): Promise<TurnInput>;
  /** Shows whose turn it is; with "none" no further line is wanted. */
  showTurn(owner: TurnOwner): void;
  /** Shows that no peer is connected yet. */
  showWaitingForPeer(): void;
  /** Prints text of the program itself; sanitise it first. */
  print(text: string): void;
  /**
   * Shows a line of the other side; returns a promise if the caller should wait before the next
   * one.
   */
  showReceived(text: string): Promise<void> | undefined;
  /** Shows that a line typed ahead was sent. */
  showSentAhead(text: string): void;
  /** Shows a notice. */
  notify(text: string): void;
  /** Shows an error message. */
  printError(text: string): void;
  /** Reads no more input; what is printed from now on is still shown. */
  close(): void;
  /** Resolves when everything printed was written. */
  flushed(): Promise<void>;
}
