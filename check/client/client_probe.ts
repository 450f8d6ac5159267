// One client at work: started, connected, and the words in which a dialect's steps say what should
// happen next. Every wait has a deadline. It knows no dialect and no program.

import type { Clock } from "../../shared/clock.ts";
import type { Driver, ProgramExit } from "./client_driver.ts";
import type { AcceptQueue } from "./accept_queue.ts";
import type { Recorder, StepOutcome, StepTimeouts } from "./step_outcome.ts";
import { AcceptedClient } from "./accepted_client.ts";
import { encodedText, exitText, quotedData } from "./describe_exit.ts";
import { pause } from "../timing.ts";
import { type Show, visibleBytes } from "../visible.ts";

/** The name that is typed where a client asks for one. */
export const TYPED_NAME = "ana";

/** How often a client is looked at that is to connect, or to end and might connect, in milliseconds. */
const LOOK_MS = 100;

const NUL_HINT =
  "The NUL that ends a C string is sent too: send strlen(text) bytes, not the size " +
  "of the buffer";
const FLUSH_HINT = "; if it shows when the program ends, the output is not flushed: fflush(stdout)";

/** What is learnt about a client and holds for its next start. */
export interface ClientTraits {
  /** Whether it has its name without being asked, or reads it as the first line of its input. */
  naming: "unknown" | "own" | "typed";
  /** Whatever a dialect needs to remember about the client's ways. */
  readonly notes: Map<string, string>;
}

/** What should come from the client. */
export interface Expectation {
  /** The likeliest first: it is the one that is reported. */
  readonly accepted: readonly Uint8Array[];
  readonly hint: string;
  /** Evens out bytes that may be anything. */
  readonly canonical?: (got: Uint8Array) => Uint8Array;
  /** Told in how many reads it came. */
  readonly onReads?: (reads: number) => void;
}

/** What a stage is made of. */
export interface ClientProbeOptions {
  readonly driver: Driver;
  readonly lobby: AcceptQueue;
  readonly record: Recorder;
  readonly clock: Clock;
  /** Whether a client of this dialect may ask its user for a name first. */
  readonly asksName: boolean;
}

/** The client under check and the connection it made. */
export class ClientProbe {
  readonly driver: Driver;
  /** How bytes look in a report; frames are shown as such once their layout is known. */
  show: Show = visibleBytes;
  readonly memory: ClientTraits = { naming: "unknown", notes: new Map() };
  readonly #lobby: AcceptQueue;
  readonly #record: Recorder;
  readonly #clock: Clock;
  readonly #asksName: boolean;
  #wire: AcceptedClient | undefined;
  #nameTyped = false;
  #hasShown = false;

  constructor({ driver, lobby, record, clock, asksName }: ClientProbeOptions) {
    this.driver = driver;
    this.#lobby = lobby;
    this.#record = record;
    this.#clock = clock;
    this.#asksName = asksName;
  }

  /** The connection of the client. */
  get wire(): AcceptedClient {
    if (this.#wire === undefined) throw new Error("The client is not connected");
    return this.#wire;
  }

  get patience(): StepTimeouts {
    return this.driver.timeouts;
  }

  /** Starts the client and waits for its connection. */
  async connects(): Promise<StepOutcome> {
    this.#lobby.clear();
    this.#nameTyped = false;
    const problem = await this.driver.start();
    if (problem !== undefined) {
      return miss("the program starts", problem.error, "Check the command behind --");
    }
    if (this.memory.naming === "typed") await this.typeName();
    const { nameMs, startMs } = this.patience;
    if (await this.#arrives(nameMs)) return undefined;
    // A client may ask for the name before it connects.
    if (this.memory.naming === "unknown") await this.typeName();
    if (await this.#arrives(startMs - nameMs)) return undefined;
    const ending = await this.driver.ended(0);
    const screen = this.driver.screen() ?? "";
    const received = typeof ending === "string" ? "no connection" : exitText(ending);
    return miss(
      "a connection to the address it was given",
      screen === "" ? received : `${received}; it showed ${quotedData(screen)}`,
      "The client takes its address from its arguments: put {host}, {port} or {path} where they " +
        "belong in the command",
    );
  }

  /** Whether the client has connected once more by itself; that connection is turned away. */
  async cameAgain(): Promise<boolean> {
    const accepted = await this.#lobby.next(this.patience.answerMs);
    accepted?.close();
    return accepted !== undefined;
  }

  /** How the client ends within `ms`; one that has connected again goes on, so the wait is over. */
  async ends(ms: number): Promise<ProgramExit | "running" | "unseen"> {
    if (this.driver.byHand) return await this.driver.ended(ms); // a person is asked once
    const deadline = this.#clock.monotonic() + ms;
    for (;;) {
      const left = Math.max(0, deadline - this.#clock.monotonic());
      const ending = await this.driver.ended(Math.min(LOOK_MS, left));
      if (ending !== "running" || left === 0 || this.#lobby.hasWaiting) return ending;
    }
  }

  /** Types the name once a start, where a client may ask for it. */
  async typeName(): Promise<void> {
    if (!this.#asksName || this.#nameTyped) return;
    this.#nameTyped = true;
    await this.driver.typeName(TYPED_NAME);
  }

  /** Waits for the client's first bytes, typing the name when none come by themselves. */
  async firstBytes(): Promise<void> {
    const come = () => this.wire.unread.length > 0 || this.wire.end !== "open" || undefined;
    const { nameMs, startMs } = this.patience;
    if (await this.wire.until(come, this.memory.naming === "own" ? startMs : nameMs)) return;
    await this.typeName();
    await this.wire.until(come, startMs);
  }

  /** Remembers where the client's name comes from. */
  learnName(name: string): void {
    this.memory.naming = this.#nameTyped && name === TYPED_NAME ? "typed" : "own";
  }

  /** Whether a name was typed that the client did not ask for, so that it may come as a message. */
  get nameIsText(): boolean {
    return this.#nameTyped && this.memory.naming === "own";
  }

  /** Waits for silence and forgets what came, on the wire and on the screen. */
  async settle(): Promise<void> {
    await this.wire.quiet(this.patience.quietMs);
    this.wire.take();
    this.driver.clearOutput();
  }

  /** Lets so much time pass that what follows comes apart from what was before. */
  pause(): Promise<void> {
    return pause(this.#clock, this.patience.quietMs);
  }

  /** Sends the parts as a packet each, and has the screen watched from then on. */
  async sends(...parts: (string | Uint8Array)[]): Promise<void> {
    this.driver.clearOutput();
    for (const [index, part] of parts.entries()) {
      if (index > 0) await this.pause();
      await this.wire.send(typeof part === "string" ? encodedText(part) : part);
    }
  }

  /** Types a line and expects one of these byte strings, and nothing else, on the wire. */
  async types(line: string, accepted: readonly string[], hint: string): Promise<StepOutcome> {
    this.driver.clearOutput();
    await this.driver.type(line);
    return await this.hears({ accepted: accepted.map(encodedText), hint });
  }

  /** Expects one of several byte strings and nothing else. */
  async hears(
    { accepted, hint, canonical = (got) => got, onReads }: Expectation,
  ): Promise<StepOutcome> {
    const least = Math.min(...accepted.map((one) => one.length));
    const { wire } = this;
    await wire.until(
      () => wire.unread.length >= least || wire.end !== "open" || undefined,
      this.patience.answerMs,
    );
    await wire.quiet(this.patience.quietMs);
    onReads?.(wire.reads.length);
    const got = wire.take();
    if (accepted.some((one) => isSame(one, canonical(got)))) return undefined;
    const first = accepted[0] ?? new Uint8Array(0);
    const isNul = got.includes(0) && !first.includes(0);
    return miss(this.#quoted(first), this.received(got), isNul ? NUL_HINT : hint);
  }

  /** Expects all these texts on the screen since the last packets or the last line typed. */
  async shows(texts: readonly string[], hint: string): Promise<StepOutcome> {
    const seen = await this.driver.waitForOutput(texts);
    if (seen === "yes") {
      this.#hasShown = true;
      return undefined;
    }
    const wanted = texts.map(quotedData).join(" and ");
    if (seen === "unseen") return unobserved(`whether it showed ${wanted}`);
    const screen = this.driver.screen() ?? "";
    return miss(
      `${wanted} on the screen`,
      this.driver.byHand ? "you did not see it" : `the screen showed ${quotedData(screen)}`,
      screen === "" && !this.#hasShown && !this.driver.byHand ? hint + FLUSH_HINT : hint,
    );
  }

  /** Expects that `text` is not on the screen. */
  async hides(text: string, hint: string): Promise<StepOutcome> {
    const hidden = await this.driver.outputLacks(text);
    if (hidden === "yes") return undefined;
    if (hidden === "unseen") return unobserved(`whether it showed ${quotedData(text)}`);
    const received = `the screen showed ${quotedData(this.driver.screen() ?? text)}`;
    return miss(`no ${quotedData(text)} on the screen`, received, hint);
  }

  /** What came, and that nothing more will. */
  received(got: Uint8Array): string {
    const end = { open: "", fin: "it closed", reset: "it reset", flood: "it sends without end" };
    const ending = end[this.wire.end];
    if (ending === "" || this.wire.end === "flood") {
      return [this.#quoted(got), ending].filter(Boolean).join(", ");
    }
    return `${this.#quoted(got)}, then ${ending} the connection`;
  }

  /** Ends the client and its connection. */
  async over(): Promise<void> {
    await this.#wire?.close();
    this.#wire = undefined;
    await this.driver.stop();
  }

  #quoted(bytes: Uint8Array): string {
    return bytes.length === 0 ? "nothing" : `"${this.show(bytes)}"`;
  }

  /** Waits for a connection, as long as the client lives. */
  async #arrives(ms: number): Promise<boolean> {
    const deadline = this.#clock.monotonic() + ms;
    while (this.#lobby.isOpen && this.#clock.monotonic() < deadline) {
      const conn = await this.#lobby.next(Math.min(LOOK_MS, ms));
      if (conn !== undefined) {
        this.#wire = new AcceptedClient(conn, this.#record, this.#clock);
        return true;
      }
      const isGone = !this.driver.byHand && await this.driver.ended(0) !== "running";
      if (isGone) return false;
    }
    return false;
  }
}

/** Not as it should be. */
export function miss(expected: string, received: string, hint: string): StepOutcome {
  return { kind: "miss", expected, received, hint };
}

/** Nobody was there to see. */
export function unobserved(what: string): StepOutcome {
  return { kind: "skip", because: `nobody could tell ${what}` };
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
