// A dialogue at a terminal: the prompt shows whose turn it is, and lines typed while waiting are
// held.

import type { PromptLike } from "../client/prompt_interface.ts";
import { visible } from "../protocol/sanitize.ts";
import type { Style } from "../terminal/style.ts";
import type { TurnsTexts } from "../texts/texts.ts";
import type { TurnInput, TurnIO } from "./turn_io.ts";
import type { TurnOwner } from "./turn_state.ts";

/** A line editor as a side of a dialogue. */
export class TerminalTurnIO implements TurnIO {
  readonly typesAhead = true;
  readonly refusedInput = false;
  readonly #prompt: PromptLike;
  readonly #style: Style;
  readonly #texts: TurnsTexts;
  #shownPrompt: string | undefined;

  constructor(prompt: PromptLike, style: Style, texts: TurnsTexts) {
    this.#prompt = prompt;
    this.#style = style;
    this.#texts = texts;
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

  showTurn(owner: TurnOwner): void {
    const { yourTurn, theirTurn } = this.#texts;
    if (owner !== "none") this.#setPrompt(owner === "mine" ? yourTurn : theirTurn);
  }

  showWaitingForPeer(): void {
    this.#setPrompt(this.#texts.noPeer);
  }

  print(text: string): void {
    this.#prompt.print(text);
  }

  showReceived(text: string): undefined {
    this.#prompt.print(this.#style.bold(this.#texts.theirLine) + text);
  }

  showSentAhead(text: string): void {
    this.#prompt.print(this.#texts.yourTurn + visible(text));
  }

  notify(text: string): void {
    this.#prompt.print(this.#style.dim(`-- ${text}`));
  }

  printError(text: string): void {
    this.#prompt.print(this.#style.red(`-! ${text}`));
  }

  close(): void {
    this.#prompt.close();
  }

  async flushed(): Promise<void> {}

  #setPrompt(prompt: string): void {
    if (prompt === this.#shownPrompt) return; // a terminal that cannot redraw would print it each time
    this.#shownPrompt = prompt;
    this.#prompt.setPrompt(prompt);
  }
}
