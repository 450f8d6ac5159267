// How a dialect writes its steps down: the usual case said once. It knows no dialect.

import type { ClientStep, Readiness } from "./client_suite.ts";
import type { StepOutcome } from "./step_outcome.ts";
import type { ClientProbe } from "./client_probe.ts";
import type { Check } from "../finding.ts";

/** A text that is longer than a beginner's buffer and shorter than any cap (D18). */
export const LONG_TEXT = Array.from(
  { length: 500 },
  (_, at) => `word${String(at).padStart(3, "0")}.`,
)
  .join("");

/** What differs from a required step that begins and ends in the chat. */
export interface StepSettings {
  readonly level?: Check["level"];
  readonly needs?: Readiness;
  readonly leaves?: Readiness;
  /** False where it is too much for a person to type or to see. */
  readonly byHand?: false;
  run(stage: ClientProbe): Promise<StepOutcome>;
}

const BY_HAND: StepOutcome = {
  kind: "skip",
  because: "it is too much to do by hand: give the command that starts the client behind --",
};

/** One step of a dialect. */
export function step(
  id: string,
  sources: readonly string[],
  title: string,
  settings: StepSettings,
): ClientStep {
  const { level = "required", needs = "chatting", leaves = "chatting", byHand = true } = settings;
  return {
    check: { id, sources, title, level },
    needs,
    leaves,
    run: (stage) => byHand || !stage.driver.byHand ? settings.run(stage) : Promise.resolve(BY_HAND),
  };
}

/** Where it is remembered that a client hears the server only after its user has typed something. */
const SYNCHRONOUS = "hears after typing";

/** Makes the check that tells a client that waits for the keyboard, and remembers what it told. */
export function unasked(run: (stage: ClientProbe) => Promise<StepOutcome>) {
  return async (stage: ClientProbe): Promise<StepOutcome> => {
    const outcome = await run(stage);
    if (outcome?.kind === "miss") stage.memory.notes.set(SYNCHRONOUS, "yes");
    return outcome;
  };
}

/** Has such a client listen first, so that the check shows its own bug and not that one again. */
export function listening(
  nudge: (stage: ClientProbe) => Promise<StepOutcome>,
  run: (stage: ClientProbe) => Promise<StepOutcome>,
) {
  return async (stage: ClientProbe): Promise<StepOutcome> => {
    if (stage.memory.notes.has(SYNCHRONOUS)) await nudge(stage);
    return await run(stage);
  };
}
