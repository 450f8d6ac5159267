import assert from "node:assert/strict";
import { errorText, systemErrorText } from "../../shared/errors.ts";

Deno.test("errorText() is the message of an error, and any other value as text", () => {
  assert.equal(errorText(new TypeError("no such row")), "no such row");
  assert.equal(errorText("broken"), "broken");
  assert.equal(errorText(undefined), "undefined");
});

Deno.test("systemErrorText() leaves out what the runtime appends", () => {
  const path = new URL("no-such-file", import.meta.url).pathname;
  assert.throws(() => Deno.readTextFileSync(path), (error) => {
    assert.match(errorText(error), /\(os error \d+\)/);
    assert.equal(systemErrorText(error), errorText(error).split(" (os error")[0]);
    return true;
  });
  assert.equal(systemErrorText(new Error("Not a file")), "Not a file");
});
