// The suite of checks for servers of each dialect: title, checks, and how bytes are printed.

import type { DialectName } from "../../protocol/dialect.ts";
import type { Layout } from "../../protocol/frame_layouts.ts";
import type { ServerCheckTexts } from "../../texts/texts.ts";
import { type Show, visibleBytes, visibleFrames } from "../visible.ts";
import { titledChecks } from "./common_checks.ts";
import { etxChecks } from "./etx_checks.ts";
import { framedChecks } from "./framed_checks.ts";
import { NATIVE_CHECKS } from "./native_checks.ts";
import { plainChecks } from "./plain_checks.ts";
import { PlainProbe } from "./plain_probe.ts";
import { turnsChecks } from "./program_suites.ts";
import type { ServerCheck } from "./server_runner.ts";
import { USERMSG_CHECKS } from "./usermsg_checks.ts";

/** The checks of servers of one dialect. */
export interface ServerSuite {
  /** For people: `usermsg (sheet 004)`. */
  readonly title: string;
  /** In the order in which they run. */
  readonly checks: readonly ServerCheck[];
  readonly show: Show;
  /** Whether the user can say how clients get their names. */
  readonly choosesJoin?: boolean;
  /** What was found out about the server, for the end of the report, once the checks have run. */
  remark?(): string | undefined;
}

/** What a dialect leaves open and the user knows. */
interface SuiteChoices extends Pick<Layout, "headerBytes"> {
  /** For `plain`: the lines that give a client its name, with `{name}` (default: found out). */
  readonly join?: string | undefined;
  /** Also the checks for which the check has to start the server itself. */
  readonly isServed?: boolean;
}

type MakeSuite = (texts: ServerCheckTexts, choices: SuiteChoices) => ServerSuite;

const SUITES: Readonly<Record<DialectName, MakeSuite>> = {
  native: ({ suites, titles }) => ({
    title: suites.native,
    checks: titledChecks(NATIVE_CHECKS, { ...titles.common, ...titles.native, ...titles.program }),
    show: visibleBytes,
  }),
  framed({ suites, titles }, { headerBytes }) {
    const layout = { headerBytes, littleEndian: true };
    return {
      title: suites.framed(headerBytes),
      checks: titledChecks(framedChecks(layout), {
        ...titles.common,
        ...titles.framed,
        ...titles.program,
      }),
      show: visibleFrames(layout),
    };
  },
  usermsg: ({ suites, titles }) => ({
    title: suites.usermsg,
    checks: titledChecks(USERMSG_CHECKS, {
      ...titles.common,
      ...titles.usermsg,
      ...titles.program,
    }),
    show: visibleBytes,
  }),
  etx: ({ suites, titles }) => ({
    title: suites.etx,
    checks: titledChecks(etxChecks(), { ...titles.common, ...titles.etx, ...titles.program }),
    show: visibleBytes,
  }),
  plain(texts, { join }) {
    const { suites, titles } = texts;
    const dialect = new PlainProbe(join);
    return {
      title: suites.plain,
      checks: titledChecks(plainChecks(dialect), {
        ...titles.common,
        ...titles.plain,
        ...titles.program,
      }),
      show: visibleBytes,
      choosesJoin: true,
      remark: () => dialect.remark(texts),
    };
  },
};

/** The checks of servers of `dialect`; `headerBytes` matters to `framed` alone. */
export function serverSuite(
  dialect: DialectName,
  choices: SuiteChoices,
  texts: ServerCheckTexts,
): ServerSuite {
  const suite = SUITES[dialect](texts, choices);
  if (choices.isServed) return suite;
  return { ...suite, checks: suite.checks.filter(({ needsProgram }) => !needsProgram) };
}

/** The checks of a server of sheet 002, which the check starts itself. */
export function turnsSuite({ suites, titles }: ServerCheckTexts): ServerSuite {
  const checks = titledChecks(turnsChecks(), titles.program);
  return { title: suites.turns, checks, show: visibleBytes };
}
