import assert from "node:assert/strict";
import { durationValue } from "../../cli/duration_value.ts";

const HOUR_MS = 3_600_000;
const AGE = durationValue({ least: HOUR_MS, forever: true });

/** The parsed value, or the error message. */
function read(parser: typeof AGE, input: string): unknown {
  const parsed = parser.parse(input);
  if (parsed.success) return parsed.value;
  return parsed.error.map((term) => term.type === "text" ? term.text : "").join("");
}

Deno.test("durationValue() takes durations within its rules, and forever where that is allowed", () => {
  const ages = ["12h", "1d", "36h30m", "4w", "forever"].map((input) => read(AGE, input));
  assert.deepEqual(ages, [12, 24, 36.5, 672, Infinity].map((hours) => hours * HOUR_MS));
  assert.equal(read(durationValue({ bareSeconds: true }), "0.5"), 500);
});

Deno.test("durationValue() says what to write instead", () => {
  assert.equal(read(AGE, "10m"), 'Not a duration: "10m", choose 1h or more, or forever.');
  assert.equal(
    read(AGE, "30"),
    'Not a duration: "30", add its unit, as in 90s, 10m or 1h30m, or forever.',
  );
  assert.equal(
    read(durationValue({}), "forever"),
    'Not a duration: "forever", expected one such as 90s, 10m, 1h30m, 2d or 4w.',
  );
});

Deno.test("durationValue() writes a default as it is typed", () => {
  assert.equal(AGE.format(36 * HOUR_MS), "1d12h");
  assert.equal(AGE.format(Infinity), "forever");
});
