// A dialogue in a pipe, for scripts: each line of standard input is read when its turn has come.
// The other side's lines are standard output, everything else is standard error.

import { type InputLine, InputLines } from "../client/stdin_lines.ts";
import { LineOutput } from "../client/line_output.ts";
import { decodeLine } from "../protocol/framing.ts";
import { MAX_MESSAGE_BYTES } from "../protocol/limits.ts";
import type { Problem } from "../protocol/problem.ts";
import { errorText } from "../shared/errors.ts";
import type { Texts } from "../texts/texts.ts";
import type { TurnInput, TurnIO } from "./turn_io.ts";
import type { TurnOwner } from "./turn_state.ts";

/** The process's streams, or a test's, and the language of error messages. */
export interface PipeTurnIOOptions {
  readonly texts: Texts;
  readonly stdin: { read(buffer: Uint8Array): Promise<number | null> };
  readonly stdout: { write(bytes: Uint8Array): Promise<number> };
  /** Aborted when standard output has no reader any more, though nothing was written. */
  readonly outputClosed?: AbortSignal | undefined;
  /** Prints one line on standard error. */
  readonly printError: (line: string) => void;
}

const READ_BYTES = 64 * 1024;
const EOF: TurnInput = Object.freeze({ kind: "eof" });

/** Standard input and output as a side of a dialogue. */
export class PipeTurnIO implements TurnIO {
  readonly typesAhead = false;
  readonly #options: PipeTurnIOOptions;
  readonly #output: LineOutput;
  readonly #lines = new InputLines(MAX_MESSAGE_BYTES);
  #ready: InputLine[] = [];
  #lineNumber = 0;
  #ended = false;
  #isMine = false;
  #turn = Promise.withResolvers<void>();
  #refused = false;
  #onOutputClosed: (problem: Problem | undefined) => void = () => {};

  constructor(options: PipeTurnIOOptions) {
    this.#options = options;
    this.#output = new LineOutput(options.stdout, (error) => this.#onOutputFailure(error));
  }

  get unsent(): readonly string[] {
    return this.#ready.map((line) => line === "too_long" ? "" : new TextDecoder().decode(line));
  }

  get refusedInput(): boolean {
    return this.#refused;
  }

  start(onOutputClosed: (problem: Problem | undefined) => void): void {
    this.#onOutputClosed = onOutputClosed;
    const { outputClosed } = this.#options;
    outputClosed?.addEventListener("abort", () => onOutputClosed(undefined), { once: true });
  }

  /**
   * Waits for the turn before it reads, so that the end of the input ends the dialogue in its turn.
   */
  async next(): Promise<TurnInput> {
    const buffer = new Uint8Array(READ_BYTES);
    while (this.#ready.length > 0 || !this.#ended) {
      await this.#turn.promise;
      const line = this.#ready.shift();
      if (line === undefined) await this.#fill(buffer);
      else {
        const text = this.#textOf(line);
        if (text !== undefined) return { kind: "line", text };
      }
    }
    return EOF;
  }

  showTurn(owner: TurnOwner): void {
    const isMine = owner === "mine";
    if (isMine === this.#isMine) return;
    this.#isMine = isMine;
    if (isMine) this.#turn.resolve();
    else if (!this.#ended) this.#turn = Promise.withResolvers();
  }

  showWaitingForPeer(): void {}

  print(text: string): void {
    this.#output.write(text);
  }

  showReceived(text: string): Promise<void> | undefined {
    return this.#output.write(text);
  }

  showSentAhead(): void {}

  notify(text: string): void {
    this.#options.printError(text);
  }

  printError(text: string): void {
    this.#options.printError(text);
  }

  close(): void {
    this.#ended = true;
    this.#ready = [];
    this.#turn.resolve();
  }

  flushed(): Promise<void> {
    return this.#output.drained();
  }

  async #fill(buffer: Uint8Array): Promise<void> {
    if (this.#ended) return;
    const count = await this.#options.stdin.read(buffer);
    if (count === null) this.#ended = true;
    this.#ready = count === null ? this.#lines.end() : this.#lines.feed(buffer.subarray(0, count));
  }

  #textOf(line: InputLine): string | undefined {
    this.#lineNumber++;
    // Refused rather than mangled: a script can correct its encoding.
    const text = line === "too_long" ? undefined : decodeLine(line, "strict");
    if (typeof text === "string") return text;
    this.#refused = true;
    const { client, refusals } = this.#options.texts;
    const why = text?.text(refusals) ?? client.lineTooLong(MAX_MESSAGE_BYTES);
    this.printError(client.inputLine(this.#lineNumber, why));
    return undefined;
  }

  #onOutputFailure(error: unknown): void {
    // A reader that stops reading, such as `head -1`, is no failure.
    if (error instanceof Deno.errors.BrokenPipe) return this.#onOutputClosed(undefined);
    const { client } = this.#options.texts;
    this.#onOutputClosed({ error: client.cannotWriteOutput(errorText(error)) });
  }
}
