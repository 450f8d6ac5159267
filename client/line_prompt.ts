// The line editor for a terminal without capabilities (TERM=dumb): lines as the system delivers
// them, no keys, no redrawing, with the interface of terminal/prompt.ts.

import { MAX_TEXT_LINE_BYTES } from "../protocol/limits.ts";
import type { ClientTexts } from "../texts/texts.ts";
import { type InputLine, InputLines } from "./stdin_lines.ts";
import type { PromptLike } from "./prompt_interface.ts";

const READ_BYTES = 4096;
const DECODER = new TextDecoder();

/** Reads lines in cooked mode and prints whole ones. */
export class LinePrompt implements PromptLike {
  readonly #read: (buffer: Uint8Array) => Promise<number | null>;
  readonly #write: (text: string) => void;
  readonly #texts: ClientTexts;
  readonly #lines = new InputLines(MAX_TEXT_LINE_BYTES);
  readonly #buffer = new Uint8Array(READ_BYTES);
  /** Always empty: the terminal itself holds and shows the line being typed. */
  readonly draft = "";
  readonly redraws = false;
  #ready: InputLine[] = [];
  #ended = false;

  /** `write` prints the text unchanged, before it returns. */
  constructor(io: {
    read(buffer: Uint8Array): Promise<number | null>;
    write(text: string): void;
  }, texts: ClientTexts) {
    this.#read = (buffer) => io.read(buffer);
    this.#write = (text) => io.write(text);
    this.#texts = texts;
  }

  start(): void {}

  print(text: string): void {
    this.#write(text + "\n");
  }

  /**
   * Prints the prompt on its own line: messages printed later would follow one on the cursor's
   * line.
   */
  setPrompt(prompt: string): void {
    this.print(prompt);
  }

  /** Does nothing: the terminal echoes what is typed. */
  hide(): void {}

  async next(): Promise<{ kind: "line"; text: string } | { kind: "eof" }> {
    for (;;) {
      const line = this.#ready.shift();
      if (line === "too_long") {
        this.print(`-! ${this.#texts.lineTooLong(MAX_TEXT_LINE_BYTES)}`);
      } else if (line !== undefined) return { kind: "line", text: DECODER.decode(line) };
      else if (this.#ended) return { kind: "eof" };
      else await this.#fill();
    }
  }

  close(): void {
    this.#ended = true;
  }

  async #fill(): Promise<void> {
    const count = await this.#read(this.#buffer).catch(() => null);
    if (count === null) this.#ended = true;
    this.#ready = count === null
      ? this.#lines.end()
      : this.#lines.feed(this.#buffer.subarray(0, count));
  }
}
