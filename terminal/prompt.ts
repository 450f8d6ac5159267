// The prompt at the bottom of a terminal: reads keys, feeds the line editor, redraws the screen and
// delivers entered lines.

import { type Completion, listing } from "./tab_completion.ts";
import { type Key, KeyDecoder } from "./keys.ts";
import { LineEditor } from "./line_editor.ts";
import { PromptScreen, type PromptView } from "./prompt_screen.ts";

export type { Completion } from "./tab_completion.ts";

/** The terminal that a prompt uses; `systemTerminal()` is the real one. */
export interface TerminalIo {
  /** Reads some bytes; null at the end of input. An error counts as the end. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Writes the whole text before it returns; a closed terminal is no error. */
  write(text: string): void;
  /** The current width, at least 1, 80 if unknown. */
  columns(): number;
  /** Raw mode: every key is delivered immediately, and none is echoed or turned into a signal. */
  setRaw(on: boolean): void;
  /** Calls the listener after each change of size, until the returned function is called. */
  onResize(listener: () => void): () => void;
}

/** The options of a prompt. */
export interface PromptOptions {
  readonly io: TerminalIo;
  /** The text before the line being typed: one line, may hold SGR colours. */
  readonly prompt: string;
  /** Returns the candidates for Tab; `cursor` in UTF-16 units. Without it Tab does nothing. */
  readonly complete?: (line: string, cursor: number) => Completion;
  /** The last line of a list that leaves out `count` candidates (default `… +COUNT`). */
  readonly andMore?: (count: number) => string;
  /**
   * Masks secrets in a line without changing its length; a line that it changes stays out of the
   * history.
   */
  readonly conceal?: (line: string) => string;
}

/**
 * The input: a line (`text` holds "\
 * " where one was pasted, is at most 8192 bytes of UTF-8 and may be empty), Ctrl-C, or the end, by
 * Ctrl-D on an empty line or a closed terminal.
 */
export type PromptInput =
  | { readonly kind: "line"; readonly text: string }
  | { readonly kind: "eof" }
  | { readonly kind: "interrupt" };

const EOF: PromptInput = Object.freeze({ kind: "eof" });
const INTERRUPT: PromptInput = Object.freeze({ kind: "interrupt" });

const PASTE_ON = "\x1b[?2004h";
const PASTE_OFF = "\x1b[?2004l";
const BELL = "\x07";
const READ_BYTES = 4096;

/**
 * A line editor at the bottom of the terminal that stays intact while text is printed above it
 * (D23). Enter leaves the line, with its prompt, among the text above, as a shell does. Ctrl-C
 * drops the line. After the end of input keys have no effect: call `close()`.
 */
export class Prompt {
  /** `setPrompt()` replaces the prompt in its place. */
  readonly redraws = true;
  readonly #io: TerminalIo;
  readonly #keys = new KeyDecoder();
  readonly #editor: LineEditor;
  readonly #screen = new PromptScreen();
  readonly #conceal: (line: string) => string;
  readonly #andMore: PromptOptions["andMore"];
  #hidden = false;
  #prompt: string;
  #state: "new" | "open" | "ended" | "closed" = "new";
  #stopResize: () => void = () => {};
  #inputs: PromptInput[] = [];
  #waiting: ((input: PromptInput) => void)[] = [];

  /** Does not use the terminal before `start()`. */
  constructor(options: PromptOptions) {
    this.#io = options.io;
    this.#prompt = options.prompt;
    this.#andMore = options.andMore;
    const conceal = options.conceal ?? ((line: string) => line);
    this.#conceal = (line) => this.#hidden ? "*".repeat(line.length) : conceal(line);
    this.#editor = new LineEditor(options.complete, (line) => this.#conceal(line) !== line);
  }

  /**
   * Turns raw mode and bracketed paste on, draws the prompt and begins to read keys. Call it once.
   */
  start(): void {
    if (this.#state !== "new") throw new Error(`Cannot start the prompt: it is ${this.#state}`);
    this.#io.setRaw(true);
    this.#state = "open";
    this.#stopResize = this.#io.onResize(() => this.#redraw());
    this.#io.write(PASTE_ON + this.#show());
    void this.#read();
  }

  /**
   * Prints text above the prompt, in one write: one or more lines, with or without a line end after
   * the last. It may hold SGR colours, but no other escape sequence: sanitise it first. Before
   * `start()` and after `close()` it is printed as it is.
   */
  print(text: string): void {
    this.#io.write(this.#screen.above(text, this.#io.columns()));
  }

  /** Changes the text before the line: one line, may hold SGR colours. */
  setPrompt(prompt: string): void {
    if (prompt === this.#prompt) return;
    this.#prompt = prompt;
    this.#redraw();
  }

  /** Masks what is typed from now on, or shows it again. */
  hide(hidden: boolean): void {
    this.#hidden = hidden;
    this.#redraw();
  }

  /** The line being typed, not entered yet. */
  get draft(): string {
    return this.#editor.text;
  }

  /** The next input, in order; always `eof` after the end or after `close()`. */
  next(): Promise<PromptInput> {
    const input = this.#inputs.shift() ?? (this.#isOpen() ? undefined : EOF);
    if (input !== undefined) return Promise.resolve(input);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Erases the prompt and restores the terminal; a second call has no effect. */
  close(): void {
    if (this.#state === "closed") return;
    const wasStarted = this.#state !== "new";
    this.#end("closed");
    this.#inputs = [];
    this.#stopResize();
    if (!wasStarted) return;
    this.#io.write(this.#screen.hide(this.#io.columns()) + PASTE_OFF);
    this.#io.setRaw(false);
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    try {
      while (this.#state === "open") {
        const count = await this.#io.read(buffer).catch(() => null);
        if (count === null) this.#end("ended");
        else if (this.#state === "open") this.#feed(buffer.subarray(0, count));
      }
    } catch (bug) {
      // The stack trace of a bug is readable only on a restored terminal.
      this.close();
      throw bug;
    }
  }

  /** Handles all keys of one read, with one write. */
  #feed(bytes: Uint8Array): void {
    let output = "";
    for (const key of this.#keys.feed(bytes)) {
      output += this.#press(key);
      if (this.#state !== "open") break;
    }
    this.#io.write(output + this.#show());
  }

  #press(key: Key): string {
    const finished = this.#view();
    const event = this.#editor.press(key);
    switch (event.kind) {
      case "none":
        return "";
      case "refused":
        return BELL;
      case "submit":
        this.#deliver({ kind: "line", text: event.text });
        return this.#screen.finish(finished, this.#io.columns());
      case "interrupt":
        this.#deliver(INTERRUPT);
        return "";
      case "eof":
        this.#end("ended");
        return "";
      case "clear":
        return this.#screen.clear(this.#view(), this.#io.columns());
      case "list": {
        const columns = this.#io.columns();
        return this.#screen.above(listing(event.candidates, columns, this.#andMore), columns);
      }
      default:
        return event satisfies never;
    }
  }

  #deliver(input: PromptInput): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#inputs.push(input);
    else waiting(input);
  }

  #end(state: "ended" | "closed"): void {
    this.#state = state;
    for (const waiting of this.#waiting.splice(0)) waiting(EOF);
  }

  // A method, because the compiler narrows a property once it was compared.
  #isOpen(): boolean {
    return this.#state === "new" || this.#state === "open";
  }

  #view(): PromptView {
    return {
      prompt: this.#prompt,
      text: this.#conceal(this.#editor.text),
      cursor: this.#editor.cursor,
    };
  }

  #show(): string {
    return this.#screen.show(this.#view(), this.#io.columns());
  }

  #redraw(): void {
    if (this.#state === "open" || this.#state === "ended") this.#io.write(this.#show());
  }
}
