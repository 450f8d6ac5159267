import { assert, assertStrictEquals } from "@std/assert";
import { median } from "../../benchmarks/median.ts";

Deno.test("median() is the middle value, or between the two in the middle, in any order", () => {
  assertStrictEquals(median([3]), 3);
  assertStrictEquals(median([10, 9, 100]), 10);
  assertStrictEquals(median([4, 1, 3, 2]), 2.5);
  assert(Number.isNaN(median([])));
});
