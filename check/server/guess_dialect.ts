// Guesses the dialect of a server that failed the first check of the requested one: runs the first
// check of every other dialect, and suggests the one that passes.

import type { DialectName } from "../../protocol/dialect.ts";
import { DIALECT_NAMES } from "../../protocol/dialects.ts";
import type { ServerCheckTexts } from "../../texts/texts.ts";
import type { Finding } from "../finding.ts";
import { CHECK_TIMING } from "../timing.ts";
import { TALK } from "./common_checks.ts";
import { type ServerSuite, serverSuite } from "./server_checks.ts";
import { runServerChecks, type ServerRun } from "./server_runner.ts";

/** A dialect with one size of header, and the flags that choose it. */
interface Choice {
  readonly suite: ServerSuite;
  readonly flags: string;
}

const HEADER_BYTES = [16, 12, 8] as const;
/** Beyond the numbers of the checks themselves, so that no name of a client is used twice. */
const MAX_CHECKS = 80;

/**
 * A line that names the flags of the dialect that the server speaks; undefined if the checks of the
 * suite `triedTitle` got a message through, or if no other dialect does.
 */
export async function dialectSuggestion(
  findings: readonly Finding[],
  run: Omit<ServerRun, "checks" | "onBegin" | "onFinding">,
  triedTitle: string,
): Promise<string | undefined> {
  const talk = findings.find(({ check }) => check.id === TALK);
  if (talk === undefined || talk.verdict.kind === "pass") return undefined;
  const others = DIALECT_NAMES.flatMap((dialect) => choicesOf(dialect, run.texts))
    .filter(({ suite }) => suite.title !== triedTitle);
  for (const [at, { suite: { checks, show, title }, flags }] of others.entries()) {
    const result = await runServerChecks({
      ...run,
      checks: checks.filter(({ check }) => check.id === TALK),
      firstNumber: run.firstNumber + MAX_CHECKS + at,
      timeoutMs: Math.min(run.timeoutMs, (run.timing ?? CHECK_TIMING).guessMs),
      show,
      onBegin: () => {},
      onFinding: () => {},
    });
    if (result.kind === "unreachable") return undefined;
    if (result.findings.some(({ verdict }) => verdict.kind === "pass")) {
      return run.texts.otherDialect(title, flags);
    }
  }
  return undefined;
}

/** One choice for each size of header if the dialect has headers, else one. */
function choicesOf(dialect: DialectName, texts: ServerCheckTexts): readonly Choice[] {
  const choices = new Map(
    HEADER_BYTES.map((headerBytes) => {
      const suite = serverSuite(dialect, { headerBytes }, texts);
      return [suite.title, { suite, flags: `--dialect ${dialect} --header ${headerBytes}` }];
    }),
  );
  if (choices.size > 1) return [...choices.values()];
  return [...choices.values()].map(({ suite }) => ({ suite, flags: `--dialect ${dialect}` }));
}
