// The checks of clients, by dialect, and for sheet 002, which has the dialect of sheet 001 and asks
// for less.

import type { DialectName } from "../../protocol/dialect.ts";
import type { ClientCheckTexts } from "../../texts/texts.ts";
import { requirementsOf, type SheetNumber, sheetOf } from "../sheet_requirements.ts";
import type { ClientStep, ClientSuite } from "./client_suite.ts";
import { etxSuite } from "./etx_suite.ts";
import { framedSuite } from "./framed_suite.ts";
import { nativeSuite } from "./native_suite.ts";
import { plainSuite } from "./plain_suite.ts";
import { usermsgSuite } from "./usermsg_suite.ts";

const SUITES: Readonly<Record<DialectName, (texts: ClientCheckTexts) => ClientSuite>> = {
  native: nativeSuite,
  framed: framedSuite,
  usermsg: usermsgSuite,
  etx: etxSuite,
  plain: plainSuite,
};

/** Advice about commands (`@pseudo`) that only sheet 001 has. */
const COMMANDS_ADVICE = "welcome";

/**
 * The checks of a dialect's clients, with titles from `texts`; for `sheet`, if it is not the
 * dialect's own, what it does not ask for is advice.
 */
export function clientSuite(
  dialect: DialectName,
  texts: ClientCheckTexts,
  sheet?: SheetNumber,
): ClientSuite {
  const suite = SUITES[dialect](texts);
  if (sheet === undefined || sheet === sheetOf(dialect)) return suite;
  const asked = new Set(requirementsOf(sheet).map(({ id }) => id));
  const asSheetAsks = (step: ClientStep): ClientStep =>
    step.check.sources.some((source) => asked.has(source))
      ? step
      : { ...step, check: { ...step.check, level: "advised" } };
  const steps = suite.steps.filter(({ check }) => check.id !== COMMANDS_ADVICE).map(asSheetAsks);
  return { ...suite, steps };
}
