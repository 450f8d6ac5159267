// The step that types two lines at the same time, as a paste or a pipe does: both must be sent.
// Where select() waits and fgets() reads, the second stays in the buffer of stdin.

import type { ClientCheckTexts } from "../../texts/texts.ts";
import type { ClientProbe } from "./client_probe.ts";
import type { ClientStep } from "./client_suite.ts";
import type { StepOutcome } from "./step_outcome.ts";

const PASTED = ["the first of two", "the second of two"] as const;

/** `paste` types the two lines and expects both on the wire. */
export function pastedLines(
  { titles, pasted }: ClientCheckTexts,
  sources: readonly string[],
  paste: (probe: ClientProbe, lines: typeof PASTED) => Promise<StepOutcome>,
): ClientStep {
  return {
    check: { id: "pasted-lines", sources, title: titles.pasted["pasted-lines"], level: "advised" },
    needs: "chatting",
    leaves: "chatting",
    types: true,
    async run(probe) {
      if (probe.driver.byHand) return { kind: "skip", because: probe.texts.skipped.byHand };
      const outcome = await paste(probe, PASTED);
      return outcome?.kind === "miss" ? { ...outcome, hint: pasted.hint, isLikely: true } : outcome;
    },
  };
}
