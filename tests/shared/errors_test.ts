import { assertMatch, assertStrictEquals } from "@std/assert";
import { errorText, systemErrorText } from "../../shared/errors.ts";

Deno.test("errorText() is the message of an error, and any other value as text", () => {
  assertStrictEquals(errorText(new TypeError("no such row")), "no such row");
  assertStrictEquals(errorText("broken"), "broken");
  assertStrictEquals(errorText(undefined), "undefined");
});

Deno.test("systemErrorText() leaves out what the runtime appends", () => {
  const path = new URL("no-such-file", import.meta.url).pathname;
  let caught: unknown;
  try {
    Deno.readTextFileSync(path);
  } catch (error) {
    caught = error;
  }
  assertMatch(errorText(caught), /\(os error \d+\)/);
  assertStrictEquals(systemErrorText(caught), errorText(caught).split(" (os error")[0]);
  assertStrictEquals(systemErrorText(new Error("Not a file")), "Not a file");
});
