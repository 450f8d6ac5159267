import { assertEquals, assertMatch } from "@std/assert";
import {
  judgeFingerprint,
  type TrustDecision,
  untrustedProblem,
} from "../../../client/tls/trust.ts";
import { EN } from "../../../texts/en.ts";

const A = "SHA256:AA";
const B = "SHA256:BB";

type Case = readonly [
  what: string,
  pinned: string | undefined,
  expected: string | undefined,
  TrustDecision,
];

/** How the client judges a server that shows the certificate A. */
const CASES: readonly Case[] = [
  ["a stranger", undefined, undefined, { kind: "unknown" }],
  ["as before", A, undefined, { kind: "trusted", pin: false }],
  ["another than before", B, undefined, { kind: "changed", pinned: B }],
  ["a line without a fingerprint", "", undefined, { kind: "changed", pinned: "" }],
  ["as demanded, new", undefined, A, { kind: "trusted", pin: true }],
  ["as demanded, known", A, A, { kind: "trusted", pin: false }],
  ["as demanded, another before", B, A, { kind: "trusted", pin: true }],
  ["another than demanded", undefined, B, { kind: "unexpected", expected: B }],
  ["as before, another demanded", A, B, { kind: "unexpected", expected: B }],
];

for (const [what, pinned, expected, want] of CASES) {
  Deno.test(`judge() of a server that shows ${what}`, () => {
    assertEquals(judgeFingerprint(A, { pinned, expected }), want);
  });
}

const MEETING = { address: "chat.example:8443", shown: A, file: "/home/ana/known_hosts" };

Deno.test("refusal() names both fingerprints and the remedy", () => {
  const changed = untrustedProblem({ kind: "changed", pinned: B }, MEETING, EN.client).error;
  assertMatch(changed, /HAS CHANGED.*SHA256:BB.*SHA256:AA.*--fingerprint SHA256:AA/s);
  assertMatch(changed, /remove the line "chat\.example:8443" from \/home\/ana\/known_hosts/);
  const unexpected =
    untrustedProblem({ kind: "unexpected", expected: B }, MEETING, EN.client).error;
  assertMatch(unexpected, /REFUSED.*SHA256:BB.*SHA256:AA.*correct --fingerprint/s);
  assertMatch(
    untrustedProblem({ kind: "unknown" }, MEETING, EN.client).error,
    /add --fingerprint SHA256:AA$/,
  );
});

Deno.test("question() shows whom, and what to compare", () => {
  assertMatch(
    EN.client.trustQuestion(MEETING.address, MEETING.shown),
    /^chat\.example:8443 .*SHA256:AA.*Type yes/s,
  );
});
