// What the findings say about each requirement of the sheet (passed, failed, warned or not tried),
// and the score of each exercise. Pure.

import type { Check, Finding } from "./finding.ts";
import {
  type CheckSubject,
  requirementsOf,
  type SheetNumber,
  type SheetRequirement,
  type TriedBy,
} from "./sheet_requirements.ts";

/** Why a requirement was not tried, and so what would make it tried. */
export type NotTried =
  /** Checks of it were skipped, for this reason. */
  | { readonly kind: "skipped"; readonly because: string }
  /** Checks of it were left out (`--only`) or interrupted. */
  | { readonly kind: "left-out" }
  /** No check of this run is about it. */
  | { readonly kind: "elsewhere"; readonly triedBy: TriedBy };

/** A requirement in exactly one state. */
export type RequirementState =
  & { readonly requirement: SheetRequirement }
  & (
    | { readonly state: "passed" | "failed" }
    /** `isMet`: all that the sheet asks for passed, and only advice beyond it failed. */
    | { readonly state: "warned"; readonly isMet: boolean }
    | { readonly state: "not tried"; readonly reason: NotTried }
  );

/** The requirements of one exercise that are for the program under check. */
export interface ExerciseScore {
  readonly sheet: SheetNumber;
  /** See {@linkcode SheetRequirement.exercise}. */
  readonly exercise: string;
  /** Number that passed, or failed nothing but advice beyond the sheet. */
  readonly met: number;
  readonly of: number;
  /** Those that did not pass. */
  readonly others: readonly RequirementState[];
}

/** A run of checks of one program. */
export interface CheckedProgram {
  readonly sheet: SheetNumber;
  readonly subject: CheckSubject;
  /** All checks of the suite, also those that were left out. */
  readonly checks: readonly Check[];
  readonly findings: readonly Finding[];
}

/** The state of every requirement of the sheet, by number. */
export function requirementStates(program: CheckedProgram): readonly RequirementState[] {
  return requirementsOf(program.sheet).map((requirement) => stateOf(requirement, program));
}

function stateOf(
  requirement: SheetRequirement,
  { subject, checks, findings }: CheckedProgram,
): RequirementState {
  const { id, of, triedBy } = requirement;
  const elsewhere = (by: TriedBy): RequirementState => ({
    requirement,
    state: "not tried",
    reason: { kind: "elsewhere", triedBy: by },
  });
  if (!of.includes(subject)) return elsewhere(otherSide(subject, triedBy));
  const isAbout = ({ sources }: Check): boolean => sources.includes(id);
  const about = findings.filter(({ check }) => isAbout(check));
  const failures = about.filter(({ verdict }) => verdict.kind === "fail");
  if (failures.some(({ check }) => check.level === "required")) {
    return { requirement, state: "failed" };
  }
  const passed = about.filter(({ verdict }) => verdict.kind === "pass");
  if (failures.length > 0) {
    const isMet = passed.some(({ check }) => check.level === "required");
    return { requirement, state: "warned", isMet };
  }
  // What only advice shows is shown by it; otherwise every check that the sheet asks for is needed.
  const hasRequired = checks.some((check) => isAbout(check) && check.level === "required");
  const needed = ({ level }: Check): boolean => !hasRequired || level === "required";
  for (const { check, verdict } of about) {
    if (verdict.kind !== "skip" || !needed(check)) continue;
    const { because } = verdict;
    return { requirement, state: "not tried", reason: { kind: "skipped", because } };
  }
  const isMissing = checks.some((check) =>
    isAbout(check) && needed(check) && !about.some((finding) => finding.check.id === check.id)
  );
  if (isMissing) return { requirement, state: "not tried", reason: { kind: "left-out" } };
  if (passed.length > 0) return { requirement, state: "passed" };
  return elsewhere(ownSide(subject, triedBy));
}

/** What tries a requirement of the program under check that none of its checks is about. */
function ownSide(subject: CheckSubject, triedBy: TriedBy): TriedBy {
  const isOfOther = subject === "server"
    ? triedBy === "listen" || triedBy === "connect"
    : triedBy === "serve" || triedBy === "connect" || triedBy === "listen";
  return isOfOther ? "person" : triedBy;
}

/** What tries a requirement that is for the other program alone. */
function otherSide(subject: CheckSubject, triedBy: TriedBy): TriedBy {
  if (subject === "client") return triedBy;
  return triedBy === "person" || triedBy === "pty" ? triedBy : "listen";
}

/** The score of each exercise that asks something of the program under check, in the sheet's order. */
export function exerciseScores(
  states: readonly RequirementState[],
  subject: CheckSubject,
): readonly ExerciseScore[] {
  const own = states.filter(({ requirement }) => requirement.of.includes(subject));
  const exercises = [...new Set(own.map(({ requirement }) => requirement.exercise))];
  return exercises.map((exercise) => {
    const rows = own.filter(({ requirement }) => requirement.exercise === exercise);
    const met = rows.filter((row) => row.state === "passed" || row.state === "warned" && row.isMet);
    const others = rows.filter(({ state }) => state !== "passed");
    const sheet = rows[0]?.requirement.sheet as SheetNumber;
    return { sheet, exercise, met: met.length, of: rows.length, others };
  });
}
