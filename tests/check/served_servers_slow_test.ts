// Servers of each sheet that the check starts itself: right ones pass, and each bug fails its own
// check alone.

import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Finding } from "../../check/finding.ts";
import { type ServerSuite, serverSuite, turnsSuite } from "../../check/server/server_checks.ts";
import { runServerChecks } from "../../check/server/server_runner.ts";
import { ServedProgram } from "../../check/server/served_program.ts";
import { dial } from "../../client/dial.ts";
import type { DialectName } from "../../protocol/dialect.ts";
import { EN } from "../../texts/en.ts";
import { failedIds, firstHint, runConcurrently } from "./run_checks.ts";

const TEXTS = EN.serverChecks;
const FOLDER = new URL("served_servers/", import.meta.url).pathname;

/** The checks of a run that failed and that were not tried. */
interface Result {
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
}

/** One server with its bug and what the check must say of it. */
interface Row {
  readonly dialect: DialectName | "turns";
  /** The file and its further arguments. */
  readonly command: readonly string[];
  readonly bug?: string;
  /** The checks that run. */
  readonly only: readonly string[];
  readonly fails?: readonly string[];
  readonly skips?: readonly string[];
}

const suiteOf = (dialect: Row["dialect"]): ServerSuite =>
  dialect === "turns"
    ? turnsSuite(TEXTS)
    : serverSuite(dialect, { headerBytes: 16, isServed: true }, TEXTS);

const programIds = (dialect: Row["dialect"]): readonly string[] =>
  suiteOf(dialect).checks.filter(({ needsProgram }) => needsProgram).map(({ check }) => check.id);

async function findingsOf({ dialect, command, bug = "", only }: Row): Promise<readonly Finding[]> {
  const [file = "", ...args] = command;
  const words = ["env", `BUG=${bug}`, "python3", FOLDER + file, ...args];
  const program = new ServedProgram({ words, texts: TEXTS.program });
  const suite = suiteOf(dialect);
  try {
    assertEquals(await program.start(), undefined);
    const result = await runServerChecks({
      address: program.address,
      dial: () => dial(program.address, EN.client),
      program,
      checks: suite.checks.filter(({ check }) => only.includes(check.id)),
      firstNumber: 1,
      timeoutMs: 2_000,
      show: suite.show,
      texts: TEXTS,
      onBegin: () => {},
      onFinding: () => {},
    });
    assert(result.kind === "ran");
    return result.findings;
  } finally {
    await program.close();
  }
}

const plain = (bug: string, ...ids: string[]): Row => ({
  dialect: "plain",
  command: ["plain_server.py", "{port}"],
  bug,
  only: ["talk", ...ids],
  fails: ids,
});

const framed = (bug: string, only: readonly string[], fails = only): Row => ({
  dialect: "framed",
  command: ["framed_server.py", "{path}"],
  bug,
  only,
  fails,
});

const turns = (kind: string, bug: string, row: Partial<Row>): Row => ({
  dialect: "turns",
  command: ["turns_server.py", kind, "{port}"],
  bug,
  only: programIds("turns"),
  ...row,
});

const NO_ANSWER = ["answer-typed", "in-turns", "both-ways"];

const ROWS: readonly Row[] = [
  {
    dialect: "plain",
    command: ["plain_server.py", "{port}"],
    only: ["talk", ...programIds("plain")],
  },
  { ...plain("terminal-only"), only: ["talk", "wall", "kick", "shutdown"] },
  plain("no-usage", "usage"),
  plain("no-range", "wrong-port"),
  plain("no-address", "shows-address"),
  plain("no-commands", "operator-commands"),
  plain("no-reuse", "same-port"),
  plain("no-wall", "wall"),
  plain("wall-one", "wall"),
  plain("no-kick", "kick"),
  plain("kick-all", "kick"),
  plain("no-shutdown", "shutdown"),
  plain("no-announcement", "shutdown"),
  plain("too-early", "shutdown"),
  plain("too-late", "shutdown"),
  plain("crash-at-end", "shutdown"),
  {
    dialect: "framed",
    command: ["framed_server.py", "{path}"],
    only: ["talk", ...programIds("framed")],
    skips: ["first-message"],
  },
  framed("renames", ["talk", "sigterm"], []),
  framed("no-unlink", ["socket-removed", "sigint", "sigterm"]),
  framed("no-sigint", ["sigint", "sigterm"], ["sigint"]),
  framed("no-sigterm", ["sigint", "sigterm"], ["sigterm"]),
  framed("ignores", ["sigint", "sigterm"], ["sigterm"]),
  framed("no-screen", ["screen"]),
  framed("no-name", ["screen"]),
  {
    ...framed("ten", ["talk", "everyone", "any-order", "rounds", "endless"], ["endless"]),
    skips: ["everyone", "any-order"],
  },
  framed("stops", ["rounds", "endless"], ["endless"]),
  framed("first", ["first-message", "socket-removed", "rounds"], ["rounds"]),
  framed("first,no-unlink", ["first-message", "socket-removed"], ["socket-removed"]),
  {
    dialect: "etx",
    command: ["etx_server.py", "{port}"],
    only: programIds("etx"),
  },
  {
    dialect: "etx",
    command: ["etx_server.py", "{port}"],
    bug: "no-eot",
    only: ["sigint-eot"],
    fails: ["sigint-eot"],
  },
  {
    dialect: "etx",
    command: ["etx_server.py", "{port}"],
    bug: "no-sigterm",
    only: ["sigint-eot", "sigterm-eot"],
    fails: ["sigterm-eot"],
  },
  turns("lines", "", { skips: ["port-8080", ...NO_ANSWER] }),
  turns("turns", "", { skips: ["port-8080", "both-ways"] }),
  turns("both", "", { skips: ["port-8080"] }),
  turns("lines", "silent", { only: ["line-shown"], fails: ["line-shown"] }),
  turns("lines", "pieces", { only: ["line-in-pieces"], fails: ["line-in-pieces"] }),
  turns("turns", "deaf-keyboard", { only: ["answer-typed"], fails: ["answer-typed"] }),
  turns("turns", "once", { only: ["in-turns"], fails: ["in-turns"] }),
  turns("both", "waits", { only: ["both-ways"], fails: ["both-ways"] }),
  turns("lines", "no-reuse", { only: ["same-port"], fails: ["same-port"] }),
];

Deno.test("check --serve: each bug fails its own check, and right servers pass", async () => {
  const seen = await runConcurrently(ROWS.map((row) => async (): Promise<Result> => {
    const findings = await findingsOf(row);
    const skipped = findings.filter(({ verdict }) => verdict.kind === "skip");
    return { failed: failedIds(findings), skipped: skipped.map(({ check }) => check.id) };
  }));
  const expected = ROWS.map(({ fails = [], skips = [] }) => ({ failed: fails, skipped: skips }));
  const named = (results: readonly Result[]) =>
    results.map((result, at) => ({ server: ROWS[at]?.command, bug: ROWS[at]?.bug, ...result }));
  assertEquals(named(seen), named(expected));
});

Deno.test("check --serve starts a server again that a check has killed, and names the cause", async () => {
  const findings = await findingsOf({
    dialect: "plain",
    command: ["plain_server.py", "{port}"],
    bug: "dies-of-unknown",
    only: ["talk", "unknown-name", "bare-line"],
  });
  const verdicts = new Map(findings.map(({ check, verdict }) => [check.id, verdict]));
  assertEquals(verdicts.get("bare-line")?.kind, "pass");
  const died = verdicts.get("unknown-name");
  assert(died?.kind === "fail");
  assertMatch(died.received, /^it crashed: KeyError: '\w+'$/);
  assertMatch(died.hint, /^The program ended by an exception that it did not catch \(KeyError/);
});

Deno.test("check --serve says when a server died of what was typed at its console", async () => {
  const findings = await findingsOf({
    dialect: "plain",
    command: ["plain_server.py", "{port}"],
    bug: "dies-of-wall",
    only: ["wall"],
  });
  const [{ verdict } = { verdict: undefined }] = findings;
  assert(verdict?.kind === "fail");
  assertMatch(verdict.received, /closed; the server has ended: it was killed by SIGABRT$/);
  assertMatch(verdict.hint, /-fsanitize=address/);
});

Deno.test("check --serve quotes the exception of which a server died", async () => {
  const findings = await findingsOf({
    dialect: "plain",
    command: ["plain_server.py", "{port}"],
    bug: "no-usage",
    only: ["usage"],
  });
  const [{ verdict } = { verdict: undefined }] = findings;
  assert(verdict?.kind === "fail");
  assertMatch(verdict.received, /^it crashed: IndexError: list index out of range$/);
  assertMatch(firstHint(findings), /len\(sys\.argv\)/);
});
