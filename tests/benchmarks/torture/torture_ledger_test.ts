import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStrictEquals,
} from "@std/assert";
import { faultPlan } from "../../../benchmarks/torture/fault_plan.ts";
import { seededRandom } from "../../../benchmarks/torture/seeded_random.ts";
import {
  describeViolation,
  numberedText,
  numberIn,
  type ObservedMessage,
  TortureLedger,
} from "../../../benchmarks/torture/torture_ledger.ts";

/** A history: each message as `[speaker, number]`, numbered from 1. */
function history(...sent: [string, number][]): ObservedMessage[] {
  return sent.map(([from, number], at) => ({
    seq: at + 1,
    from,
    text: numberedText(from, number),
  }));
}

/** The kinds of violations in a ledger that `keep` fills. */
function kinds(
  stored: readonly ObservedMessage[],
  keep: (ledger: TortureLedger) => void,
): string[] {
  const ledger = new TortureLedger();
  keep(ledger);
  return ledger.findings(stored).map(({ kind }) => kind).sort();
}

const ABC = history(["ann", 1], ["bob", 1], ["ann", 2]);
const [A, B, C] = ABC as [ObservedMessage, ObservedMessage, ObservedMessage];

Deno.test("numberedText() and numberIn() distinguish a whole message from a torn one", () => {
  for (const number of [1, 2, 99, 12_345]) {
    const text = numberedText("ann", number);
    assertStrictEquals(numberIn({ from: "ann", text }), number);
    assertStrictEquals(numberIn({ from: "bob", text }), undefined);
    assertStrictEquals(numberIn({ from: "ann", text: text.slice(0, -1) }), undefined);
    assertStrictEquals(numberIn({ from: "ann", text: text.replace("says", "said") }), undefined);
  }
});

Deno.test("TortureLedger.findings() of a run in which all went well", () => {
  const found = kinds(ABC, (ledger) => {
    ledger.acked("ann", 1, 1);
    ledger.acked("ann", 2, 3);
    ledger.reader("eve", 0).shown.push(...ABC);
    ledger.reader("late", 2).shown.push(C);
    ledger.reader("killed", 0).owedUpTo = 0;
    const gapped = ledger.reader("gapped", 0);
    gapped.gaps.push({ from: 1, to: 2 });
    gapped.shown.push(C);
  });
  assertEquals(found, []);
});

Deno.test("TortureLedger.findings() distinguishes every kind of loss", () => {
  const shown = (...messages: ObservedMessage[]) => (ledger: TortureLedger) =>
    void ledger.reader("eve", 0).shown.push(...messages);
  const cases: [string[], readonly ObservedMessage[], (ledger: TortureLedger) => void][] = [
    [["lost"], ABC, (ledger) => ledger.acked("bob", 2, 4)],
    [["misnumbered"], ABC, (ledger) => ledger.acked("ann", 2, 2)],
    [["stored_twice"], history(["ann", 1], ["ann", 1]), () => {}],
    [["reordered"], history(["ann", 2], ["ann", 1]), () => {}],
    [["torn"], [{ ...A, text: `${A.text}x` }], () => {}],
    [["not_shown"], ABC, shown(A, C)],
    [["shown_twice"], ABC, shown(A, B, B, C)],
    [["reordered"], ABC, shown(B, A, C)],
    [["torn"], ABC, shown(A, { ...B, text: B.text.slice(1) }, C)],
    [["unsaid"], ABC, shown(A, B, C, { ...C, seq: 4 })],
  ];
  for (const [expected, stored, keep] of cases) assertEquals(kinds(stored, keep), expected);
});

Deno.test("describeViolation() names some cases and counts the rest", () => {
  const text = describeViolation({ kind: "lost", cases: ["1", "2", "3", "4", "5", "6", "7"] });
  assertMatch(text, /^7 acknowledged, and not in the history:\n {4}1\n/);
  assertMatch(text, /\n {4}5\n {4}and 2 more$/);
});

Deno.test("faultPlan() kills as often as asked, and the same way for one seed", () => {
  const plan = faultPlan(20, seededRandom(7));
  assertStrictEquals(plan.filter(({ fault }) => fault.kind === "kill").length, 20);
  assertEquals(faultPlan(20, seededRandom(7)), plan);
  assertNotEquals(faultPlan(20, seededRandom(8)), plan);
  const kinds = new Set(plan.map(({ fault }) => fault.kind));
  assert(kinds.size >= 6, [...kinds].join());
});
