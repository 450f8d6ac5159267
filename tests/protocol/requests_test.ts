// withRef(), the helper of the request types.

import { assertEquals } from "@std/assert";
import { withRef } from "../../protocol/requests.ts";

Deno.test("withRef() is the field, or nothing: an absent ref must not become undefined", () => {
  assertEquals(withRef("a"), { ref: "a" });
  assertEquals(withRef(0), { ref: 0 });
  assertEquals(withRef(""), { ref: "" });
  assertEquals(Object.keys(withRef(undefined)), []);
});
