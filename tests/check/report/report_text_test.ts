// The report for people.

import assert from "node:assert/strict";
import { textCheckReport } from "../../../check/report/report_text.ts";
import { visibleBytes } from "../../../check/visible.ts";
import { terminalStyle } from "../../../terminal/style.ts";
import { EN } from "../../../texts/en.ts";
import {
  exchange,
  FAILED,
  FINDINGS,
  PASSED,
  PLAN,
  sampleCheck,
  SKIPPED,
  WARNED,
} from "../sample_findings.ts";

function report(enabled = false) {
  const texts = EN.checkReport;
  const made = textCheckReport({ style: terminalStyle({ enabled }), show: visibleBytes, texts });
  const first = made.begin(PLAN);
  return { ...made, first };
}

Deno.test("textCheckReport.begin() names the subject", () => {
  const expected = "Checking the server at localhost:8080 as usermsg (sheet 004), 4 checks\n";
  assert.equal(report().first, expected);
});

Deno.test("textCheckReport.finding() is one line for what passes and for what is skipped", () => {
  const { finding } = report();
  const passed = "ok    talk        Does # what talk asks (R90 D17)\n";
  assert.equal(finding(PASSED), passed);
  assert.equal(finding(SKIPPED), "");
  const skipped = "skip  order       Does # what order asks (R90 D17) because two-pieces failed\n";
  assert.equal(finding(PASSED), skipped + passed);
});

Deno.test("textCheckReport puts checks that are skipped for the same reason on one line", () => {
  const { finding, end } = report();
  const skip = (id: string, because: string) =>
    finding({ ...SKIPPED, check: sampleCheck(id), verdict: { kind: "skip", because } });
  assert.equal(skip("one", "it is gone") + skip("two", "it is gone"), "");
  assert.equal(skip("three", "talk failed"), "skip  one, two because it is gone\n");
  assert.match(
    end([]),
    /^skip {2}three +Does # what three asks \(R90 D17\) because talk failed\n\n/,
  );
});

Deno.test("textCheckReport.finding() shows what was sent, expected and received, and the hint", () => {
  assert.equal(
    report().finding(FAILED),
    String.raw`FAIL  two-pieces  Does # what two-pieces asks (R90 D17)
      ana sent  MSG hel|lo\n
      bob got   MSG ana hel\n
      ana sent  (end)
      expected  bob gets MSG ana hello\n within 2 s
      received  MSG ana hel\n
      to fix    A short read is taken for a whole message

`,
  );
});

Deno.test("textCheckReport.finding() shows resets and signals where they happened", () => {
  const transcript = [
    { ...exchange("us", "signal", ""), event: "SIGINT" as const },
    { ...exchange("them", "socket", ""), event: "reset" as const },
  ];
  const text = report().finding({ ...FAILED, transcript });
  assert.match(text, /^ {6}signal sent {2}SIGINT\n {6}socket got {3}reset$/m);
});

Deno.test("textCheckReport.finding() warns of what is only advised", () => {
  assert.match(report().finding(WARNED), /^warn {2}newline .*\n.*MSG hel\|lo/);
});

Deno.test("textCheckReport.finding() keeps a long transcript short and its lines narrow", () => {
  const many = Array.from({ length: 60 }, (_, at) => exchange("us", "ana", `MSG ${at}\n`));
  const wide = Array.from({ length: 40 }, (_, at) => exchange("them", `bob${at}`, "x\n"));
  const hint = "word ".repeat(100).trim();
  const verdict = { kind: "fail", expected: "e", received: "r", hint } as const;
  const lines = report().finding({ ...FAILED, verdict, transcript: [...wide, ...many] }).split(
    "\n",
  );
  assert.ok(lines.length < 35, lines.join("\n"));
  assert.ok(lines.every((line) => line.length <= 100), lines.join("\n"));
  assert.ok(lines.some((line) => line.includes("(54 lines like these)")), lines.join("\n"));
  assert.ok(lines.some((line) => line.endsWith("MSG 59\\n")));
  assert.match(lines[1] ?? "", /^ +\(\d+ lines before; --json has all\)$/);
});

Deno.test("textCheckReport.end() counts, names what failed and where to begin", () => {
  assert.equal(
    report().end(FINDINGS),
    `
1 ok, 1 failed (two-pieces), 1 warned (newline), 1 skipped
Not passed: begin with two-pieces, and try it alone with --only two-pieces
R..: the course sheets ask for it; D..: minichat decided, as they do not (docs/requirements.md)
`,
  );
  assert.match(
    report().end([PASSED], { left: 3 }),
    /^\n1 ok\nInterrupted: 3 checks were not made\n$/,
  );
  assert.match(report().end([PASSED, WARNED]), /1 warned \(newline\)\nPassed: /);
  assert.equal(report().end([PASSED]), "\n1 ok\nPassed: everything that is required works\n");
  assert.match(report().end([PASSED], { advice: "Try it" }), /works\nTry it\n$/);
  assert.match(report().end([SKIPPED]), /\nNot passed: nothing that is required was tried\n$/);
});

Deno.test("textCheckReport uses colours only when asked", () => {
  const [plain, coloured] = [report(), report(true)];
  const all = (made: typeof plain) =>
    made.first + FINDINGS.map(made.finding).join("") + made.end(FINDINGS);
  assert.ok(!all(plain).includes("\x1b"));
  assert.ok(coloured.finding(FAILED).includes("\x1b[31mFAIL"));
  // deno-lint-ignore no-control-regex
  assert.equal(all(coloured).replaceAll(/\x1b\[\d+m/g, ""), all(plain));
});
