// Drives a client through a person in another terminal: gives orders line by line, and asks whether
// the client has shown a text or has ended.

import type { Problem } from "../../protocol/problem.ts";
import type { ClientCheckTexts } from "../../texts/texts.ts";
import type { ProgramExit } from "../isolated_process.ts";
import type { Driver, Endpoint, ProgramRun, Visibility } from "./client_driver.ts";
import { quotedText } from "./encoded_text.ts";
import { PERSON_TIMEOUTS, type StepTimeouts } from "./step_outcome.ts";

/** The person who runs the client. */
export interface Tester {
  /** Shows an order, one line. */
  tell(line: string): void;
  /** Asks a question for yes or no; undefined if it is not answered. */
  ask(question: string): Promise<boolean | undefined>;
}

/** What a {@linkcode PersonDriver} needs. */
export interface PersonDriverOptions {
  readonly tester: Tester;
  readonly endpoint: Endpoint;
  readonly texts: ClientCheckTexts;
  /** (default {@linkcode PERSON_TIMEOUTS}) */
  readonly timeouts?: StepTimeouts;
}

/** Drives a client through a person. */
export class PersonDriver implements Driver {
  readonly byHand = true;
  readonly onTerminal = true;
  readonly timeouts: StepTimeouts;
  readonly #tester: Tester;
  readonly #endpoint: Endpoint;
  readonly #texts: ClientCheckTexts;
  /** Whether the client runs, as far as the person has answered. */
  #state: "off" | "running" | "ended" = "off";
  #starts = 0;

  constructor({ tester, endpoint, texts, timeouts }: PersonDriverOptions) {
    this.#tester = tester;
    this.#endpoint = endpoint;
    this.#texts = texts;
    this.timeouts = timeouts ?? PERSON_TIMEOUTS;
  }

  useTerminal(wanted: boolean): boolean {
    return wanted;
  }

  readonly namedByArgument = false;

  nameByArgument(): boolean {
    return false;
  }

  useTrace(): boolean {
    return false;
  }

  writes(): undefined {
    return undefined;
  }

  start(): Promise<Problem | undefined> {
    const { start, hostAndPort, socket } = this.#texts.tester;
    const endpoint = this.#endpoint;
    const place = endpoint.kind === "unix"
      ? socket(endpoint.path)
      : hostAndPort(endpoint.host, endpoint.port);
    this.#tester.tell(start(place, this.#starts++ > 0));
    this.#state = "running";
    return Promise.resolve(undefined);
  }

  type(...lines: readonly string[]): Promise<void> {
    for (const line of lines) this.#tester.tell(this.#texts.tester.type(line));
    return Promise.resolve();
  }

  typePart(text: string): Promise<void> {
    this.#tester.tell(this.#texts.tester.typePart(text));
    return Promise.resolve();
  }

  typeName(name: string): Promise<void> {
    this.#tester.tell(this.#texts.tester.typeName(name));
    return Promise.resolve();
  }

  endInput(): Promise<void> {
    this.#tester.tell(this.#texts.tester.endInput);
    return Promise.resolve();
  }

  signal(name: "SIGINT" | "SIGTERM"): Promise<boolean> {
    const { interrupt, terminate } = this.#texts.tester;
    this.#tester.tell(name === "SIGINT" ? interrupt : terminate);
    return Promise.resolve(true);
  }

  clearOutput(): void {
    // Not needed: the person knows what was shown since the last order.
  }

  async waitForOutput(texts: readonly string[]): Promise<Visibility> {
    const all = this.#texts.data.all(texts.map((text) => quotedText(text, this.#texts)));
    return seen(await this.#tester.ask(this.#texts.tester.hasShown(all)));
  }

  async outputLacks(text: string): Promise<Visibility> {
    const question = this.#texts.tester.hasShownAlready(quotedText(text, this.#texts));
    const shown = await this.#tester.ask(question);
    return seen(shown === undefined ? undefined : !shown);
  }

  screen(): undefined {
    return undefined;
  }

  terminal(): undefined {
    return undefined;
  }

  async ended(ms: number): Promise<ProgramExit | "running" | "unseen"> {
    if (ms === 0) return "unseen";
    const { hasEnded, hasEndedWell } = this.#texts.tester;
    const ended = await this.#tester.ask(hasEnded);
    if (ended === undefined) return "unseen";
    if (!ended) return "running";
    this.#state = "ended";
    return { code: await this.#tester.ask(hasEndedWell) === false ? 1 : 0, signal: null };
  }

  load(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  stop(): Promise<void> {
    if (this.#state === "running") this.#tester.tell(this.#texts.tester.stop);
    this.#state = "off";
    return Promise.resolve();
  }

  runWithBadArguments(): Promise<ProgramRun | undefined> {
    return Promise.resolve(undefined);
  }
}

function seen(answer: boolean | undefined): Visibility {
  return answer === undefined ? "unseen" : answer ? "yes" : "no";
}
