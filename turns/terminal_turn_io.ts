// A seat at a terminal: the prompt shows whose turn it is, and what is typed while waiting is taken. It
// knows a line editor's interface, no terminal.

import type { PromptLike } from "../client/prompt_interface.ts";
import { visible } from "../protocol/sanitize.ts";
import type { Style } from "../terminal/style.ts";
import type { TurnInput, TurnIO } from "./turn_io.ts";
import type { TurnOwner } from "./turn_state.ts";

const MINE = "you> ";
const THEIRS = "(waiting for the other side) ";
const ALONE = "(waiting for somebody to connect) ";

/** A person at a terminal. */
export class TerminalTurnIO implements TurnIO {
  readonly typesAhead = true;
  readonly refusedInput = false;
  readonly #prompt: PromptLike;
  readonly #looks: Style;
  #shown: string | undefined;

  constructor(prompt: PromptLike, looks: Style) {
    this.#prompt = prompt;
    this.#looks = looks;
  }

  get unsent(): readonly string[] {
    return this.#prompt.draft.trim() === "" ? [] : [this.#prompt.draft];
  }

  start(): void {
    this.#prompt.start();
  }

  next(): Promise<TurnInput> {
    return this.#prompt.next();
  }

  showTurn(whose: TurnOwner): void {
    if (whose !== "nobodys") this.#setPrompt(whose === "mine" ? MINE : THEIRS);
  }

  showWaitingForPeer(): void {
    this.#setPrompt(ALONE);
  }

  print(text: string): void {
    this.#prompt.print(text);
  }

  showReceived(text: string): undefined {
    this.#prompt.print(this.#looks.bold("them> ") + text);
  }

  showSentAhead(text: string): void {
    this.#prompt.print(MINE + visible(text));
  }

  notify(text: string): void {
    this.#prompt.print(this.#looks.dim(`-- ${text}`));
  }

  printError(text: string): void {
    this.#prompt.print(this.#looks.red(`-! ${text}`));
  }

  close(): void {
    this.#prompt.close();
  }

  async flushed(): Promise<void> {}

  #setPrompt(prompt: string): void {
    if (prompt === this.#shown) return; // a terminal that can do nothing prints it each time
    this.#shown = prompt;
    this.#prompt.setPrompt(prompt);
  }
}
