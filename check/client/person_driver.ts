// A client that a person starts and types into, in another terminal: told step by step what to do,
// and asked what cannot be seen from here. It knows no terminal; the person is handed in.

import type { Problem } from "../../protocol/problem.ts";
import type { Driver, Endpoint, ProgramExit, ProgramRun, Visibility } from "./client_driver.ts";
import { PERSON_TIMEOUTS, type StepTimeouts } from "./step_outcome.ts";
import { quotedData } from "./describe_exit.ts";

/** Whoever works at the client. */
export interface Tester {
  /** Tells something, one line. */
  tell(line: string): void;
  /** Asks a question for yes or no; nothing when nobody is there to answer. */
  ask(question: string): Promise<boolean | undefined>;
}

/** What a {@linkcode PersonDriver} needs. */
export interface PersonDriverOptions {
  readonly person: Tester;
  readonly meeting: Endpoint;
  readonly timeouts?: StepTimeouts;
}

/** Drives a client through a person. */
export class PersonDriver implements Driver {
  readonly byHand = true;
  readonly timeouts: StepTimeouts;
  readonly #person: Tester;
  readonly #meeting: Endpoint;
  /** Whether the client runs, as far as is known. */
  #state: "off" | "running" | "ended" = "off";
  #starts = 0;

  constructor({ person, meeting, timeouts }: PersonDriverOptions) {
    this.#person = person;
    this.#meeting = meeting;
    this.timeouts = timeouts ?? PERSON_TIMEOUTS;
  }

  start(): Promise<Problem | undefined> {
    const again = this.#starts++ === 0 ? "" : " again";
    this.#person.tell(`Start your client${again} in another terminal: ${placeText(this.#meeting)}`);
    this.#state = "running";
    return Promise.resolve(undefined);
  }

  type(line: string): Promise<void> {
    this.#person.tell(`Type into your client, then press Enter: ${line}`);
    return Promise.resolve();
  }

  typeName(name: string): Promise<void> {
    this.#person.tell(`If your client asks for a name, answer: ${name}`);
    return Promise.resolve();
  }

  endInput(): Promise<void> {
    this.#person.tell("Press CTRL-D in your client, on an empty line");
    return Promise.resolve();
  }

  signal(name: "SIGINT" | "SIGTERM"): Promise<boolean> {
    this.#person.tell(
      name === "SIGINT"
        ? "Press CTRL-C in your client"
        : "Send SIGTERM to your client: kill PID, from a third terminal",
    );
    return Promise.resolve(true);
  }

  clearOutput(): void {
    // A person remembers.
  }

  async waitForOutput(texts: readonly string[]): Promise<Visibility> {
    return seen(
      await this.#person.ask(`Did your client show ${texts.map(quotedData).join(" and ")}?`),
    );
  }

  async outputLacks(text: string): Promise<Visibility> {
    const shown = await this.#person.ask(`Did your client show ${quotedData(text)} already?`);
    return seen(shown === undefined ? undefined : !shown);
  }

  screen(): undefined {
    return undefined;
  }

  async ended(ms: number): Promise<ProgramExit | "running" | "unseen"> {
    if (ms === 0) return "unseen";
    const ended = await this.#person.ask("Has your client ended?");
    if (ended === undefined) return "unseen";
    if (!ended) return "running";
    this.#state = "ended";
    const well = await this.#person.ask("Did it end without an error message?");
    return { code: well === false ? 1 : 0, signal: null };
  }

  load(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  stop(): Promise<void> {
    if (this.#state === "running") this.#person.tell("End your client, if it still runs");
    this.#state = "off";
    return Promise.resolve();
  }

  runWithBadArguments(): Promise<ProgramRun | undefined> {
    return Promise.resolve(undefined);
  }
}

function placeText(meeting: Endpoint): string {
  if (meeting.kind === "unix") return `socket ${meeting.path}`;
  return `host ${meeting.host}, port ${meeting.port}`;
}

function seen(answer: boolean | undefined): Visibility {
  return answer === undefined ? "unseen" : answer ? "yes" : "no";
}
