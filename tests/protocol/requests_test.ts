// withRef(), the helper of the request types.

import assert from "node:assert/strict";
import { withRef } from "../../protocol/requests.ts";

Deno.test("withRef() is the field, or nothing: an absent ref must not become undefined", () => {
  assert.deepEqual(withRef("a"), { ref: "a" });
  assert.deepEqual(withRef(0), { ref: 0 });
  assert.deepEqual(withRef(""), { ref: "" });
  assert.deepEqual(Object.keys(withRef(undefined)), []);
});
