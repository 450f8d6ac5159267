// Builds the steps of a dialect's suite, and wraps steps for clients that block on the keyboard.

import type { Check } from "../finding.ts";
import type { ClientProbe } from "./client_probe.ts";
import type { ClientStep, Readiness } from "./client_suite.ts";
import type { StepOutcome } from "./step_outcome.ts";

/** A text that is longer than a beginner's buffer and shorter than any cap (D18). */
export const LONG_TEXT = Array.from(
  { length: 500 },
  (_, at) => `word${String(at).padStart(3, "0")}.`,
)
  .join("");

/** Titles by the id of the step; a function takes the length of {@linkcode LONG_TEXT} in bytes. */
type StepTitles = Readonly<Record<string, string | ((bytes: number) => string)>>;

/** How a step differs from a required one that begins and ends while the client is `chatting`. */
export interface StepSettings {
  readonly level?: Check["level"];
  readonly needs?: Readiness;
  readonly leaves?: Readiness;
  /** See {@linkcode ClientStep.types}. */
  readonly types?: boolean;
  /** False if it is too much for a person to type or to see. */
  readonly byHand?: false;
  run(probe: ClientProbe): Promise<StepOutcome>;
}

/** Returns the function that makes the steps of a dialect with these titles. */
export function stepBuilder<Titles extends StepTitles>(titles: Titles) {
  return (
    id: keyof Titles & string,
    sources: readonly string[],
    settings: StepSettings,
  ): ClientStep => {
    const { level = "required", needs = "chatting", leaves = "chatting" } = settings;
    const { types = false, byHand = true } = settings;
    const title: StepTitles[string] = titles[id] ?? id;
    return {
      check: {
        id,
        sources,
        title: typeof title === "string" ? title : title(LONG_TEXT.length),
        level,
      },
      needs,
      leaves,
      types,
      run: (probe) => byHand || !probe.driver.byHand ? settings.run(probe) : tooMuch(probe),
    };
  };
}

function tooMuch({ texts }: ClientProbe): Promise<StepOutcome> {
  return Promise.resolve({ kind: "skip", because: texts.skipped.byHand });
}

/** Note of a client that reads from the server only after its user has typed something. */
const SYNCHRONOUS = "synchronous";

/** Whether the client was seen to read from the server only after its user has typed. */
export function isSynchronous({ traits }: ClientProbe): boolean {
  return traits.notes.has(SYNCHRONOUS);
}

/** Wraps the step that fails for a synchronous client; the failure is noted for later steps. */
export function unasked(run: (probe: ClientProbe) => Promise<StepOutcome>) {
  return async (probe: ClientProbe): Promise<StepOutcome> => {
    const outcome = await run(probe);
    if (outcome?.kind === "miss") probe.traits.notes.set(SYNCHRONOUS, "yes");
    return outcome;
  };
}

/** Wraps a later step: `nudge` makes a synchronous client read, so that only other bugs fail the step. */
export function listening(
  nudge: (probe: ClientProbe) => Promise<StepOutcome>,
  run: (probe: ClientProbe) => Promise<StepOutcome>,
) {
  return async (probe: ClientProbe): Promise<StepOutcome> => {
    if (isSynchronous(probe)) await nudge(probe);
    return await run(probe);
  };
}
