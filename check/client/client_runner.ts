// The order of a check: brings the client as far as each step needs, runs the step, and hands over
// one finding for each. It knows neither the steps nor how a client is driven.

import { type Clock, systemClock } from "../../shared/clock.ts";
import type { Check, CheckVerdict, Exchange, Finding } from "../finding.ts";
import type { Driver } from "./client_driver.ts";
import type { Listener } from "./accept_queue.ts";
import { AcceptQueue } from "./accept_queue.ts";
import { ClientProbe } from "./client_probe.ts";
import type { ClientStep, ClientSuite, Readiness } from "./client_suite.ts";
import type { StepOutcome } from "./step_outcome.ts";

/** Bytes kept of what crossed the wire in one check: a client that runs wild sends for ever. */
const MAX_TRANSCRIPT_BYTES = 64 * 1024;

const ORDER: readonly Readiness[] = ["off", "connected", "chatting"];

/** What a check of a client needs. */
export interface ClientCheckOptions {
  readonly sheet: ClientSuite;
  readonly door: Listener;
  /** Makes the driver; it tells `record` of what it types and sees. */
  readonly driver: (record: (exchange: Exchange) => void) => Driver;
  /** Ends the check early: what is left is not tried. */
  readonly stop?: AbortSignal;
  /** The system's, by default. */
  readonly clock?: Clock;
}

/** Runs every step of the sheet; a finding comes as soon as its step is done. */
export async function* checkClient(options: ClientCheckOptions): AsyncGenerator<Finding> {
  const { clock = systemClock } = options;
  const transcript = new Transcript();
  const lobby = new AcceptQueue(options.door, clock);
  const driver = options.driver((exchange) => transcript.add(exchange));
  const record = (exchange: Exchange): void => transcript.add(exchange);
  const stage = new ClientProbe({ driver, lobby, record, clock, asksName: options.sheet.asksName });
  const abort = (): void => {
    lobby.close(); // nobody waits for a connection any more
    stage.over();
  };
  options.stop?.addEventListener("abort", abort);
  try {
    const course = new ClientRunner(stage, options.sheet);
    for (const step of options.sheet.steps) {
      if (options.stop?.aborted) return;
      const before = clock.monotonic();
      const outcome = await course.take(step).catch((problem) => {
        if (!options.stop?.aborted) throw problem; // else the client was taken from under the step
        return undefined;
      });
      if (options.stop?.aborted) return;
      yield {
        check: titled(step.check, outcome),
        verdict: verdictOf(outcome),
        transcript: outcome?.kind === "skip" ? transcript.forget() : transcript.take(),
        took: clock.monotonic() - before,
      };
      await course.rest();
      transcript.take();
    }
  } finally {
    options.stop?.removeEventListener("abort", abort);
    await stage.over();
    await lobby.close();
  }
}

/** How far the client is, and how it is brought further. */
class ClientRunner {
  readonly #stage: ClientProbe;
  readonly #sheet: ClientSuite;
  #at: Readiness = "off";
  #isOver = false;
  /** What could not be reached, and why: it is not tried again for every step. */
  #barred: { readonly from: Readiness; readonly because: string } | undefined;

  constructor(stage: ClientProbe, sheet: ClientSuite) {
    this.#stage = stage;
    this.#sheet = sheet;
  }

  async take(step: ClientStep): Promise<StepOutcome> {
    const outcome = await this.#reach(step.needs) ?? await this.#attempt(step);
    if (outcome?.kind === "miss" && rank(step.leaves) > rank(step.needs)) {
      this.#bar(step.leaves, `${step.check.id} failed`);
    }
    return outcome;
  }

  /** Ends a client that is done with; its last words belong to no check. */
  async rest(): Promise<void> {
    if (this.#isOver) await this.#end();
  }

  async #attempt(step: ClientStep): Promise<StepOutcome> {
    const outcome = await step.run(this.#stage);
    // Whatever went wrong must not spoil the checks behind it.
    const next = outcome === undefined || outcome.kind !== "miss" ? step.leaves : "off";
    this.#isOver = next === "off";
    this.#at = next;
    return outcome;
  }

  /** Brings the client to where a step begins; what prevents it when it cannot be. */
  async #reach(needed: Readiness): Promise<StepOutcome> {
    if (this.#barred !== undefined && rank(needed) >= rank(this.#barred.from)) {
      return { kind: "skip", because: this.#barred.because };
    }
    if (rank(this.#at) > rank(needed)) await this.#end();
    if (rank(this.#at) < rank(needed) && this.#at === "off") {
      if (await this.#stage.connects() !== undefined) {
        return await this.#fails("connected", "it did not connect again");
      }
      this.#at = "connected";
    }
    if (rank(this.#at) < rank(needed)) {
      const outcome = await this.#sheet.greet(this.#stage);
      if (outcome?.kind === "miss" || outcome?.kind === "skip") {
        return await this.#fails("chatting", "it did not introduce itself again");
      }
      this.#at = "chatting";
    }
    return undefined;
  }

  async #fails(from: Readiness, because: string): Promise<StepOutcome> {
    await this.#end();
    return this.#bar(from, because);
  }

  #bar(from: Readiness, because: string): StepOutcome {
    this.#barred ??= { from, because };
    return { kind: "skip", because };
  }

  async #end(): Promise<void> {
    await this.#stage.over();
    this.#at = "off";
    this.#isOver = false;
  }
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

/** What was exchanged since it was last asked for. */
class Transcript {
  #exchanges: Exchange[] = [];
  #bytes = 0;

  add(exchange: Exchange): void {
    this.#bytes += exchange.bytes.length;
    if (this.#bytes <= MAX_TRANSCRIPT_BYTES) this.#exchanges.push(exchange);
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
