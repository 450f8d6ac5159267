// The report as JSON Lines.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { jsonCheckReport } from "../../../check/report/report_json.ts";
import { visibleBytes } from "../../../check/visible.ts";
import { EN } from "../../../texts/en.ts";
import { FAILED, FINDINGS, PASSED, PLAN, REQUIREMENTS, SKIPPED } from "../sample_findings.ts";

const report = jsonCheckReport(visibleBytes, EN.checkReport);

Deno.test("jsonCheckReport is one object a line", () => {
  const text = report.begin(PLAN) + FINDINGS.map(report.finding).join("") + report.end(FINDINGS);
  const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line));
  const types = ["begin", "finding", "finding", "finding", "finding", "end"];
  assertEquals(lines.map(({ type }) => type), types);
  assertEquals(lines[0], { type: "begin", ...PLAN });
});

Deno.test("jsonCheckReport.finding() has the verdict and each byte", () => {
  const failed = JSON.parse(report.finding(FAILED));
  const { verdict } = FAILED;
  assert(verdict.kind === "fail");
  const { kind: result, ...details } = verdict;
  assertEquals(
    { ...failed, transcript: undefined },
    { type: "finding", ...FAILED.check, result, ...details, took: 2002, transcript: undefined },
  );
  assertEquals(failed.transcript[1], { on: "ana", by: "us", text: "lo\\n", hex: "6c6f0a" });
  assertStrictEquals(JSON.parse(report.finding(PASSED)).result, "pass");
  assertStrictEquals(JSON.parse(report.finding(SKIPPED)).because, "two-pieces failed");
});

Deno.test("jsonCheckReport.end() has whether it passed", () => {
  assertEquals(JSON.parse(report.end(FINDINGS)), {
    type: "end",
    passed: false,
    ok: 1,
    failed: ["two-pieces"],
    warned: ["newline"],
    skipped: 1,
  });
  assertStrictEquals(JSON.parse(report.end([PASSED])).passed, true);
});

Deno.test("jsonCheckReport.end() has no pass after an interruption", () => {
  const end = JSON.parse(
    jsonCheckReport(visibleBytes, EN.checkReport).end([PASSED], { left: 2, advice: "Try it" }),
  );
  assertStrictEquals(end.passed, false);
  assertStrictEquals(end.interrupted, 2);
  assertStrictEquals(end.advice, "Try it");
});

Deno.test("jsonCheckReport.end() has the score of each exercise and each requirement's state", () => {
  const end = JSON.parse(report.end([PASSED], { requirements: REQUIREMENTS }));
  assertEquals(end.exercises[1], { sheet: "004", exercise: "protocol", met: 1, of: 3 });
  assertEquals(end.requirements.length, 14);
  assertEquals(end.requirements[2], {
    id: "R90",
    title: "MSG content",
    exercise: "protocol",
    of: ["server", "client"],
    state: "warned",
  });
  assertStrictEquals(end.requirements[6].state, "not tried");
  assertStrictEquals(end.requirements[6].because, EN.checkReport.triedBy.pty);
});
