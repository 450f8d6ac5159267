import assert from "node:assert/strict";
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
  assert.deepEqual(walk(history), ["a", "b", "a"]);
});

Deno.test("History.add() forgets the oldest line beyond the cap", () => {
  const history = new LineHistory();
  for (let i = 0; i <= MAX_HISTORY_LINES; i += 1) history.add(`line ${i}`);
  const seen = walk(history);
  assert.equal(seen.length, MAX_HISTORY_LINES);
  assert.equal(seen.at(-1), "line 1");
});

Deno.test("History.newer() ends with the draft", () => {
  const history = new LineHistory();
  assert.equal(history.newer(), undefined);
  history.add("a");
  assert.equal(history.older("draft"), "a");
  assert.equal(history.older("a"), undefined);
  assert.equal(history.newer(), "draft");
  assert.equal(history.newer(), undefined);
});
