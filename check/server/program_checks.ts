// Checks of a server as a program, which the check has to start itself: their type, and how they
// become one dialect's.

import type { Check } from "../finding.ts";
import type { ServerCheckId, UntitledCheck } from "./common_checks.ts";
import type { DialectProbe } from "./dialect_probe.ts";
import { lastLines } from "./program_death.ts";
import type { ServedProgram } from "./served_program.ts";
import type { ServerProbe } from "./server_probe.ts";

/** The id of such a check. */
export type ProgramCheckId = ServerCheckId<"program">;

/** The program, freshly started, and the way to talk to it. */
export interface ProgramScene {
  readonly probe: ServerProbe;
  readonly program: ServedProgram;
  readonly dialect: DialectProbe;
}

/** A check without the parts that depend on the dialect. */
export interface ProgramCheck {
  readonly id: ProgramCheckId;
  /** Ids of the checks that must pass first. */
  readonly needs?: readonly string[];
  run(scene: ProgramScene): Promise<void>;
}

/** The level and the sources of each check in one dialect, which lacks the others. */
export type ProgramSources = Readonly<
  Partial<Record<ProgramCheckId, readonly [Check["level"], ...string[]]>>
>;

/** Those of `rows` that `asked` names, as checks of one dialect. */
export function programChecks(
  rows: readonly ProgramCheck[],
  dialect: DialectProbe,
  asked: ProgramSources,
): UntitledCheck<ProgramCheckId>[] {
  return rows.flatMap(({ id, needs = [], run }) => {
    const [level, ...sources] = asked[id] ?? [];
    if (level === undefined) return [];
    return [{
      check: { id, level, sources },
      needs,
      needsProgram: true as const,
      run: (probe: ServerProbe) => run({ probe, program: probe.program, dialect }),
    }];
  });
}

/** The end of what is on the server's screen, or that it is empty. */
export function screenText({ probe, program }: ProgramScene): string {
  const lines = lastLines(program.screen.text);
  return lines === "" ? probe.texts.received.nothing : probe.texts.received.onScreen(lines);
}
