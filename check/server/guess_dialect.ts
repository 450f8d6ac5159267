// What a server speaks when it does not speak what it is checked for: the first check of every other
// dialect is played, and one that passes tells.

import { DIALECT_NAMES } from "../../protocol/dialects.ts";
import type { DialectName } from "../../protocol/dialect.ts";
import { TALK } from "./common_checks.ts";
import type { Finding } from "../finding.ts";
import { type ServerSuite, serverSuite } from "./server_checks.ts";
import { runServerChecks, type ServerRun } from "./server_runner.ts";
import { CHECK_TIMING } from "../timing.ts";

/** A dialect with one of its headers, and the flags that choose it. */
interface Choice {
  readonly sheet: ServerSuite;
  readonly flags: string;
}

const HEADER_BYTES = [16, 12, 8] as const;
/** Behind the numbers of the checks themselves. */
const FIRST_NUMBER = 10_000;

/** Which flags fit the server better than the sheet of that title, when nobody could talk to it. */
export async function dialectSuggestion(
  findings: readonly Finding[],
  run: Omit<ServerRun, "checks" | "onBegin" | "onFinding">,
  triedTitle: string,
): Promise<string | undefined> {
  const talk = findings.find(({ check }) => check.id === TALK);
  if (talk === undefined || talk.verdict.kind === "pass") return undefined;
  const others = DIALECT_NAMES.flatMap(choicesOf).filter(({ sheet }) => sheet.title !== triedTitle);
  for (const [at, { sheet: { checks, show, title }, flags }] of others.entries()) {
    const result = await runServerChecks({
      ...run,
      checks: checks.filter(({ check }) => check.id === TALK),
      firstNumber: FIRST_NUMBER + at,
      timeoutMs: Math.min(run.timeoutMs, (run.timing ?? CHECK_TIMING).guessMs),
      show,
      onBegin: () => {},
      onFinding: () => {},
    });
    if (result.kind === "unreachable") return undefined;
    if (result.findings.some(({ verdict }) => verdict.kind === "pass")) {
      return `It can be talked to as ${title}: check it with ${flags}`;
    }
  }
  return undefined;
}

/** One for each header where the dialect has headers, else one. */
function choicesOf(dialect: DialectName): readonly Choice[] {
  const choices = new Map(
    HEADER_BYTES.map((headerBytes) => {
      const sheet = serverSuite(dialect, { headerBytes });
      return [sheet.title, { sheet, flags: `--dialect ${dialect} --header ${headerBytes}` }];
    }),
  );
  if (choices.size > 1) return [...choices.values()];
  return [...choices.values()].map(({ sheet }) => ({ sheet, flags: `--dialect ${dialect}` }));
}
