// The line editor of a terminal that can do nothing (TERM=dumb): lines as the system delivers them,
// no key of its own, nothing redrawn. It has the interface of terminal/prompt.ts.

import { MAX_TEXT_LINE_BYTES } from "../protocol/limits.ts";
import type { ClientTexts } from "../texts/texts.ts";
import { type InputLine, InputLines } from "./stdin_lines.ts";
import type { PromptLike } from "./prompt_interface.ts";

const READ_BYTES = 4096;
const DECODER = new TextDecoder();

/** Reads cooked lines and prints whole ones. */
export class LinePrompt implements PromptLike {
  readonly #read: (buffer: Uint8Array) => Promise<number | null>;
  readonly #write: (text: string) => void;
  readonly #texts: ClientTexts;
  readonly #lines = new InputLines(MAX_TEXT_LINE_BYTES);
  readonly #buffer = new Uint8Array(READ_BYTES);
  /** The terminal keeps what is being typed, and keeps showing it. */
  readonly draft = "";
  readonly redraws = false;
  #ready: InputLine[] = [];
  #ended = false;

  /** `write` prints text as it is, before it returns. */
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

  /** On a line of its own: one before the cursor would end up in front of other people's words. */
  setPrompt(prompt: string): void {
    this.print(prompt);
  }

  /** The terminal shows what is typed by itself. */
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
