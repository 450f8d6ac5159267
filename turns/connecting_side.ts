// Two-person mode, the side that connects: one dialogue, then it ends.

import { type Address, connectedText, type DialResult } from "../client/dial.ts";
import type { ConnectionEnd } from "../client/client_connection.ts";
import type { Clock } from "../shared/clock.ts";
import type { Texts } from "../texts/texts.ts";
import { Dialogue } from "./dialogue.ts";
import type { TurnInput, TurnIO } from "./turn_io.ts";
import type { Problem } from "../protocol/problem.ts";
import { visible } from "../protocol/sanitize.ts";
import { describeTurnsEnd } from "./describe_turn_event.ts";

/** The options of the connecting side. */
export interface ConnectingSideOptions {
  readonly address: Address;
  readonly dial: () => Promise<DialResult>;
  readonly io: TurnIO;
  readonly texts: Texts;
  readonly clock: Clock;
  readonly goesFirst: boolean;
  /** Aborted when a signal asks the program to end. */
  readonly stop: AbortSignal;
}

/** How long the other side may take to close after this side has ended, in milliseconds. */
const GOODBYE_MS = 1_000;
/** The same after an interrupt: time for queued lines to be sent. */
const INTERRUPTED_MS = 250;

const EXIT_FAILED = 1;
const EXIT_INTERRUPTED = 130;

/** Runs the dialogue until either side ends; returns the exit code. */
export async function runConnectingSide(options: ConnectingSideOptions): Promise<number> {
  const { io, address, texts } = options;
  const dialled = await options.dial();
  if (!dialled.ok) {
    io.printError(dialled.error);
    return EXIT_FAILED;
  }
  io.notify(connectedText(address, texts.client));
  const dialogue = new Dialogue({
    ...options,
    wire: dialled.wire,
    answersLast: false,
    typedAhead: [],
  });
  return await new ConnectingSide(options, dialogue).run();
}

class ConnectingSide {
  readonly #options: ConnectingSideOptions;
  readonly #dialogue: Dialogue;
  /** The exit code, set once this side has begun to leave. */
  #leaving: number | undefined;
  #failed = false;

  constructor(options: ConnectingSideOptions, dialogue: Dialogue) {
    this.#options = options;
    this.#dialogue = dialogue;
  }

  async run(): Promise<number> {
    const { io, stop } = this.#options;
    const onStop = (): void => this.#leave(EXIT_INTERRUPTED);
    stop.addEventListener("abort", onStop);
    try {
      io.start((problem) => this.#onOutputClosed(problem));
      const broken = Promise.withResolvers<never>();
      this.#pumpInput().catch(broken.reject);
      const end = await Promise.race([this.#dialogue.run(), broken.promise]);
      return this.#exitCode(end);
    } finally {
      stop.removeEventListener("abort", onStop);
      io.close();
      await io.flushed();
    }
  }

  async #pumpInput(): Promise<void> {
    for (let input: TurnInput; (input = await this.#options.io.next()).kind !== "eof";) {
      if (input.kind === "interrupt") return this.#leave(EXIT_INTERRUPTED);
      for (const text of input.text.replace(/\n+$/, "").split("\n")) this.#dialogue.typed(text);
    }
    this.#leave(0);
  }

  #leave(code: number): void {
    if (this.#leaving !== undefined) return;
    this.#leaving = code;
    this.#showUnsent();
    this.#options.io.close();
    this.#dialogue.leave(code === EXIT_INTERRUPTED ? INTERRUPTED_MS : GOODBYE_MS);
  }

  #onOutputClosed(problem: Problem | undefined): void {
    if (problem !== undefined) {
      this.#failed = true;
      this.#options.io.printError(problem.error);
    }
    this.#leave(0);
  }

  #exitCode(end: ConnectionEnd): number {
    const { io, texts } = this.#options;
    if (this.#leaving === undefined) {
      this.#showUnsent();
      const isGood = end.kind === "closed" && end.event.reason === "eof";
      if (!isGood) this.#failed = true;
      io.close(); // erases the prompt, so that the last text stands in its place
      const text = describeTurnsEnd(end, texts.turns);
      if (isGood) io.notify(text);
      else io.printError(text);
    }
    if (io.refusedInput) this.#failed = true;
    return this.#leaving || (this.#failed ? EXIT_FAILED : 0);
  }

  /** Prints every entered line that was not sent. */
  #showUnsent(): void {
    const { io, texts } = this.#options;
    const unsent = [...this.#dialogue.typedAhead, ...io.unsent];
    for (const text of unsent) io.printError(texts.client.notSent(visible(text)));
    if (unsent.length > 0 && !io.typesAhead) this.#failed = true;
  }
}
