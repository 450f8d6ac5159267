// The texts of refusals: what they quote, and why a connection ended.

import { EN } from "../../texts/en.ts";
import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { failure, quoted } from "../../protocol/failures.ts";
import { refusalEvent } from "../../protocol/refusal_event.ts";

Deno.test("quoted() makes a peer's text short and safe", () => {
  assertStrictEquals(quoted("bob"), '"bob"');
  assertStrictEquals(quoted(""), '""');
  assertStrictEquals(quoted("a\x1b[2J\nb"), '"a\\x1b[2J\\x0ab"');
  assertStrictEquals(quoted("x".repeat(40)), `"${"x".repeat(40)}"`);
  assertStrictEquals(quoted("x".repeat(41)), `"${"x".repeat(40)}..."`);
  assertStrictEquals(quoted("👍".repeat(41)), `"${"👍".repeat(40)}..."`);
});

Deno.test("failure() is its code and its text", () => {
  const made = failure("muted", () => "Not sent");
  const event = { type: "error", code: "muted", message: "Not sent" };
  assertEquals(refusalEvent(made, EN), event);
  assertEquals<unknown>(refusalEvent(made, EN, 7), { ...event, ref: 7 });
});

Deno.test("EN.closeReasons has a text for each reason, to use inside a line", () => {
  for (const words of Object.values(EN.closeReasons)) assertMatch(words, /^[a-z].*[^.\s]$/);
});
