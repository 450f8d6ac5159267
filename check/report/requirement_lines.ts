// The requirements of a sheet in a report: the score of each exercise, what was not tried, and what
// would try it. Pure; text and TAP print these lines, JSON has the values.

import type { CheckReportTexts } from "../../texts/texts.ts";
import type { ExerciseScore, NotTried, RequirementState } from "../requirement_state.ts";

/** The requirements of one run's sheet. */
export interface RequirementReport {
  /** All of them, by number. */
  readonly states: readonly RequirementState[];
  /** Those of the program under check, by exercise. */
  readonly scores: readonly ExerciseScore[];
}

/** `exercise 4: 3 of 3`, `exercise 5: 1 of 3 (failed R15, not tried R16)`. */
export function scoreLines(
  { scores }: RequirementReport,
  texts: CheckReportTexts,
): readonly string[] {
  return scores.map(({ exercise, met, of, others }) => {
    const idsOf = (state: RequirementState["state"]): string =>
      others.filter((other) => other.state === state).map(({ requirement }) => requirement.id)
        .join(", ");
    const parts = [
      [idsOf("failed"), texts.scoreFailed],
      [idsOf("warned"), texts.scoreWarned],
      [idsOf("not tried"), texts.scoreNotTried],
    ] as const;
    const shown = parts.filter(([ids]) => ids !== "").map(([ids, text]) => text(ids));
    const score = texts.score(exerciseName(exercise, texts), met, of);
    return shown.length === 0 ? score : `${score} (${shown.join("; ")})`;
  });
}

function exerciseName(exercise: string, texts: CheckReportTexts): string {
  const { numbered, ...sections } = texts.exercises;
  return new Map(Object.entries(sections)).get(exercise) ?? numbered(exercise);
}

/** `wall (R41), kick (R42): let check start the server`, one line for each thing to do. */
export function notTriedLines(
  { states }: RequirementReport,
  texts: CheckReportTexts,
): readonly string[] {
  const byRemedy = new Map<string, string[]>();
  for (const row of states) {
    if (row.state !== "not tried") continue;
    const remedy = remedyOf(row.reason, texts);
    const title = requirementTitle(row.requirement.id, texts);
    byRemedy.set(remedy, [...byRemedy.get(remedy) ?? [], `${title} (${row.requirement.id})`]);
  }
  return Array.from(byRemedy, ([remedy, titles]) => `${titles.join(", ")}: ${remedy}`);
}

/** What would make a requirement tried, or why its checks were skipped. */
export function remedyOf(reason: NotTried, texts: CheckReportTexts): string {
  switch (reason.kind) {
    case "skipped":
      return texts.skippedRequirement(reason.because);
    case "left-out":
      return texts.leftOut;
    case "elsewhere":
      return texts.triedBy[reason.triedBy];
    default:
      return reason satisfies never;
  }
}

/** A requirement in a few words; its number if the catalogue has none. */
export function requirementTitle(id: string, texts: CheckReportTexts): string {
  return new Map<string, string>(Object.entries(texts.requirements)).get(id) ?? id;
}
