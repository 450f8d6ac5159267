import { assertEquals, assertStrictEquals } from "@std/assert";
import { LineHistory, MAX_HISTORY_LINES } from "../../terminal/line_history.ts";

/** All lines from the newest to the oldest. */
function walk(history: LineHistory): string[] {
  const seen: string[] = [];
  for (let line = history.older(""); line !== undefined; line = history.older(line)) {
    seen.push(line);
  }
  return seen;
}

Deno.test("History.add() remembers no empty line and no line twice in a row", () => {
  const history = new LineHistory();
  for (const line of ["a", "a", "", "b", "a", ""]) history.add(line);
  assertEquals(walk(history), ["a", "b", "a"]);
});

Deno.test("History.add() forgets the oldest line beyond the cap", () => {
  const history = new LineHistory();
  for (let i = 0; i <= MAX_HISTORY_LINES; i += 1) history.add(`line ${i}`);
  const seen = walk(history);
  assertStrictEquals(seen.length, MAX_HISTORY_LINES);
  assertStrictEquals(seen.at(-1), "line 1");
});

Deno.test("History.newer() ends with the draft", () => {
  const history = new LineHistory();
  assertStrictEquals(history.newer(), undefined);
  history.add("a");
  assertStrictEquals(history.older("draft"), "a");
  assertStrictEquals(history.older("a"), undefined);
  assertStrictEquals(history.newer(), "draft");
  assertStrictEquals(history.newer(), undefined);
});
