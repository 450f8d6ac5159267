import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import fc from "./fast_check.ts";

/** The cases that a property is tried on. */
function cases(): number[] {
  const tried: number[] = [];
  fc.assert(fc.property(fc.integer(), (value) => void tried.push(value)));
  return tried;
}

Deno.test("Every property is tried on the same cases each time", () => {
  const first = cases();
  assert(new Set(first).size > 50);
  assertEquals(cases(), first);
});

Deno.test("A property that fails prints how to reproduce it", () => {
  assertMatch(
    String(assertThrows(() => fc.assert(fc.property(fc.integer(), (value) => value < 1_000)))),
    /\{ seed: \d+, path: "[\d:]+", endOnFailure: true \}[^]*Counterexample: \[1000\]/,
  );
});
