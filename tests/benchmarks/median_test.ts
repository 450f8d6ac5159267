import assert from "node:assert/strict";
import { median } from "../../benchmarks/median.ts";

Deno.test("median() is the middle value, or between the two in the middle, in any order", () => {
  assert.equal(median([3]), 3);
  assert.equal(median([10, 9, 100]), 10);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.ok(Number.isNaN(median([])));
});
