// The report for people.

import { assert, assertMatch, assertStrictEquals } from "@std/assert";
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
  REQUIREMENTS,
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
  assertStrictEquals(report().first, expected);
});

Deno.test("textCheckReport.finding() is one line for what passes and for what is skipped", () => {
  const { finding } = report();
  const passed = "ok    talk        Does # what talk asks (R90 D17)\n";
  assertStrictEquals(finding(PASSED), passed);
  assertStrictEquals(finding(SKIPPED), "");
  const skipped = "skip  order       Does # what order asks (R90 D17) because two-pieces failed\n";
  assertStrictEquals(finding(PASSED), skipped + passed);
});

Deno.test("textCheckReport puts checks that are skipped for the same reason on one line", () => {
  const { finding, end } = report();
  const skip = (id: string, because: string) =>
    finding({ ...SKIPPED, check: sampleCheck(id), verdict: { kind: "skip", because } });
  assertStrictEquals(skip("one", "it is gone") + skip("two", "it is gone"), "");
  assertStrictEquals(skip("three", "talk failed"), "skip  one, two because it is gone\n");
  assertMatch(
    end([]),
    /^skip {2}three +Does # what three asks \(R90 D17\) because talk failed\n\n/,
  );
});

Deno.test("textCheckReport.finding() shows what was sent, expected and received, and the hint", () => {
  assertStrictEquals(
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

Deno.test("textCheckReport.finding() calls a hint likely that no byte proves", () => {
  const { verdict } = FAILED;
  assert(verdict.kind === "fail");
  const text = report().finding({ ...FAILED, verdict: { ...verdict, isLikely: true } });
  assertMatch(text, /^ {6}probably {2}A short read is taken for a whole message$/m);
});

Deno.test("textCheckReport.finding() shows resets and signals where they happened", () => {
  const transcript = [
    { ...exchange("us", "signal", ""), event: "SIGINT" as const },
    { ...exchange("them", "socket", ""), event: "reset" as const },
  ];
  const text = report().finding({ ...FAILED, transcript });
  assertMatch(text, /^ {6}signal sent {2}SIGINT\n {6}socket got {3}reset$/m);
});

Deno.test("textCheckReport.finding() warns of what is only advised", () => {
  assertMatch(report().finding(WARNED), /^warn {2}newline .*\n.*MSG hel\|lo/);
});

Deno.test("textCheckReport.finding() keeps a long transcript short and its lines narrow", () => {
  const many = Array.from({ length: 60 }, (_, at) => exchange("us", "ana", `MSG ${at}\n`));
  const wide = Array.from({ length: 40 }, (_, at) => exchange("them", `bob${at}`, "x\n"));
  const hint = "word ".repeat(100).trim();
  const verdict = { kind: "fail", expected: "e", received: "r", hint } as const;
  const lines = report().finding({ ...FAILED, verdict, transcript: [...wide, ...many] }).split(
    "\n",
  );
  assert(lines.length < 35, lines.join("\n"));
  assert(lines.every((line) => line.length <= 100), lines.join("\n"));
  assert(lines.some((line) => line.includes("(54 lines like these)")), lines.join("\n"));
  assert(lines.some((line) => line.endsWith("MSG 59\\n")));
  assertMatch(lines[1] ?? "", /^ +\(\d+ lines before; --json has all\)$/);
});

Deno.test("textCheckReport.end() counts, names what failed and where to begin", () => {
  assertStrictEquals(
    report().end(FINDINGS),
    `
1 ok, 1 failed (two-pieces), 1 warned (newline), 1 skipped
Not passed: begin with two-pieces, and try it alone with --only two-pieces
R..: the course sheets ask for it; D..: minichat decided, as they do not (docs/requirements.md)
`,
  );
  assertMatch(
    report().end([PASSED], { left: 3 }),
    /^\n1 ok\nInterrupted: 3 checks were not made\n$/,
  );
  assertMatch(
    report().end([PASSED], { left: 1, outOfTime: "1m40s" }),
    /^\n1 ok\nOut of time after 1m40s \(--max-time\): 1 check was not made\n$/,
  );
  assertMatch(report().end([PASSED, WARNED]), /1 warned \(newline\)\nPassed: /);
  assertStrictEquals(
    report().end([PASSED]),
    "\n1 ok\nPassed: all that is required and was tried works\n",
  );
  assertMatch(report().end([PASSED], { advice: "Try it" }), /works\nTry it\n$/);
  assertMatch(report().end([SKIPPED]), /\nNot passed: nothing that is required was tried\n$/);
});

Deno.test("textCheckReport.end() scores each exercise and lists what was not tried", () => {
  assertStrictEquals(
    report().end([PASSED], { requirements: REQUIREMENTS }),
    `
1 ok
Requirements of sheet 004 that are met:
  section server: 0 of 8 (not tried R88, R95, R96, R97, R98, R99, R100, R101)
  section protocol: 1 of 3 (warned R90; not tried R89, R91)
  section client: 0 of 1 (not tried R93)
Not tried:
  one room, each message to all others (R88), USER name (R89), MSG name content (R91), receive and
    send at any time (R93), strategy a: a scan over non-blocking sockets (R95), strategy b: a thread
    for each connection (R96), strategy c: a pool of threads (R97), strategy d: one thread with
    poll() (R98), one command builds it (R101): look for yourself, no byte on the wire shows it
  the first line typed is the name (R92): check the client: check --listen 0 -- ./client {host}
    {port}
  the line being typed survives incoming messages (R94): check the client on a terminal: check
    --listen 0 --pty -- ./client {host} {port}
  the strategies compared (R99), netcat, also under load (R100): put load on it: minichat bench
    HOST PORT
Passed: all that is required and was tried works
`,
  );
});

Deno.test("textCheckReport uses colours only when asked", () => {
  const [plain, coloured] = [report(), report(true)];
  const all = (made: typeof plain) =>
    made.first + FINDINGS.map(made.finding).join("") + made.end(FINDINGS);
  assert(!all(plain).includes("\x1b"));
  assert(coloured.finding(FAILED).includes("\x1b[31mFAIL"));
  // deno-lint-ignore no-control-regex
  assertStrictEquals(all(coloured).replaceAll(/\x1b\[\d+m/g, ""), all(plain));
});
