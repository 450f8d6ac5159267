// The client under check with its connection: sends packets and typed lines, and expects bytes and
// output. Every wait has a deadline.

import type { Clock } from "../../shared/clock.ts";
import type { ClientCheckTexts } from "../../texts/texts.ts";
import { pause } from "../timing.ts";
import { type Show, visibleBytes } from "../visible.ts";
import type { AcceptQueue } from "./accept_queue.ts";
import { AcceptedClient } from "./accepted_client.ts";
import type { Driver } from "./client_driver.ts";
import type { ProgramExit } from "../isolated_process.ts";
import { decodedText, encodedText, quotedText } from "./encoded_text.ts";
import { exitText } from "../program_exit.ts";
import type { Recorder, StepOutcome, StepTimeouts } from "./step_outcome.ts";

/** The name that is typed for a client that asks for one. */
const TYPED_NAME = "ana";

/** How often to poll for a connection or for the end of the client, in milliseconds. */
const POLL_MS = 100;

/** What is learnt about a client and holds for its next start. */
export interface ClientTraits {
  /** Where its name comes from: its own, the first line of its input, or its arguments. */
  naming: "unknown" | "own" | "typed" | "argument";
  /** What a dialect remembers about the client, by a key of its own. */
  readonly notes: Map<string, string>;
}

/** Bytes that should come from the client. */
export interface Expectation {
  /** The likeliest first: the report shows that one. */
  readonly accepted: readonly Uint8Array[];
  readonly hint: string;
  /** The line that was typed for them. */
  readonly typed?: string;
  /** Clears bytes that may have any value, before the comparison. */
  readonly canonical?: (got: Uint8Array) => Uint8Array;
  /** Called with the number of reads in which the bytes came. */
  readonly onReads?: (reads: number) => void;
}

/** What a {@linkcode ClientProbe} needs. */
export interface ClientProbeOptions {
  readonly driver: Driver;
  readonly connections: AcceptQueue;
  readonly record: Recorder;
  readonly clock: Clock;
  readonly texts: ClientCheckTexts;
  /** Whether a client of this dialect may ask its user for a name first. */
  readonly asksName: boolean;
}

/** The client under check and the connection it made. */
export class ClientProbe {
  readonly driver: Driver;
  readonly texts: ClientCheckTexts;
  /** How bytes look in a report; frames are shown as such once their layout is known. */
  show: Show = visibleBytes;
  readonly traits: ClientTraits = { naming: "unknown", notes: new Map() };
  /** The name that the client is given where it takes one. */
  wantedName = TYPED_NAME;
  /** The name that it has registered. */
  registeredName = "";
  readonly #connections: AcceptQueue;
  readonly #record: Recorder;
  readonly #clock: Clock;
  readonly #asksName: boolean;
  #wire: AcceptedClient | undefined;
  #nameTyped = false;
  #hasShown = false;

  constructor({ driver, connections, record, clock, texts, asksName }: ClientProbeOptions) {
    this.driver = driver;
    this.texts = texts;
    this.#connections = connections;
    this.#record = record;
    this.#clock = clock;
    this.#asksName = asksName;
  }

  /** The connection of the client. */
  get wire(): AcceptedClient {
    if (this.#wire === undefined) throw new Error("The client is not connected");
    return this.#wire;
  }

  get timeouts(): StepTimeouts {
    return this.driver.timeouts;
  }

  /** Starts the client and waits for its connection. */
  async connect(): Promise<StepOutcome> {
    const { driver, traits } = this;
    const outcome = await this.#connectOnce();
    if (outcome === undefined || traits.naming !== "unknown" || driver.namedByArgument) {
      return outcome;
    }
    // A client that ends without a connection may want its name as an argument.
    const hasEnded = typeof await driver.ended(0) !== "string";
    if (driver.byHand || !hasEnded || !driver.nameByArgument(true)) return outcome;
    await this.stop();
    if (await this.#connectOnce() === undefined) return undefined;
    await this.stop();
    driver.nameByArgument(false);
    return outcome;
  }

  async #connectOnce(): Promise<StepOutcome> {
    this.#connections.clear();
    this.#nameTyped = false;
    const { start } = this.texts;
    const problem = await this.driver.start(this.wantedName);
    if (problem !== undefined) return miss(start.starts, problem.error, start.checkCommand);
    if (this.traits.naming === "typed") {
      if (this.driver.onTerminal) await this.#awaitPrompt();
      await this.typeName();
    }
    const { nameMs, startMs } = this.timeouts;
    if (await this.#accept(nameMs)) return undefined;
    // A client may ask for the name before it connects.
    if (this.traits.naming === "unknown") await this.typeName();
    if (await this.#accept(startMs - nameMs)) return undefined;
    const ending = await this.driver.ended(0);
    const screen = this.driver.screen() ?? "";
    const isKilled = typeof ending !== "string" && ending.passed !== undefined;
    const received = typeof ending === "string"
      ? start.noConnection
      : exitText(ending, this.texts.exits);
    return likelyMiss(
      start.connection,
      screen === "" ? received : start.showed(received, this.quoted(screen)),
      isKilled ? start.limits : start.address,
    );
  }

  /** Waits for the client to connect once more by itself; that connection is closed. */
  async reconnects(): Promise<boolean> {
    const accepted = await this.#connections.next(this.timeouts.answerMs);
    accepted?.close();
    return accepted !== undefined;
  }

  /** Waits at most `ms` for the client to end, or to connect again: then it is "running". */
  async waitForExit(ms: number): Promise<ProgramExit | "running" | "unseen"> {
    if (this.driver.byHand) return await this.driver.ended(ms); // a person is asked once
    const deadline = this.#clock.monotonic() + ms;
    for (;;) {
      const left = Math.max(0, deadline - this.#clock.monotonic());
      const ending = await this.driver.ended(Math.min(POLL_MS, left));
      if (ending !== "running" || left === 0 || this.#connections.hasWaiting) return ending;
    }
  }

  /** Types the name, once for each start, if a client of this dialect may ask for it. */
  async typeName(): Promise<void> {
    if (!this.#asksName || this.#nameTyped || this.driver.namedByArgument) return;
    this.#nameTyped = true;
    await this.driver.typeName(this.wantedName);
  }

  /** Waits for the client's first bytes; types the name if none come without it. */
  async waitForFirstBytes(): Promise<void> {
    const hasCome = () => this.wire.unread.length > 0 || this.wire.end !== "open" || undefined;
    const { nameMs, startMs } = this.timeouts;
    if (await this.wire.until(hasCome, this.traits.naming === "own" ? startMs : nameMs)) return;
    await this.typeName();
    await this.wire.until(hasCome, startMs);
  }

  /** Remembers the name that the client has registered, and where it comes from. */
  learnName(name: string): void {
    this.registeredName = name;
    if (this.wantedName !== TYPED_NAME) return; // where it comes from is known by then
    const isWanted = name === TYPED_NAME;
    this.traits.naming = isWanted && this.driver.namedByArgument
      ? "argument"
      : isWanted && this.#nameTyped
      ? "typed"
      : "own";
  }

  /** Whether a name was typed for this start of the client. */
  get isNameTyped(): boolean {
    return this.#nameTyped;
  }

  /** Whether a name was typed that the client did not ask for, so that it may come as a message. */
  get nameIsText(): boolean {
    return this.#nameTyped && this.traits.naming === "own";
  }

  /** Waits for silence, then drops all bytes and output so far. */
  async settle(): Promise<void> {
    await this.wire.quiet(this.timeouts.quietMs);
    this.wire.take();
    this.driver.clearOutput();
  }

  /** Waits so long that what follows comes in a packet of its own. */
  pause(): Promise<void> {
    return pause(this.#clock, this.timeouts.quietMs);
  }

  /** Forgets the output so far and sends each part as one packet. */
  async send(...parts: (string | Uint8Array)[]): Promise<void> {
    this.driver.clearOutput();
    for (const [index, part] of parts.entries()) {
      if (index > 0) await this.pause();
      await this.wire.send(typeof part === "string" ? encodedText(part) : part);
    }
  }

  /** Types a line, or several as one paste, and expects one of the `accepted` texts on the wire. */
  async type(
    lines: string | readonly string[],
    accepted: readonly string[],
    hint: string,
  ): Promise<StepOutcome> {
    this.driver.clearOutput();
    await this.driver.type(...[lines].flat());
    const [typed = ""] = [lines].flat();
    return await this.expectBytes({ accepted: accepted.map(encodedText), hint, typed });
  }

  /** Expects one of the accepted byte strings and no other byte. */
  async expectBytes(
    { accepted, hint, typed, canonical = (got) => got, onReads }: Expectation,
  ): Promise<StepOutcome> {
    const least = Math.min(...accepted.map((one) => one.length));
    const { wire } = this;
    await wire.until(
      () => wire.unread.length >= least || wire.end !== "open" || undefined,
      this.timeouts.answerMs,
    );
    await wire.quiet(this.timeouts.quietMs);
    onReads?.(wire.reads.length);
    const got = wire.take();
    if (accepted.some((one) => isSame(one, canonical(got)))) return undefined;
    const first = accepted[0] ?? new Uint8Array(0);
    const isNul = got.includes(0) && !first.includes(0);
    if (typed !== undefined && got.length > 0 && !decodedText(got).includes(typed.slice(0, 8))) {
      return likelyMiss(this.#quotedBytes(first), this.received(got), this.texts.data.notTyped);
    }
    return miss(
      this.#quotedBytes(first),
      this.received(got),
      isNul ? this.texts.data.nulHint : hint,
    );
  }

  /** Expects all `texts` in the output since the last packets or the last typed line. */
  async expectOutput(texts: readonly string[], hint: string): Promise<StepOutcome> {
    const seen = await this.driver.waitForOutput(texts);
    if (seen === "yes") {
      this.#hasShown = true;
      return undefined;
    }
    const { data, skipped } = this.texts;
    const wanted = data.all(texts.map((text) => this.quoted(text)));
    if (seen === "unseen") return skip(skipped.unknownShown(wanted));
    const screen = this.driver.screen() ?? "";
    return likelyMiss(
      data.onScreen(wanted),
      this.driver.byHand ? data.notSeen : data.screenShowed(this.quoted(screen)),
      screen === "" && !this.#hasShown && !this.driver.byHand ? data.orFlush(hint) : hint,
    );
  }

  /** Expects that `text` is not in the output. */
  async expectNoOutput(text: string, hint: string): Promise<StepOutcome> {
    const hidden = await this.driver.outputLacks(text);
    if (hidden === "yes") return undefined;
    const { data, skipped } = this.texts;
    if (hidden === "unseen") return skip(skipped.unknownShown(this.quoted(text)));
    const received = data.screenShowed(this.quoted(this.driver.screen() ?? text));
    return miss(data.notOnScreen(this.quoted(text)), received, hint);
  }

  /** The bytes for a report, and how the client's stream ended. */
  received(got: Uint8Array): string {
    return this.texts.data.received(this.#quotedBytes(got), this.wire.end);
  }

  /** See {@linkcode quotedText}. */
  quoted(text: string): string {
    return quotedText(text, this.texts);
  }

  /** Ends the client and its connection. */
  async stop(): Promise<void> {
    await this.#wire?.close();
    this.#wire = undefined;
    await this.driver.stop();
  }

  #quotedBytes(bytes: Uint8Array): string {
    return bytes.length === 0 ? this.texts.data.nothing : `"${this.show(bytes)}"`;
  }

  /**
   * Waits until a program on a terminal shows something: keys that come before it has set up its
   * terminal are other keys.
   */
  async #awaitPrompt(): Promise<void> {
    const deadline = this.#clock.monotonic() + this.timeouts.nameMs;
    while (this.driver.screen() === "" && this.#clock.monotonic() < deadline) await this.pause();
    await this.pause();
  }

  /** Waits at most `ms` for a connection; false if none came, or the client has ended. */
  async #accept(ms: number): Promise<boolean> {
    const deadline = this.#clock.monotonic() + ms;
    while (this.#connections.isOpen && this.#clock.monotonic() < deadline) {
      const conn = await this.#connections.next(Math.min(POLL_MS, ms));
      if (conn !== undefined) {
        this.#wire = new AcceptedClient(conn, this.#record, this.#clock);
        return true;
      }
      const hasEnded = !this.driver.byHand && await this.driver.ended(0) !== "running";
      if (hasEnded) return false;
    }
    return false;
  }
}

/** The client did not do as expected. */
export function miss(expected: string, received: string, hint: string): StepOutcome {
  return { kind: "miss", expected, received, hint };
}

/** The same with a hint that fits what came, though no byte proves it. */
function likelyMiss(expected: string, received: string, hint: string): StepOutcome {
  return { kind: "miss", expected, received, hint, isLikely: true };
}

/** The step could not be tried, or its result could not be seen. */
export function skip(because: string): StepOutcome {
  return { kind: "skip", because };
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
