// The TAP report.

import { assertMatch, assertStrictEquals } from "@std/assert";
import { tapCheckReport } from "../../../check/report/report_tap.ts";
import { visibleBytes } from "../../../check/visible.ts";
import { EN } from "../../../texts/en.ts";
import { FINDINGS, PLAN, REQUIREMENTS } from "../sample_findings.ts";

Deno.test("tapCheckReport is TAP version 14 with a plan, directives and YAML", () => {
  const report = tapCheckReport({ show: visibleBytes, texts: EN.checkReport });
  const text = report.begin(PLAN) + FINDINGS.map(report.finding).join("") + report.end(FINDINGS);
  const diagnostics = (severity: string) =>
    String.raw`  ---
  message: "A short read is taken for a whole message"
  severity: ${severity}
  expected: "bob gets MSG ana hello\\n within 2 s"
  received: "MSG ana hel\\n"
  sources: ["R90", "D17"]
  duration_ms: 2002
  transcript:
    - { on: "ana", by: us, bytes: "MSG hel" }
    - { on: "ana", by: us, bytes: "lo\\n" }
    - { on: "bob", by: them, bytes: "MSG ana hel\\n" }
    - { on: "ana", by: us, bytes: "" }
  ...
`;
  assertStrictEquals(
    text,
    String.raw`TAP version 14
# the server at localhost:8080 as usermsg (sheet 004)
1..4
ok 1 - talk: Does \# what talk asks (R90 D17)
not ok 2 - two-pieces: Does \# what two-pieces asks (R90 D17)
${diagnostics("fail")}not ok 3 - newline: Does \# what newline asks (R90 D17) # TODO advised
${diagnostics("comment")}ok 4 - order: Does \# what order asks (R90 D17) # SKIP two-pieces failed
`,
  );
});

Deno.test("tapCheckReport.end() bails out when interrupted", () => {
  const { end } = tapCheckReport({ show: visibleBytes, texts: EN.checkReport });
  assertStrictEquals(end([]), "");
  assertStrictEquals(end([], { left: 2 }), "Bail out! Interrupted before 2 of the checks\n");
  assertStrictEquals(
    end([], { left: 2, outOfTime: "2m" }),
    "Bail out! Out of time after 2m (--max-time): 2 checks were not made\n",
  );
  assertStrictEquals(end([], { advice: "Try #2" }), "# Try \\#2\n");
});

Deno.test("tapCheckReport.end() has scores and what was not tried as comments", () => {
  const { end } = tapCheckReport({ show: visibleBytes, texts: EN.checkReport });
  const text = end([], { requirements: REQUIREMENTS });
  assertMatch(text, /^# section protocol: 1 of 3 \(warned R90; not tried R89, R91\)$/m);
  assertMatch(text, /^# Not tried: .*netcat.* \(R100\): put load on it: minichat bench/m);
  assertMatch(text, /^(?:# .*\n)+$/);
});
