// The interface of a line editor, so that the chat does not depend on a real terminal.

/** A line editor; implemented by `Prompt` and `LinePrompt`. */
export interface PromptLike {
  /** Whether `setPrompt()` replaces the prompt in its place; otherwise it prints one more line. */
  readonly redraws: boolean;
  start(): void;
  print(text: string): void;
  setPrompt(prompt: string): void;
  /** Masks what is typed from now on, where the terminal can, or shows it again. */
  hide(hidden: boolean): void;
  /** The line being typed, not entered yet. */
  readonly draft: string;
  next(): Promise<
    | { readonly kind: "line"; readonly text: string }
    | { readonly kind: "eof" }
    | { readonly kind: "interrupt" }
  >;
  close(): void;
}
