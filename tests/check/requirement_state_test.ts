// The state of each requirement after a run, and the scores of the exercises.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { clientSuite } from "../../check/client/client_suites.ts";
import type { Check, CheckVerdict, Finding } from "../../check/finding.ts";
import { exerciseScores, requirementStates } from "../../check/requirement_state.ts";
import { serverSuite } from "../../check/server/server_checks.ts";
import {
  requirementsOf,
  type SheetNumber,
  sheetOf,
  type SheetRequirement,
} from "../../check/sheet_requirements.ts";
import { DIALECT_NAMES } from "../../protocol/dialects.ts";
import { EN } from "../../texts/en.ts";

const NUMBERS: readonly SheetNumber[] = ["000", "001", "002", "003", "004"];
const PASS: CheckVerdict = { kind: "pass" };
const FAIL: CheckVerdict = { kind: "fail", expected: "e", received: "r", hint: "h" };
const SKIP: CheckVerdict = { kind: "skip", because: "talk failed" };

function check(id: string, source: string, level: Check["level"] = "required"): Check {
  return { id, level, sources: [source], title: id };
}

function found(check: Check, verdict: CheckVerdict): Finding {
  return { check, verdict, transcript: [], took: 0 };
}

/** The states after `findings`, by requirement. */
function statesAfter(findings: readonly Finding[], checks = findings.map(({ check }) => check)) {
  const program = { sheet: "000", subject: "server", checks, findings } as const;
  const states = requirementStates(program);
  return { states, of: (id: string) => states.find((row) => row.requirement.id === id) };
}

Deno.test("requirementsOf() has R1 to R101 once, each with a title", () => {
  const ids = NUMBERS.flatMap((sheet) => requirementsOf(sheet).map(({ id }) => id));
  assertEquals(ids, Array.from({ length: 101 }, (_, at) => `R${at + 1}`));
  assertEquals(Object.keys(EN.checkReport.requirements), ids);
});

Deno.test("each source of a check is a requirement for that program, or of another sheet", () => {
  const texts = EN.serverChecks;
  for (const dialect of DIALECT_NAMES) {
    const sheet = sheetOf(dialect);
    if (sheet === undefined) continue;
    const servers = serverSuite(dialect, { headerBytes: 16 }, texts).checks;
    const clients = clientSuite(dialect, EN.clientChecks).steps;
    for (const [subject, rows] of [["server", servers], ["client", clients]] as const) {
      const isFor = ({ of }: SheetRequirement) => of.includes(subject);
      const wrong = requirementsOf(sheet).filter((one) =>
        !isFor(one) && rows.some(({ check }) => check.sources.includes(one.id))
      );
      assertEquals(wrong.map(({ id }) => id), [], `${dialect} ${subject}`);
    }
  }
});

Deno.test("clientSuite() requires of a client of sheet 002 only what that sheet asks for", () => {
  const of = (sheet?: SheetNumber) =>
    clientSuite("plain", EN.clientChecks, sheet).steps.filter(({ check }) =>
      check.level === "required"
    ).map(({ check }) => check.id);
  assertEquals(of("002"), ["connects", "sends", "shows-reply", "goes-on"]);
  assertEquals(of("001"), of());
  assertEquals(of().includes("interrupt"), true);
});

Deno.test("requirementStates() has each requirement in one state, with what would make it tried", () => {
  const advice = check("bare-ok", "R13", "advised");
  const { states, of } = statesAfter([
    found(check("two-pieces", "R21"), PASS),
    found(check("ok", "R13"), PASS),
    found(advice, FAIL),
    found(check("deaf", "R4", "advised"), FAIL),
    found(check("closes", "R17"), FAIL),
    found(check("last-words", "R17", "advised"), FAIL),
    found(check("any-order", "R15"), SKIP),
    found(check("talk", "R22"), PASS),
    found(check("order", "R22"), SKIP),
  ]);
  assertEquals(states.map(({ requirement }) => requirement.id).length, 22);
  assertStrictEquals(of("R21")?.state, "passed");
  assertEquals(of("R13"), {
    requirement: of("R13")?.requirement as never,
    state: "warned",
    isMet: true,
  });
  const warned = of("R4");
  assert(warned?.state === "warned" && !warned.isMet);
  assertStrictEquals(of("R17")?.state, "failed");
  const reasonOf = (id: string) => {
    const row = of(id);
    return row?.state === "not tried" ? row.reason : undefined;
  };
  const skipped = { kind: "skipped", because: "talk failed" } as const;
  assertEquals(reasonOf("R15"), skipped);
  assertEquals(reasonOf("R22"), skipped); // one of its checks was not made
  assertEquals(reasonOf("R19"), { kind: "elsewhere", triedBy: "serve" });
  assertEquals(reasonOf("R14"), { kind: "elsewhere", triedBy: "listen" });
  assertEquals(reasonOf("R1"), { kind: "elsewhere", triedBy: "person" });
});

Deno.test("requirementStates() calls not tried what --only left out", () => {
  const all = [check("two-pieces", "R21"), check("long", "R21"), check("ok", "R13")];
  const { of } = statesAfter([found(all[0] as Check, PASS)], all);
  for (const id of ["R21", "R13"]) {
    const row = of(id);
    assert(row?.state === "not tried" && row.reason.kind === "left-out", id);
  }
});

Deno.test("exerciseScores() counts the server's requirements of each exercise", () => {
  const { states } = statesAfter([
    found(check("ok", "R13"), PASS),
    found(check("bare-ok", "R13", "advised"), FAIL),
    found(check("closes", "R17"), FAIL),
    found(check("taken-name", "R16", "advised"), FAIL),
  ]);
  const scores = exerciseScores(states, "server").map(({ exercise, met, of, others }) => [
    exercise,
    met,
    of,
    others.map(({ requirement }) => requirement.id).join(" "),
  ]);
  assertEquals(scores, [
    ["introduction", 0, 3, "R1 R2 R4"],
    ["1", 0, 3, "R5 R6 R7"],
    ["2", 0, 2, "R9 R10"],
    ["4", 1, 1, "R13"],
    ["5", 0, 3, "R15 R16 R17"],
    ["6", 0, 2, "R18 R19"],
    ["7", 0, 3, "R20 R21 R22"],
  ]);
});
