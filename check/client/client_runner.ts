// Runs the steps of a suite in order: brings the client to the state that each step needs, runs the
// step, and yields one finding for each.

import { type Clock, systemClock } from "../../shared/clock.ts";
import type { ClientCheckTexts } from "../../texts/texts.ts";
import type { Check, CheckVerdict, Exchange, Finding } from "../finding.ts";
import { AcceptQueue, type Listener } from "./accept_queue.ts";
import type { Driver } from "./client_driver.ts";
import { ClientProbe, skip } from "./client_probe.ts";
import type { ClientStep, ClientSuite, Readiness } from "./client_suite.ts";
import type { Recorder, StepOutcome } from "./step_outcome.ts";

/** Bytes of a transcript stored for one check: a client in an endless loop sends without end. */
const MAX_TRANSCRIPT_BYTES = 64 * 1024;

/** The step of every suite in which the client sends the first typed line. */
const SENDS = "sends";

const ORDER: readonly Readiness[] = ["off", "connected", "chatting"];

/** What a check of a client needs. */
export interface ClientCheckOptions {
  readonly suite: ClientSuite;
  readonly listener: Listener;
  /** Makes the driver; it passes to `record` what it types and what the client shows. */
  readonly driver: (record: Recorder) => Driver;
  readonly texts: ClientCheckTexts;
  /** Ends the check early; steps that are left do not run. */
  readonly stop?: AbortSignal;
  /** (default {@linkcode systemClock}) */
  readonly clock?: Clock;
}

/** Runs every step of the suite; yields a finding as soon as its step is done. */
export async function* checkClient(options: ClientCheckOptions): AsyncGenerator<Finding> {
  const { suite, texts, stop, clock = systemClock } = options;
  const transcript = new Transcript();
  const connections = new AcceptQueue(options.listener, clock);
  const record = (exchange: Exchange): void => transcript.add(exchange);
  const driver = options.driver(record);
  const { asksName } = suite;
  const probe = new ClientProbe({ driver, connections, record, clock, texts, asksName });
  const abort = (): void => {
    connections.close(); // ends a wait for a connection
    probe.stop();
  };
  stop?.addEventListener("abort", abort);
  try {
    const runner = new ClientRunner(probe, suite, transcript);
    for (const step of suite.steps) {
      if (stop?.aborted) return;
      const before = clock.monotonic();
      const outcome = await runner.run(step).catch((problem) => {
        if (!stop?.aborted) throw problem; // else the client was ended while the step ran
        return undefined;
      });
      if (stop?.aborted) return;
      yield {
        check: titled(step.check, outcome),
        verdict: verdictOf(outcome),
        transcript: outcome?.kind === "skip" ? transcript.forget() : transcript.take(),
        took: clock.monotonic() - before,
      };
      await runner.finishStep();
      transcript.take();
    }
  } finally {
    stop?.removeEventListener("abort", abort);
    await probe.stop();
    await connections.close();
  }
}

/** The state of the client, and the way from one state to the next. */
class ClientRunner {
  readonly #probe: ClientProbe;
  readonly #suite: ClientSuite;
  readonly #transcript: Transcript;
  /** Whether a typed line has reached the server: what fails later is not for want of a terminal. */
  #hasSent = false;
  #sendsNothing = false;
  #at: Readiness = "off";
  #isOver = false;
  /** The lowest state that could not be reached, and why; later steps do not try again. */
  #blocked: { readonly from: Readiness; readonly because: string } | undefined;

  constructor(probe: ClientProbe, suite: ClientSuite, transcript: Transcript) {
    this.#probe = probe;
    this.#suite = suite;
    this.#transcript = transcript;
  }

  async run(step: ClientStep): Promise<StepOutcome> {
    const wasBlocked = this.#blocked !== undefined;
    const before = [...this.#probe.traits.notes];
    const first = await this.#try(step);
    const hasFailed = first?.kind === "miss" || (!wasBlocked && this.#blocked !== undefined);
    const outcome = hasFailed && this.#mayNeedTerminal(step)
      ? await this.#tryOnTerminal(step, first, before)
      : first;
    if (step.check.id === SENDS) {
      this.#hasSent = outcome?.kind !== "miss" && outcome?.kind !== "skip";
    }
    this.#sendsNothing ||= step.check.id === SENDS && outcome?.kind === "miss";
    if (outcome?.kind === "miss" && rank(step.leaves) > rank(step.needs)) {
      this.#block(step.leaves, this.#probe.texts.skipped.failed(step.check.id));
    }
    return outcome;
  }

  /** Ends the client if the next step needs a new one; what it still sends belongs to no check. */
  async finishStep(): Promise<void> {
    if (this.#isOver) await this.#end();
  }

  async #try(step: ClientStep): Promise<StepOutcome> {
    if (step.types === true && this.#sendsNothing) {
      return skip(this.#probe.texts.skipped.failed(SENDS));
    }
    return await this.#reach(step.needs) ?? await this.#attempt(step);
  }

  #mayNeedTerminal({ check, leaves }: ClientStep): boolean {
    const { byHand, onTerminal } = this.#probe.driver;
    return !byHand && !onTerminal && !this.#hasSent && check.level === "required" &&
      leaves !== "off";
  }

  /** Tries a step that failed on pipes once more: a client may want to read single keys. */
  async #tryOnTerminal(
    step: ClientStep,
    first: StepOutcome,
    notesBefore: readonly (readonly [string, string])[],
  ): Promise<StepOutcome> {
    const { driver, texts, traits: { notes } } = this.#probe;
    await this.#end();
    if (!driver.useTerminal(true)) return first;
    const blocked = this.#blocked;
    this.#blocked = undefined;
    const notesAfter = [...notes];
    setAll(notes, notesBefore);
    const transcript = this.#transcript.take();
    const second = await this.#try(step);
    if (second === undefined || second.kind === "noted") {
      const title = second?.title ?? step.check.title;
      return { kind: "noted", title: texts.typing.onTerminal(title) };
    }
    await this.#end();
    driver.useTerminal(false);
    this.#blocked = blocked;
    setAll(notes, notesAfter);
    this.#transcript.replace(transcript);
    return first;
  }

  async #attempt(step: ClientStep): Promise<StepOutcome> {
    const outcome = await step.run(this.#probe);
    // A client that failed a step is ended, so that its state does not fail later steps.
    const next = outcome === undefined || outcome.kind !== "miss" ? step.leaves : "off";
    this.#isOver = next === "off";
    this.#at = next;
    return outcome;
  }

  /** Brings the client to the state `needed`; undefined if it is there, or why it is not. */
  async #reach(needed: Readiness): Promise<StepOutcome> {
    const { skipped } = this.#probe.texts;
    if (this.#blocked !== undefined && rank(needed) >= rank(this.#blocked.from)) {
      return skip(this.#blocked.because);
    }
    if (rank(this.#at) > rank(needed)) await this.#end();
    if (rank(this.#at) < rank(needed) && this.#at === "off") {
      if (await this.#probe.connect() !== undefined) {
        return await this.#fail("connected", skipped.notConnected);
      }
      this.#at = "connected";
    }
    if (rank(this.#at) < rank(needed)) {
      const outcome = await this.#suite.greet(this.#probe);
      if (outcome?.kind === "miss" || outcome?.kind === "skip") {
        return await this.#fail("chatting", skipped.notIntroduced);
      }
      this.#at = "chatting";
    }
    return undefined;
  }

  async #fail(from: Readiness, because: string): Promise<StepOutcome> {
    await this.#end();
    return this.#block(from, because);
  }

  #block(from: Readiness, because: string): StepOutcome {
    this.#blocked ??= { from, because };
    return skip(because);
  }

  async #end(): Promise<void> {
    await this.#probe.stop();
    this.#at = "off";
    this.#isOver = false;
  }
}

/** Makes `entries` the content of a map. */
function setAll(map: Map<string, string>, entries: readonly (readonly [string, string])[]): void {
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}

function rank(readiness: Readiness): number {
  return ORDER.indexOf(readiness);
}

function titled(check: Check, outcome: StepOutcome): Check {
  return outcome?.kind === "noted" ? { ...check, title: outcome.title } : check;
}

function verdictOf(outcome: StepOutcome): CheckVerdict {
  if (outcome === undefined || outcome.kind === "noted") return { kind: "pass" };
  if (outcome.kind === "skip") return outcome;
  return { ...outcome, kind: "fail" };
}

/** The exchanges since the last {@linkcode take}. */
class Transcript {
  #exchanges: Exchange[] = [];
  #bytes = 0;

  add(exchange: Exchange): void {
    this.#bytes += exchange.bytes.length;
    if (this.#bytes <= MAX_TRANSCRIPT_BYTES) this.#exchanges.push(exchange);
  }

  /** Has these exchanges in place of those since the last {@linkcode take}. */
  replace(exchanges: readonly Exchange[]): void {
    this.take();
    for (const exchange of exchanges) this.add(exchange);
  }

  take(): readonly Exchange[] {
    this.#bytes = 0;
    return this.#exchanges.splice(0);
  }

  forget(): readonly Exchange[] {
    this.take();
    return [];
  }
}
