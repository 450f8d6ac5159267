// The step that gives a client other names: one of 8 characters and one with an accent. And how a
// report says where the name of a client comes from.

import type { ClientCheckTexts } from "../../texts/texts.ts";
import { type ClientProbe, miss, skip } from "./client_probe.ts";
import type { ClientStep, ClientSuite } from "./client_suite.ts";
import type { StepOutcome } from "./step_outcome.ts";

/** The shortest buffers of beginners hold 8 characters and the NUL; `ë` has two bytes in UTF-8. */
const OTHER_NAMES = ["annabell", "Zoë"];

/** Registers under other names, for a client that takes one. */
export function otherNames(
  { titles }: ClientCheckTexts,
  sources: readonly string[],
  greet: ClientSuite["greet"],
): ClientStep {
  return {
    check: { id: "other-names", sources, title: titles.names["other-names"], level: "advised" },
    needs: "chatting",
    leaves: "off",
    async run(probe) {
      const { traits, texts: { names }, wantedName: before } = probe;
      if (traits.naming === "own") return skip(names.itsOwn);
      try {
        for (const name of OTHER_NAMES) {
          await probe.stop();
          probe.wantedName = name;
          const outcome = await registers(probe, name, greet);
          if (outcome?.kind === "miss") return { ...outcome, hint: names.hint, isLikely: true };
        }
        return undefined;
      } finally {
        probe.wantedName = before;
      }
    },
  };
}

async function registers(
  probe: ClientProbe,
  name: string,
  greet: ClientSuite["greet"],
): Promise<StepOutcome> {
  const { names } = probe.texts;
  const outcome = await probe.connect() ?? await greet(probe);
  if (outcome?.kind === "miss" || probe.registeredName === name) return outcome;
  return miss(names.registered(name), probe.quoted(probe.registeredName), names.hint);
}

/** The outcome of a registration that succeeded: its title says where the name comes from. */
export function withNaming(
  { traits, driver, texts: { names } }: ClientProbe,
  title: string,
): StepOutcome {
  const { naming } = traits;
  if (naming === "unknown" || driver.byHand) return { kind: "noted", title };
  return { kind: "noted", title: names.from[naming](title) };
}
