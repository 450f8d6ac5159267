import { assertStrictEquals } from "@std/assert";
import { nextNumberedName } from "../../client/other_names.ts";

Deno.test("nextNumberedName() counts from 2 to 99, within the length of a name", () => {
  assertStrictEquals(nextNumberedName("bob"), "bob_2");
  assertStrictEquals(nextNumberedName("bob_2"), "bob_3");
  assertStrictEquals(nextNumberedName("bob_98"), "bob_99");
  assertStrictEquals(nextNumberedName("bob_99"), undefined);
  assertStrictEquals(nextNumberedName("é".repeat(32)), "é".repeat(30) + "_2");
  assertStrictEquals(nextNumberedName("_2"), "_2_2");
});
