import { assertStrictEquals } from "@std/assert";
import { CONFUSABLES_FILE, confusablesSource } from "../../tools/confusables_table.ts";

Deno.test("The table of look-alikes is what tools/confusables_table.ts makes (A14)", async () => {
  assertStrictEquals(await Deno.readTextFile(CONFUSABLES_FILE), confusablesSource());
});
