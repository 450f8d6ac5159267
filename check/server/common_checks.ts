// Checks that servers of several dialects share: their type, and the table that makes them one
// dialect's.

import type { ServerCheckTexts } from "../../texts/texts.ts";
import type { Check } from "../finding.ts";
import type { DialectProbe } from "./dialect_probe.ts";
import type { ServerProbe } from "./server_probe.ts";
import type { ServerCheck } from "./server_runner.ts";

/** The ids of the checks whose titles are in these groups of the catalogue. */
export type ServerCheckId<Group extends keyof ServerCheckTexts["titles"]> = {
  readonly [Each in Group]: keyof ServerCheckTexts["titles"][Each] & string;
}[Group];

/** A check as a constant: the catalogue has its title under its id. */
export interface UntitledCheck<Id extends string> extends Omit<ServerCheck, "check"> {
  readonly check: Omit<Check, "title"> & { readonly id: Id };
}

/** A check without the parts that depend on the dialect. */
export interface CommonCheck {
  readonly id: ServerCheckId<"common">;
  /** Ids of the checks besides {@linkcode TALK} that must pass first. */
  readonly needs?: readonly string[];
  /** See {@linkcode ServerCheck.ifItDies}. */
  readonly ifItDies?: ServerCheck["ifItDies"];
  /** Whether its messages arrive in pieces: see {@linkcode ServerCheck.ifItCrashes}. */
  readonly isCut?: true;
  run(probe: ServerProbe, dialect: DialectProbe): Promise<void>;
}

/**
 * The level and the sources (`R21`, `D3`) of each common check in one dialect, which lacks the
 * others.
 */
export type CommonSources = Readonly<
  Partial<Record<ServerCheckId<"common">, readonly [Check["level"], ...string[]]>>
>;

/** Id of the check that nearly every other needs. */
export const TALK = "talk";

/** Those of `rows` that `asked` names, as checks of one dialect. */
export function commonChecks(
  rows: readonly CommonCheck[],
  dialect: DialectProbe,
  asked: CommonSources,
): UntitledCheck<ServerCheckId<"common">>[] {
  return rows.flatMap(({ id, needs = [], ifItDies, isCut, run }) => {
    const [level, ...sources] = asked[id] ?? [];
    if (level === undefined) return [];
    const allNeeds = [...needs, ...dialect.needs?.[id] ?? []];
    const { ifItEnds, ifPiecesCrash = diesOfPieces } = dialect;
    return [{
      check: { id, level, sources },
      needs: id === TALK ? allNeeds : [TALK, ...allNeeds],
      ...ifItDies === undefined ? {} : { ifItDies },
      ...ifItEnds === undefined ? {} : { ifItEnds },
      ...isCut ? { ifItCrashes: ifPiecesCrash } : {},
      run: (probe: ServerProbe) => run(probe, dialect),
    }];
  });
}

function diesOfPieces({ common }: ServerCheckTexts["hints"]): string {
  return common.diesOfPieces;
}

/** `checks` with their titles. */
export function titledChecks<Id extends string>(
  checks: readonly UntitledCheck<Id>[],
  titles: Readonly<Record<Id, string>>,
): ServerCheck[] {
  return checks.map((row) => ({ ...row, check: { ...row.check, title: titles[row.check.id] } }));
}
