// The words of refusals: what is quoted in them, and why a connection ended.

import assert from "node:assert/strict";
import { CLOSE_REASONS, failure, quoted } from "../../protocol/failures.ts";

Deno.test("quoted() makes a peer's words short and safe", () => {
  assert.equal(quoted("bob"), '"bob"');
  assert.equal(quoted(""), '""');
  assert.equal(quoted("a\x1b[2J\nb"), '"a\\x1b[2J\\x0ab"');
  assert.equal(quoted("x".repeat(40)), `"${"x".repeat(40)}"`);
  assert.equal(quoted("x".repeat(41)), `"${"x".repeat(40)}..."`);
  assert.equal(quoted("👍".repeat(41)), `"${"👍".repeat(40)}..."`);
});

Deno.test("failure() is its code and its words", () => {
  assert.deepEqual(failure("muted", "Not sent"), { code: "muted", message: "Not sent" });
});

Deno.test("CLOSE_REASONS has words for each reason, to stand in a sentence", () => {
  for (const words of Object.values(CLOSE_REASONS)) assert.match(words, /^[a-z].*[^.\s]$/);
});
