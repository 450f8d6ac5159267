// What the chat on a terminal needs of a line editor, so that it does not depend on a real terminal.

/** What a chat needs of a line editor; `Prompt` and `LinePrompt` have it. */
export interface PromptLike {
  /** A changed prompt stands in place of the one before; else it is one more line. */
  readonly redraws: boolean;
  start(): void;
  print(text: string): void;
  setPrompt(prompt: string): void;
  /** Shows nothing of what is typed from now on but its length, where it can, or all of it again. */
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
